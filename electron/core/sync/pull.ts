import { applyRemoteRow, applyRemoteText } from '../../../db/apply-remote.ts';
import type { Unit } from '../../../db/unit.ts';
import { type PullEnd, type PullLine, pullLine } from '../../../shared/sync/protocol.ts';
import { TransportError } from './transport.ts';

export interface Page {
	lines: PullLine[];
	end: PullEnd;
}

/** Reads a pull's reply. A page whose last line is missing was cut on the way and is thrown away whole. */
export function parsePage(text: string): Page {
	const lines: PullLine[] = [];
	let end: PullEnd | undefined;
	for (const line of text.split('\n')) {
		if (line === '') continue;
		if (end) throw new TransportError('bad_reply', 'The page goes on after its end.');
		const parsed = parseLine(line);
		if ('end' in parsed) end = parsed;
		else lines.push(parsed);
	}
	if (!end || end.n !== lines.length) throw new TransportError('bad_reply', 'The reply was cut short.');
	return { lines, end };
}

function parseLine(line: string): PullLine {
	let json: unknown;
	try {
		json = JSON.parse(line);
	} catch {
		throw new TransportError('bad_reply', 'The reply was cut short.');
	}
	const parsed = pullLine.safeParse(json);
	if (!parsed.success) throw new TransportError('bad_reply', 'The server sent a line this version cannot read.');
	return parsed.data;
}

/** Applies a page's records and texts. The caller writes the cursor in the same transaction. */
export function applyPage(unit: Unit, page: Page): void {
	for (const line of page.lines) {
		if ('y' in line) applyRemoteText(unit, line);
		else if ('v' in line) applyRemoteRow(unit, line);
	}
}
