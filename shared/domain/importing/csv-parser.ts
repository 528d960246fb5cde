/** Longest quoted cell, in characters. A quotation mark with no partner within this distance is taken as a letter. */
export const MAX_QUOTED = 1_000_000;

export interface CsvParser {
	/** Parses what is complete so far. */
	push(text: string): string[][];
	/** Parses the rest. */
	end(): string[][];
	/** Record numbers (from 1) where a quotation mark was never closed and was read as an ordinary character. */
	readonly unclosed: readonly number[];
}

/**
 * A CSV parser fed piece by piece: RFC 4180 quotes, and line ends of any kind (LF, CRLF, CR) even mixed in one file.
 * Where the pieces are cut makes no difference to the rows. A blank line is a row with one empty cell.
 */
export function createCsvParser(delimiter: string): CsvParser {
	return new Parser(delimiter);
}

const INCOMPLETE = -1;

class Parser implements CsvParser {
	readonly unclosed: number[] = [];
	private readonly delimiter: string;
	private text = '';
	private pos = 0;
	private final = false;
	private records = 0;
	private row: string[] = [];
	/* Where the next of each sign is, at or after `pos`; found once and kept, so that no sign is searched for twice. */
	private cr = -1;
	private lf = -1;
	private quote = -1;
	private separator = -1;

	constructor(delimiter: string) {
		this.delimiter = delimiter;
	}

	push(text: string): string[][] {
		this.text = this.pos < this.text.length ? this.text.slice(this.pos) + text : text;
		this.pos = 0;
		this.cr = this.lf = this.quote = this.separator = -1;
		return this.rows();
	}

	end(): string[][] {
		this.final = true;
		return this.push('');
	}

	private rows(): string[][] {
		const rows: string[][] = [];
		while (this.pos < this.text.length) {
			const next = this.readRecord();
			if (next === INCOMPLETE) break;
			this.pos = next;
			this.records++;
			rows.push(this.row);
		}
		return rows;
	}

	/** Reads one record into `row`; answers where the next begins, or INCOMPLETE. */
	private readRecord(): number {
		const start = this.pos;
		const end = this.lineEnd(start);
		this.quote = this.find('"', this.quote, start);
		if (this.quote > end || (this.quote === end && end === this.text.length)) {
			if (end === this.text.length && !this.final) return INCOMPLETE;
			const next = this.afterLineEnd(end);
			if (next !== INCOMPLETE) this.row = this.cellsOf(this.text.slice(start, end));
			return next;
		}
		return this.readQuotedRecord(start);
	}

	private readQuotedRecord(start: number): number {
		const row: string[] = [];
		let at = start;
		for (;;) {
			let cell = '';
			if (this.text.charCodeAt(at) === 34) {
				const close = this.closingQuote(at);
				if (close === INCOMPLETE) return INCOMPLETE;
				if (close === this.text.length) this.noteUnclosed();
				else {
					cell = this.text.slice(at + 1, close);
					if (cell.includes('"')) cell = cell.replaceAll('""', '"');
					at = close + 1;
				}
			}
			const stop = this.cellEnd(at);
			if (stop === this.text.length && !this.final) return INCOMPLETE;
			row.push(stop === at ? cell : cell + this.text.slice(at, stop));
			if (stop === this.separator && stop < this.text.length) {
				at = stop + this.delimiter.length;
				continue;
			}
			this.row = row;
			return this.afterLineEnd(stop);
		}
	}

	private noteUnclosed(): void {
		const record = this.records + 1;
		if (this.unclosed.at(-1) !== record && this.unclosed.length < 1000) this.unclosed.push(record);
	}

	/** Index of the mark that closes the one at `open`; the text's length when there is none; INCOMPLETE when it may still come. */
	private closingQuote(open: number): number {
		const limit = open + MAX_QUOTED;
		let at = open + 1;
		for (;;) {
			const found = this.text.indexOf('"', at);
			if (found === -1 || found > limit) {
				const mayCome = found === -1 && !this.final && this.text.length <= limit;
				return mayCome ? INCOMPLETE : this.text.length;
			}
			if (found + 1 === this.text.length && !this.final) return INCOMPLETE;
			if (this.text.charCodeAt(found + 1) !== 34) return found;
			at = found + 2;
		}
	}

	private cellsOf(line: string): string[] {
		return this.delimiter === '' ? [line] : line.split(this.delimiter);
	}

	/** An empty delimiter stands everywhere and nowhere: it ends no cell. */
	private cellEnd(from: number): number {
		if (this.delimiter === '') return this.lineEnd(from);
		this.separator = this.find(this.delimiter, this.separator, from);
		return Math.min(this.separator, this.lineEnd(from));
	}

	private lineEnd(from: number): number {
		this.cr = this.find('\r', this.cr, from);
		this.lf = this.find('\n', this.lf, from);
		return Math.min(this.cr, this.lf);
	}

	/** A CR at the very end of the piece may be the first half of a CRLF: wait for the next piece. */
	private afterLineEnd(end: number): number {
		if (this.text.charCodeAt(end) !== 13) return end + 1;
		if (end + 1 === this.text.length && !this.final) return INCOMPLETE;
		return this.text.charCodeAt(end + 1) === 10 ? end + 2 : end + 1;
	}

	private find(sign: string, known: number, from: number): number {
		if (known >= from) return known;
		const found = this.text.indexOf(sign, from);
		return found === -1 ? this.text.length : found;
	}
}
