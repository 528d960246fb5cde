import { type PullEnd, type PullLine, type PullMark, pullLine } from '../../../../shared/sync/protocol.ts';
import { TransportError } from '../reaching/transport.ts';

export type DataLine = Exclude<PullLine, PullEnd | PullMark>;

/** Some lines of a page. */
export interface PagePart {
	lines: readonly DataLine[];
}

export interface Page {
	lines: PageLines;
	/** Those of its lines that say that something is deleted or goes away. */
	taking: DataLine[];
	end: Pick<PullEnd, 'cursor' | 'more'>;
	/** Why the page ends before its end; what stands in it is good. */
	cut?: TransportError;
}

/** The lines of a page as they came, read when they are applied: thousands of records lying about read would fill the memory. */
export class PageLines implements Iterable<DataLine> {
	readonly #texts: readonly string[];

	constructor(texts: readonly string[]) {
		this.#texts = texts;
	}

	get length(): number {
		return this.#texts.length;
	}

	/** Reads the lines from one place up to another. Throws TransportError when one is none of ours. */
	slice(from: number, to: number): DataLine[] {
		return this.#texts.slice(from, to).map(parseDataLine);
	}

	/** The commit that a line is of; undefined behind the last. */
	seqAt(place: number): number | undefined {
		const text = this.#texts[place];
		if (text === undefined) return undefined;
		const first = /^\{"seq":(\d+),/.exec(text);
		return first ? Number(first[1]) : parseDataLine(text).seq;
	}

	*[Symbol.iterator](): Generator<DataLine> {
		for (const text of this.#texts) yield parseDataLine(text);
	}
}

/** Reads a pull's reply. A page whose last line is missing was cut on the way and is thrown away whole. */
export function parsePage(text: string): Page {
	const reader = new PageReader();
	reader.add(text);
	return reader.finish();
}

/** How the line of a record ends that is not deleted. */
const LIVE = '"del":null}';

/**
 * Takes a page in while it arrives, in pieces of any size. On the way the server says how far one has come (`mark`): when
 * the page is cut, what stands before the last mark is good and need not travel again; what follows it is thrown away.
 */
export class PageReader {
	readonly #texts: string[] = [];
	/** Lines that take something away, and their places. */
	readonly #taking: { line: DataLine; place: number }[] = [];
	#rest = '';
	#end: PullEnd | undefined;
	#mark: PullMark | undefined;

	/** Throws TransportError when a line that is looked at is none of ours. */
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
		if (this.#end?.n !== this.#texts.length) throw new TransportError('bad_reply', 'The reply was cut short.');
		return this.#page(this.#texts.length, this.#end);
	}

	/** What a cut page has brought for sure; undefined when that is nothing. */
	salvage(): Page | undefined {
		return this.#mark && this.#page(this.#mark.n, { cursor: this.#mark.mark, more: true });
	}

	#page(length: number, end: Page['end']): Page {
		const taking = this.#taking.filter(({ place }) => place < length).map(({ line }) => line);
		return { lines: new PageLines(this.#texts.slice(0, length)), taking, end };
	}

	#take(text: string): void {
		if (this.#end) throw new TransportError('bad_reply', 'The page goes on after its end.');
		// The server begins these two with their names.
		if (text.startsWith('{"end"') || text.startsWith('{"mark"')) this.#note(parseLine(text));
		else {
			if (!isSurelyLive(text)) this.#look(text);
			this.#texts.push(text);
		}
	}

	#note(line: PullLine): void {
		if ('end' in line) this.#end = line;
		else if ('mark' in line && line.n === this.#texts.length) this.#mark = line;
		else throw new TransportError('bad_reply', 'A line is missing from the page.');
	}

	/** A line cut short is not yet known as one; the end that is missing behind it tells. */
	#look(text: string): void {
		if (!text.endsWith('}')) return;
		const line = parseDataLine(text);
		if (isTaking(line) || ('v' in line && line.del !== null)) this.#taking.push({ line, place: this.#texts.length });
	}
}

/** True only for the state of a record that is not deleted. A newer server may say more in any line, also of one that goes. */
function isSurelyLive(text: string): boolean {
	return text.endsWith(LIVE) && !text.includes('"gone":') && !text.includes('"scope":');
}

/** True for a line that takes something off this laptop as soon as it is applied, also while pulling from the start. */
export function isTaking(line: DataLine): boolean {
	return 'gone' in line || ('scope' in line && line.scope === 'leave');
}

function parseDataLine(text: string): DataLine {
	const line = parseLine(text);
	if ('end' in line || 'mark' in line) throw new TransportError('bad_reply', 'The page is not in its order.');
	return line;
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
