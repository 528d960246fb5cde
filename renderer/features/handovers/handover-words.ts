import type { HandoverRow } from '../../../shared/contract/sync-models.ts';
import { exactDate, exactInstant, storedInWords } from '../../lib/dates.ts';
import { refusalWords } from '../../lib/sync-words.ts';

/** When it was written by the author's own clock: "Mon 23 Nov 2026, 18:20 (UTC+09:00)". */
export function writtenWords(written: string): string {
	const [, day, time, offset] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*([+-]\d\d:\d\d)$/.exec(written) ?? [];
	if (!day) return storedInWords(written);
	return `${exactDate(day)}, ${time} (UTC${offset})`;
}

/** What became of it: for the author where it went, for the others whether it stands. */
export function whereWords(row: HandoverRow): string {
	if (row.kind === 'APPLIED')
		return row.mine
			? 'It stands in the records. The new owner and the manager have it in their trays.'
			: 'It stands in the records. Look whether it still holds, then take it over.';
	return row.mine
		? 'It is held back whole and stands in no record. The new owner and the manager can read it and enter what still holds.'
		: 'It is held back whole and stands in no record. Enter what still holds, then take it over.';
}

/** A hand-over as text. */
export function handoverText(row: HandoverRow): string {
	const lines = row.changes.map(({ title, label, value, reason }) => {
		const why = reason ? ` (${refusalWords(reason)})` : '';
		return `- ${title}: ${label} ${value === null ? 'emptied' : storedInWords(value)}${why}`;
	});
	const written = row.written_at ? `Written ${writtenWords(row.written_at)}, received` : 'Received';
	return [
		`${row.from_name}, ${row.account_name ?? 'account not shown'}: ${row.summary}`,
		`${written} ${exactInstant(row.received_at)}. ${whereWords(row)}`,
		...lines,
	].join('\n');
}
