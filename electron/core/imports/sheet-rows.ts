import { CoreError } from '../../../shared/contract/errors.ts';
import { dayToIso } from '../../../shared/domain/importing/dates.ts';
import { limits } from './limits.ts';
import type { NumberLook } from './workbook-parts.ts';
import { attribute, decodeXml, type XmlHandler } from './xml-scan.ts';

interface SheetContext {
	strings: readonly string[];
	styles: readonly NumberLook[];
	from1904: boolean;
}

/**
 * Turns the XML of one sheet into rows of text. Formulas are never evaluated: the value stored with them is taken.
 * Dates become "2026-11-24" or "2026-11-24 14:30", other numbers what a person would read.
 */
export class SheetRows implements XmlHandler {
	wantsText = false;
	rows: string[][] = [];
	/** Row numbers of `rows`, from 1, as the sheet shows them. */
	numbers: number[] = [];
	private readonly context: SheetContext;
	private row: string[] = [];
	private rowNumber = 0;
	private column = 0;
	private type = '';
	private style = 0;
	private value = '';
	private phonetic = false;
	private inData = false;

	constructor(context: SheetContext) {
		this.context = context;
	}

	/** Rows read since the last call. */
	take(): { rows: string[][]; numbers: number[] } {
		const taken = { rows: this.rows, numbers: this.numbers };
		this.rows = [];
		this.numbers = [];
		return taken;
	}

	open(name: string, attributes: string, empty: boolean): void {
		if (name === 'c') this.openCell(attributes, empty);
		else if (name === 'v' || name === 't') this.wantsText = !empty && this.inData && !this.phonetic;
		else if (name === 'row') this.openRow(attributes, empty);
		else if (name === 'sheetData') this.inData = !empty;
		else if (name === 'rPh') this.phonetic = !empty;
	}

	text(raw: string): void {
		this.value = this.value === '' ? raw : this.value + raw;
	}

	close(name: string): void {
		if (name === 'v' || name === 't') this.wantsText = false;
		else if (name === 'c') this.closeCell();
		else if (name === 'row') this.closeRow();
		else if (name === 'sheetData') this.inData = false;
		else if (name === 'rPh') this.phonetic = false;
	}

	private openRow(attributes: string, empty: boolean): void {
		const told = Number(attribute(attributes, 'r') ?? Number.NaN);
		this.rowNumber = told > this.rowNumber ? told : this.rowNumber + 1;
		this.row = [];
		this.column = -1;
		if (empty) this.closeRow();
	}

	private closeRow(): void {
		this.rows.push(this.row);
		this.numbers.push(this.rowNumber);
	}

	private openCell(attributes: string, empty: boolean): void {
		const at = attributes.indexOf(' r="');
		const told = at === -1 ? -1 : columnOf(attributes, at + 4);
		this.column = told >= 0 ? told : this.column + 1;
		if (this.column >= limits.columnsRefused) {
			throw new CoreError(
				'file_too_wide',
				`The sheet has more than ${limits.columnsRefused} columns, which is no list of cases.`,
			);
		}
		this.value = '';
		if (empty) return;
		this.type = attribute(attributes, 't') ?? '';
		this.style = Number(attribute(attributes, 's') ?? 0);
	}

	private closeCell(): void {
		if (this.value === '') return;
		const text = this.cellText();
		if (text === '') return;
		while (this.row.length < this.column) this.row.push('');
		this.row[this.column] = text;
	}

	private cellText(): string {
		const { value } = this;
		switch (this.type) {
			case 's':
				return this.context.strings[Number(value)] ?? '';
			case 'str':
			case 'inlineStr':
			case 'e':
				return decodeXml(value);
			case 'b':
				return value === '1' ? 'TRUE' : 'FALSE';
			case 'd':
				return value.replace('T', ' ').replace(/ 00:00(?::00(?:\.0+)?)?Z?$/, '');
			default:
				return this.numberText(value);
		}
	}

	private numberText(raw: string): string {
		const look = this.context.styles[this.style] ?? 'number';
		if (look === 'number') return plainNumber(raw);
		const serial = Number(raw);
		if (!Number.isFinite(serial)) return raw;
		return look === 'date' ? serialText(serial, this.context.from1904) : plainNumber(raw);
	}
}

/** Column index of a reference like "AB12" that begins at `at`; -1 when it is none. */
function columnOf(attributes: string, at: number): number {
	let column = 0;
	for (let index = at; index < at + 4; index++) {
		const code = attributes.charCodeAt(index);
		if (code < 65 || code > 90) break;
		column = column * 26 + code - 64;
	}
	return column - 1;
}

/** Excel keeps 15 figures; what is stored beyond them is noise of the conversion. */
function plainNumber(raw: string): string {
	if (raw.length < 16 && !raw.includes('E') && !raw.includes('e')) return raw;
	const value = Number(raw);
	if (!Number.isFinite(value)) return raw;
	if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(value).toString();
	return String(Number(value.toPrecision(15)));
}

/** Day number to text. Serial 60 is Excel's 29 February 1900, which never was; before it the count is one off. */
function serialText(serial: number, from1904: boolean): string {
	const days = from1904 ? serial + 1462 : serial;
	if (days < 1 || days >= 2_958_466) return String(serial);
	const minutes = Math.round((days - Math.floor(days)) * 1440);
	const whole = Math.floor(days) + (minutes === 1440 ? 1 : 0);
	const iso = dayToIso(whole - (whole < 60 ? 25_568 : 25_569));
	if (minutes === 0 || minutes === 1440) return iso;
	return `${iso} ${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
