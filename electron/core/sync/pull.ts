import { type PullEnd, type PullLine, type PullMark, pullLine } from '../../../shared/sync/protocol.ts';
import { TransportError } from './transport.ts';

export type DataLine = Exclude<PullLine, PullEnd | PullMark>;

export interface Page {
	lines: DataLine[];
	end: Pick<PullEnd, 'cursor' | 'more'>;
	/** Why the page ends before its end; what stands in it is good. */
	cut?: TransportError;
}

/** Reads a pull's reply. A page whose last line is missing was cut on the way and is thrown away whole. */
export function parsePage(text: string): Page {
	const reader = new PageReader();
	reader.add(text);
	return reader.finish();
}

/**
 * Reads a page while it arrives, in pieces of any size. On the way the server says how far one has come (`mark`): when
 * the page is cut, what stands before the last mark is good and need not travel again; what follows it is thrown away.
 */
export class PageReader {
	readonly #lines: DataLine[] = [];
	#rest = '';
	#end: PullEnd | undefined;
	#mark: PullMark | undefined;

	/** Throws TransportError when a line is none of ours. */
	add(text: string): void {
		const all = this.#rest === '' ? text : this.#rest + text;
		let from = 0;
		for (let to = all.indexOf('\n'); to !== -1; to = all.indexOf('\n', from)) {
			if (to > from) this.#take(all.slice(from, to));
			from = to + 1;
		}
		this.#rest = from === all.length ? '' : all.slice(from);
	}

	/** The whole page. Throws TransportError when it was cut. */
	finish(): Page {
		if (this.#rest !== '') this.#take(this.#rest);
		this.#rest = '';
		if (this.#end?.n !== this.#lines.length) throw new TransportError('bad_reply', 'The reply was cut short.');
		return { lines: this.#lines, end: this.#end };
	}

	/** What a cut page has brought for sure; undefined when that is nothing. */
	salvage(): Page | undefined {
		if (!this.#mark) return undefined;
		return { lines: this.#lines.slice(0, this.#mark.n), end: { cursor: this.#mark.mark, more: true } };
	}

	#take(text: string): void {
		if (this.#end) throw new TransportError('bad_reply', 'The page goes on after its end.');
		const line = parseLine(text);
		if ('end' in line) this.#end = line;
		else if (!('mark' in line)) this.#lines.push(line);
		else if (line.n === this.#lines.length) this.#mark = line;
		else throw new TransportError('bad_reply', 'A line is missing from the page.');
	}
}

/** Reads one line. Throws TransportError for one that has none of the agreed forms. */
export function parseLine(text: string): PullLine {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		throw new TransportError('bad_reply', 'The reply was cut short.');
	}
	if (isPlainRow(json)) return json;
	const parsed = pullLine.safeParse(json);
	if (!parsed.success) throw new TransportError('bad_reply', 'The server sent a line this version cannot read.');
	return parsed.data;
}

/**
 * True for the state of a record as nearly all lines are, which the schema would take as it is. The schema has the last
 * word on every other line; asking it of each of fifty thousand would take longer than to store them.
 */
function isPlainRow(json: unknown): json is Extract<PullLine, { v: object }> {
	if (typeof json !== 'object' || json === null) return false;
	const line = json as Record<string, unknown>;
	return (
		Number.isSafeInteger(line.seq) &&
		isName(line.t) &&
		isName(line.id) &&
		typeof line.fv === 'string' &&
		typeof line.created_at === 'string' &&
		(line.by === null || typeof line.by === 'string') &&
		(line.del === null || typeof line.del === 'string') &&
		isPlainRecord(line.v) &&
		// These eight keys and no other: a line with one more may be of another form.
		Object.keys(line).length === 8
	);
}

function isName(value: unknown): value is string {
	return typeof value === 'string' && value.length >= 1 && value.length <= 64;
}

/** A record of single values. Whatever lies deeper is for the schema to look at. */
function isPlainRecord(value: unknown): boolean {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
	const record = value as Record<string, unknown>;
	for (const key in record) {
		const item = record[key];
		if (typeof item === 'number' ? !Number.isFinite(item) : typeof item === 'object' && item !== null) return false;
		if (key === '__proto__') return false;
	}
	return true;
}
