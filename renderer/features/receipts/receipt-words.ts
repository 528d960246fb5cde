import type { ReceiptKind, ReceiptLine, ReceiptPage, ReceiptRow } from '../../../shared/contract/sync-models.ts';
import { clockTime, exactInstant, storedInWords } from '../../lib/dates.ts';
import { count, fileSize } from '../../lib/numbers.ts';
import { problemWords } from '../../lib/sync-words.ts';

/** The parts of a receipt in the order a person reads them: first what asks for something. */
export const receiptParts: readonly { kind: ReceiptKind; title: string; note?: string }[] = [
	{
		kind: 'decide',
		title: 'To decide',
		note: 'Two people changed the same field. Both texts are kept until one is chosen.',
	},
	{ kind: 'refused', title: 'Refused', note: 'Kept on this computer until it is mended or set aside.' },
	{ kind: 'late', title: 'Sent after the account had gone to somebody else', note: 'The new owner is told.' },
	{ kind: 'kept', title: 'Kept', note: 'Deleted here and changed by somebody else meanwhile: the record stays.' },
	{ kind: 'merged', title: 'Merged without asking' },
	{ kind: 'checked', title: 'Compared with the office', note: 'Nothing that was typed here and not sent is touched.' },
	{ kind: 'scope', title: 'Accounts that came or went' },
	{ kind: 'sent', title: 'Sent' },
	{ kind: 'received', title: 'Received' },
	{ kind: 'file', title: 'Files' },
];

/** "sent 12, received 40, 1 to decide, merged 1"; "nothing sent or received" for an empty round. */
export function figuresOf(row: ReceiptRow): string {
	const parts = [
		row.sent > 0 ? `sent ${count(row.sent)}` : null,
		row.received > 0 ? `received ${count(row.received)}` : null,
		row.toDecide > 0 ? `${count(row.toDecide)} to decide` : null,
		row.refused > 0 ? `${count(row.refused)} refused` : null,
		// Last, because what merged is named behind it.
		row.merged > 0 ? `merged ${count(row.merged)}` : null,
	].filter((part) => part !== null);
	return parts.length > 0 ? parts.join(', ') : 'nothing sent or received';
}

export function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "Sent 12, received 40, merged 1: I-503 (priority yours, due date Ben Roth's)". */
export function newsOf(row: ReceiptRow): string {
	const figures = capital(figuresOf(row));
	const moved = partsOf(row).filter((part) => /^(\d+ )?(sent|received): /.test(part));
	if (moved.length > 0) return capital(partsOf(row).join('; '));
	const merged = partsOf(row).find((part) => part.startsWith(mergedWord));
	const news = merged ? `${figures}: ${merged.slice(mergedWord.length)}` : figures;
	return [news, ...staysOrLate(row)].join('; ');
}

/** What the summary says of deletions that did not hold, and of work that came after its account had gone. */
export function staysOrLate(row: ReceiptRow): string[] {
	return partsOf(row).filter((part) => /^(\d+ )?(kept after all|sent late)\b/.test(part));
}

const mergedWord = 'merged: ';

function partsOf(row: ReceiptRow): string[] {
	return row.summary.split('; ').filter((part) => part !== '');
}

/** The one line of a receipt beside its figures: what is told in words, or the figures when there is nothing more to tell. */
export function tellingOf(row: ReceiptRow): string {
	const told = partsOf(row).filter((part) => !/^[\d,]+ (sent|received)$/.test(part));
	return capital(told.length > 0 ? told.join('; ') : figuresOf(row));
}

/** How long it took and what went over the line: "09:01 to 09:02 · 54 kB up, 67 kB down". */
export function courseOf(row: ReceiptRow): string {
	const from = clockTime(row.startedAt);
	const to = clockTime(row.finishedAt);
	const time = from === to ? from : `${from} to ${to}`;
	return `${time} · ${fileSize(row.bytesUp)} up, ${fileSize(row.bytesDown)} down`;
}

/** Why the round ended before it was through; null when it went through. */
export function endWords(row: ReceiptRow): string | null {
	const problem = problemWords(row.problem);
	return problem
		? `It ended early: ${problem} What is listed here holds; the rest follows with the next contact.`
		: null;
}

function lineText(line: ReceiptLine): string {
	const about = line.accountName && line.accountName !== line.title ? `${line.title}, ${line.accountName}` : line.title;
	const by = line.byName && !line.detail.includes(line.byName) ? ` (${line.byName})` : '';
	return `- ${about}${line.detail ? `: ${storedInWords(line.detail)}` : ''}${by}`;
}

/** The whole receipt as text. */
export function receiptText({ receipt, lines, more }: ReceiptPage): string {
	const parts = receiptParts.flatMap(({ kind, title }) => {
		const own = lines.filter((line) => line.kind === kind);
		const rest = more[kind] ?? 0;
		if (own.length === 0 && rest === 0) return [];
		return ['', title, ...own.map(lineText), ...(rest > 0 ? [`- and ${count(rest)} more`] : [])];
	});
	const end = endWords(receipt);
	const head = [
		`Sync receipt, ${exactInstant(receipt.finishedAt)}`,
		`${capital(figuresOf(receipt))}. ${courseOf(receipt)}`,
	];
	return [...head, ...(end ? [end] : []), ...parts].join('\n');
}
