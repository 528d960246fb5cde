import { useSyncExternalStore } from 'react';
import type { ExportResult } from '../../../shared/contract/backup-models.ts';
import { call } from '../../lib/core.ts';
import { dayOf } from '../../lib/dates.ts';
import { errorLine } from '../../lib/error-words.ts';
import { count, counted, fileSize } from '../../lib/numbers.ts';
import { showToast } from '../../lib/toasts.ts';

export interface ExportWish {
	/** Null: everything. */
	account: { id: string; name: string } | null;
	files: boolean;
}

/** The export under way, and the last one that was finished: leaving the page ends neither. */
export interface ExportState {
	progressId: string | null;
	last: ExportResult | null;
}

let state: ExportState = { progressId: null, last: null };
const listeners = new Set<() => void>();

function set(next: ExportState): void {
	state = next;
	for (const listener of listeners) listener();
}

/** Asks where, then writes everything there, or one account. */
export async function exportEverything({ account, files }: ExportWish): Promise<void> {
	if (state.progressId) return;
	const what = account?.name ?? 'everything';
	const target = await window.fieldbook.chooseFile(
		'export',
		`Fieldbook ${what} ${dayOf(new Date().toISOString())}.zip`,
	);
	if (!target) return;
	const progressId = crypto.randomUUID();
	set({ progressId, last: null });
	const account_id = account?.id ?? null;
	const result = await call('export.everything', { target: target.token, account_id, files, progressId });
	set({ progressId: null, last: result.ok ? result.value : null });
	if (result.ok) showToast(`Exported to ${result.value.name}. It is not encrypted: keep it somewhere safe.`);
	else if (result.error.code === 'cancelled') showToast('Cancelled. Nothing was left behind.');
	else showToast(`${errorLine(result.error)} Nothing was exported.`, { tone: 'red' });
}

/** "1,240 records and 3 MB of files, 6.1 MB, in 4 s." and what is not in it. */
export function resultWords({ rows, files, filesElsewhere, unreadable, bytes, ms }: ExportResult): string {
	const parts = [
		`${counted(rows, 'record')}${files > 0 ? ` and ${fileSize(files)} of files` : ''}, ${fileSize(bytes)} in ${(ms / 1000).toFixed(1)} s.`,
		filesElsewhere > 0 ? `${counted(filesElsewhere, 'file')} at the office only and not included.` : null,
		unreadable.length > 0
			? `The workbook is damaged: not everything could be read of ${unreadable.join(', ').toLowerCase()}.`
			: null,
	];
	return parts.filter((part) => part !== null).join(' ');
}

/** "1,200 of 3,000 records". */
export function exportProgressWords(progress: { done: number; total: number | null } | null): string {
	if (!progress) return 'Starting';
	return `${count(progress.done)}${progress.total === null ? '' : ` of ${count(progress.total)}`} rows written`;
}

export function useExport(): ExportState {
	return useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => state,
	);
}
