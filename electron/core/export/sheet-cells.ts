/** What a cell shows; text is text whatever it begins with. Styles are those of `workbook-parts`. */
export type Cell =
	| { kind: 'text'; value: string }
	| { kind: 'number'; value: number }
	| { kind: 'amount'; value: number }
	| { kind: 'bool'; value: boolean }
	| { kind: 'date' | 'instant'; value: number }
	| null;

/** Excel takes no longer text in one cell. */
const LONGEST = 32_767;
const CUT = ' … (cut here; the whole text is in the JSON lines)';
const DAY_MS = 86_400_000;
/** Day 0 of a spreadsheet. Before March 1900 its calendar is wrong. */
const EPOCH = Date.UTC(1899, 11, 30);
const EARLIEST = Date.UTC(1900, 2, 1);

const styles = { number: 0, text: 1, date: 2, instant: 3, amount: 4, bool: 0 } as const;

/** A cell as XML. Text is written in place, never as a formula. */
export function cellXml(cell: Cell, place: string): string {
	if (cell === null) return '';
	const style = styles[cell.kind] === 0 ? '' : ` s="${styles[cell.kind]}"`;
	if (cell.kind === 'text')
		return `<c r="${place}"${style} t="inlineStr"><is><t xml:space="preserve">${xmlText(cell.value)}</t></is></c>`;
	if (cell.kind === 'bool') return `<c r="${place}" t="b"><v>${cell.value ? 1 : 0}</v></c>`;
	return `<c r="${place}"${style}><v>${cell.value}</v></c>`;
}

/** The letters of a column, from 0: A, B, ... Z, AA. */
export function columnName(index: number): string {
	const rest = Math.floor(index / 26);
	return (rest > 0 ? columnName(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/** A day or an instant (UTC) as the number a spreadsheet counts by; undefined where it cannot. */
export function serialOf(text: string): number | undefined {
	const ms = Date.parse(text);
	return Number.isNaN(ms) || ms < EARLIEST ? undefined : (ms - EPOCH) / DAY_MS;
}

/** Text between tags: what XML cannot hold at all is replaced, and what Excel would decode is kept from it. */
export function xmlText(text: string): string {
	const whole = text.length > LONGEST ? `${text.slice(0, LONGEST - CUT.length)}${CUT}` : text;
	return (
		whole
			.toWellFormed()
			.replace(/_x(?=[0-9a-fA-F]{4}_)/g, '_x005F_x')
			// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
			.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
			.replaceAll('&', '&amp;')
			.replaceAll('<', '&lt;')
			.replaceAll('>', '&gt;')
			.replaceAll('\r', '&#13;')
	);
}
