import type { HandedRecord, HandoverRow } from '../../../shared/contract/sync-models.ts';
import { exactDate, exactInstant, storedInWords } from '../../lib/dates.ts';
import { counted } from '../../lib/numbers.ts';

/** When it was written by the author's own clock: "Mon 23 Nov 2026, 18:20 (UTC+09:00)". */
export function writtenWords(written: string): string {
	const [, day, time, offset] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*([+-]\d\d:\d\d)$/.exec(written) ?? [];
	if (!day) return storedInWords(written);
	return `${exactDate(day)}, ${time} (UTC${offset})`;
}

/** "Jonas Keller wrote on Halden Pharma AG"; its author reads that the account is theirs no more. */
export function titleWords({ mine, from_name, account_name }: HandoverRow): string {
	const account =
		account_name ?? (mine ? 'an account that a colleague has now' : 'an account that is not on this computer');
	return mine ? `You wrote on ${account}` : `${from_name} wrote on ${account}`;
}

/** "1 new note, 2 records changed, 1 task deleted": what is in it, before it is read. */
export function contentWords({ records }: HandoverRow): string {
	const ways: [HandedRecord['done'], string][] = [
		['new', 'new'],
		['changed', 'changed'],
		['deleted', 'deleted'],
		['back', 'brought back'],
	];
	return ways
		.flatMap(([done, word]) => {
			const own = records.filter((record) => record.done === done).length;
			return own > 0 ? [`${counted(own, 'record')} ${word}`] : [];
		})
		.join(', ');
}

/** "Issue changed", "New note", "Task deleted". */
export function doneWords({ kind, done }: HandedRecord): string {
	switch (done) {
		case 'new':
			return `New ${kind.toLowerCase()}`;
		case 'changed':
			return `${kind} changed`;
		case 'deleted':
			return `${kind} deleted`;
		case 'back':
			return `${kind} brought back`;
	}
}

/** Why it was held back, told of its author; null when nothing is to be explained. */
export function reasonWords({ reasons, mine, from_name }: HandoverRow): string | null {
	const who = mine ? 'you' : from_name;
	if (reasons.includes('read_only')) return `${mine ? 'You' : from_name} may read these records and not change them.`;
	if (reasons.includes('no_access')) return `The account was not with ${who} when it was written.`;
	return null;
}

/** What became of it, and what can be done: for the author where it went, for the others whether it stands. */
export function whereWords(row: HandoverRow): string {
	if (row.kind === 'APPLIED')
		return row.mine
			? 'It stands in the records. Whoever has the account now, and the manager, can read it here and take it over; you need do nothing.'
			: 'It stands in the records already. Look whether it still holds, change what does not, then take it over: it leaves this list for everybody.';
	return row.mine
		? 'It is kept whole and stands in no record. Whoever has the account now, and the manager, can read it and enter what still holds; you need do nothing.'
		: 'It is kept whole and stands in no record. Enter what still holds, then take it over: it leaves this list for everybody, and stays with the office.';
}

/** A hand-over as text. */
export function handoverText(row: HandoverRow): string {
	const written = row.written_at ? `Written ${writtenWords(row.written_at)}, received` : 'Received';
	const why = reasonWords(row);
	return [
		`${titleWords(row)}: ${contentWords(row)}`,
		`${written} ${exactInstant(row.received_at)}. ${why ? `${why} ` : ''}${whereWords(row)}`,
		...row.records.flatMap((record) => [
			`- ${doneWords(record)}${record.title ? `: ${record.title}` : ''}`,
			...record.fields.map((field) => `  ${fieldWords(field)}`),
		]),
	].join('\n');
}

/** "Status: Waiting for client". */
export function fieldWords({ label, value }: HandedRecord['fields'][number]): string {
	return `${label}: ${value === null ? 'emptied' : storedInWords(value)}`;
}
