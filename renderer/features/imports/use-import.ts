import { useState } from 'react';
import type { ChosenFile } from '../../../shared/contract/bridge.ts';
import type { CallError } from '../../../shared/contract/errors.ts';
import type { DateStyle, ImportPreview, ImportResult, ImportSettings } from '../../../shared/contract/models.ts';
import { call } from '../../lib/core.ts';
import { usePreview } from './use-preview.ts';

/** What a person settled about a file; the rest is guessed anew from it. */
export type Chosen = Partial<ImportSettings>;

/** How a file is cut into rows and columns. A change here makes other columns, so their mapping is guessed again. */
export type Layout = Pick<ImportSettings, 'encoding' | 'delimiter' | 'sheet' | 'headerRow'>;

export type ImportRun =
	| { at: 'rest' }
	| { at: 'importing'; progressId: string; cancelling: boolean }
	| { at: 'done'; result: ImportResult; fileName: string; file: ChosenFile }
	| { at: 'failed'; error: CallError };

function withLayout(chosen: Chosen, patch: Partial<Layout>): Chosen {
	const { mapping: _mapping, dateStyles: _dateStyles, ...layout } = chosen;
	// Another sheet or encoding has its header elsewhere.
	if (!('headerRow' in patch)) delete layout.headerRow;
	return { ...layout, ...patch };
}

function withTarget(chosen: Chosen, preview: ImportPreview, change: { index: number; target: string | null }): Chosen {
	const mapping = preview.settings.mapping.map((target, index) => {
		if (index === change.index) return change.target;
		// One field has one column: taking it for another frees the first.
		return target === change.target ? null : target;
	});
	return { ...chosen, mapping };
}

function withStyle(chosen: Chosen, preview: ImportPreview, change: { index: number; style: DateStyle }): Chosen {
	return { ...chosen, dateStyles: { ...preview.settings.dateStyles, [change.index]: change.style } };
}

/**
 * One import from the choice of a file to its result. Nothing is written before `start`; leaving the page does not stop
 * what has started, and its result stands in the list of imports.
 */
export function useImport(accountId: string) {
	const [file, setFile] = useState<ChosenFile | null>(null);
	const [chosen, setChosen] = useState<Chosen>({});
	const [run, setRun] = useState<ImportRun>({ at: 'rest' });
	const look = usePreview({ file, accountId, chosen });
	const { preview } = look;
	const open = (next: ChosenFile | null) => {
		if (!next) return;
		setFile(next);
		setChosen({});
		setRun({ at: 'rest' });
	};
	const start = async () => {
		if (!file || !preview || look.reading) return;
		const progressId = crypto.randomUUID();
		setRun({ at: 'importing', progressId, cancelling: false });
		const { settings } = preview;
		const result = await call('imports.commit', { file: file.token, account_id: accountId, settings, progressId });
		if (result.ok) setRun({ at: 'done', result: result.value, fileName: preview.fileName, file });
		else setRun({ at: 'failed', error: result.error });
	};
	const cancel = () => {
		if (run.at !== 'importing') return;
		setRun({ ...run, cancelling: true });
		void call('calls.cancel', { progressId: run.progressId });
	};
	const close = () => {
		setFile(null);
		setRun({ at: 'rest' });
	};
	return {
		file,
		run,
		...look,
		open,
		start: () => void start(),
		cancel,
		close,
		changeLayout: (patch: Partial<Layout>) => setChosen((now) => withLayout(now, patch)),
		changeTarget: (index: number, target: string | null) =>
			preview && setChosen((now) => withTarget(now, preview, { index, target })),
		changeStyle: (index: number, style: DateStyle) =>
			preview && setChosen((now) => withStyle(now, preview, { index, style })),
	};
}

export type ImportState = ReturnType<typeof useImport>;
