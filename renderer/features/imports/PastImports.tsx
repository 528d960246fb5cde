import { useState } from 'react';
import type { ImportRow } from '../../../shared/contract/models.ts';
import { importBatch } from '../../../shared/entities/import-batch.ts';
import { call, useAnswer } from '../../lib/core.ts';
import { exactInstant, shortInstant } from '../../lib/dates.ts';
import { errorLine } from '../../lib/error-words.ts';
import { useNow } from '../../lib/now.ts';
import { count, counted } from '../../lib/numbers.ts';
import { showToast } from '../../lib/toasts.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Section } from '../../ui/Section.tsx';
import { ShortTable } from '../../ui/ShortTable.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import { Working } from './RunPanels.tsx';

/** Takes an import back as one, showing how far it has come. */
export function useImportUndo() {
	const [undoing, setUndoing] = useState<{ batchId: string; progressId: string } | null>(null);
	const undo = async (batchId: string) => {
		const progressId = crypto.randomUUID();
		setUndoing({ batchId, progressId });
		const result = await call('imports.undo', { batchId, progressId });
		setUndoing(null);
		if (result.ok) showToast(`Import undone: ${counted(result.value.removed, 'record')} removed`);
		else showToast(errorLine(result.error), { tone: 'red' });
		return result.ok;
	};
	return { undoing, undo };
}

type ImportUndo = ReturnType<typeof useImportUndo>;

/** What was imported for this account before, newest first, each undone as one. */
export function PastImports({ accountId, undo }: { accountId: string; undo: ImportUndo }) {
	const answer = useAnswer('imports.list', { account_id: accountId });
	const columns: readonly Column<ImportRow>[] = [
		{ id: 'file', header: 'File', cell: (row) => <span className="strong">{row.file_name}</span> },
		{ id: 'when', header: 'When', width: 132, cell: (row) => <When at={row.started_at} /> },
		{ id: 'rows', header: 'Imported', width: 92, align: 'right', cell: (row) => count(row.rows_ok) },
		{ id: 'rejected', header: 'Rejected', width: 92, align: 'right', cell: (row) => count(row.rows_rejected) },
		{ id: 'status', header: 'Status', width: 96, cell: (row) => statusWord(row.status) },
		{
			id: 'undo',
			header: '',
			width: 84,
			align: 'right',
			cell: (row) =>
				row.undoable ? (
					<Button look="quiet" disabled={undo.undoing !== null} onClick={() => void undo.undo(row.id)}>
						Undo
					</Button>
				) : null,
		},
	];
	return (
		<Section title="Imports of this account">
			{undo.undoing ? <Working title="Undoing the import" progressId={undo.undoing.progressId} /> : null}
			<Answer of={answer} lines={2}>
				{(rows) =>
					rows.length > 0 ? (
						<ShortTable label="Imports of this account" columns={columns} rows={rows} />
					) : (
						<p className="muted">None yet.</p>
					)
				}
			</Answer>
		</Section>
	);
}

function statusWord(status: string): string {
	const words: Readonly<Record<string, string>> = importBatch.fields.status.values;
	return words[status] ?? status;
}

function When({ at }: { at: string }) {
	const now = useNow();
	return (
		<time dateTime={at} title={exactInstant(at)} className="figures">
			{shortInstant(at, now)}
		</time>
	);
}
