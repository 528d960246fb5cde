import { CoreError } from '../../../shared/contract/errors.ts';

export interface XmlHandler {
	/** `attributes` is the raw text after the name. Prefixes of names are dropped. */
	open(name: string, attributes: string, empty: boolean): void;
	close(name: string): void;
	/** Raw text; only called while `wantsText` is set. */
	text(raw: string): void;
	wantsText: boolean;
}

/** Longest piece without a tag, in characters: a cell holds 32,767. */
const MAX_TEXT = 4_000_000;

/**
 * Tells the tags of an XML text fed piece by piece. Knows no entities but the five of XML and refuses documents that
 * define their own, so that nothing can be expanded or fetched.
 */
export function createXmlScanner(handler: XmlHandler): { push(text: string): void } {
	let rest = '';
	return {
		push: (text) => {
			const all = rest === '' ? text : rest + text;
			rest = all.slice(scan(all, handler));
			if (rest.length > MAX_TEXT) throw damaged();
		},
	};
}

const damaged = () => new CoreError('file_not_readable', 'The workbook is damaged: its XML is not in order.');

/** Scans what is complete; answers how far it came. */
function scan(text: string, handler: XmlHandler): number {
	let at = 0;
	for (;;) {
		const open = text.indexOf('<', at);
		if (open === -1) return at;
		const next = text.charCodeAt(open + 1);
		if (next === 33 && isCut(text, open)) return at;
		const cdata = next === 33 && text.startsWith('<![CDATA[', open);
		const comment = next === 33 && text.startsWith('<!--', open);
		const close = cdata ? text.indexOf(']]>', open) : comment ? text.indexOf('-->', open + 4) : tagEnd(text, open);
		if (close === -1) return at;
		if (handler.wantsText) {
			if (open > at) handler.text(text.slice(at, open));
			if (cdata) handler.text(text.slice(open + 9, close).replaceAll('&', '&amp;'));
		}
		if (cdata || comment) at = close + 3;
		else {
			at = close + 1;
			tell(text, open, close, handler);
		}
	}
}

function isCut(text: string, open: number): boolean {
	return text.length - open < 9;
}

/** End of a tag: the first ">" outside quotes. */
function tagEnd(text: string, open: number): number {
	const close = text.indexOf('>', open);
	if (close === -1) return -1;
	const quote = text.indexOf('"', open);
	if (quote === -1 || quote > close) return close;
	let at = quote;
	for (;;) {
		const end = text.indexOf('"', at + 1);
		if (end === -1) return -1;
		const nextClose = text.indexOf('>', end);
		if (nextClose === -1) return -1;
		at = text.indexOf('"', end + 1);
		if (at === -1 || at > nextClose) return nextClose;
	}
}

// biome-ignore lint/complexity/useMaxParams: called for every tag of a sheet, where an object each would cost more than it explains
function tell(text: string, open: number, close: number, handler: XmlHandler): void {
	const first = text.charCodeAt(open + 1);
	if (first === 47) {
		handler.close(localName(text, open + 2, close));
		return;
	}
	if (first === 63) return;
	if (first === 33)
		throw new CoreError(
			'file_not_readable',
			'The workbook declares a document type, which no spreadsheet program writes. It was not read.',
		);
	const empty = text.charCodeAt(close - 1) === 47;
	const end = empty ? close - 1 : close;
	let nameEnd = open + 1;
	while (nameEnd < end && text.charCodeAt(nameEnd) > 32) nameEnd++;
	handler.open(localName(text, open + 1, nameEnd), nameEnd < end ? text.slice(nameEnd, end) : '', empty);
}

function localName(text: string, start: number, end: number): string {
	const name = text.slice(start, end).trimEnd();
	const colon = name.indexOf(':');
	return colon === -1 ? name : name.slice(colon + 1);
}

/** The value of an attribute, decoded; undefined when it is not there. */
export function attribute(attributes: string, name: string): string | undefined {
	let at = attributes.indexOf(name);
	while (at !== -1) {
		const before = attributes.charCodeAt(at - 1);
		const equals = at + name.length;
		if (before <= 32 && attributes.charCodeAt(equals) === 61) {
			const quote = attributes[equals + 1] ?? '"';
			const end = attributes.indexOf(quote, equals + 2);
			return end === -1 ? undefined : decodeXml(attributes.slice(equals + 2, end));
		}
		at = attributes.indexOf(name, at + 1);
	}
	return undefined;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text with XML's five entities, character numbers and Excel's `_x000D_` in place. */
export function decodeXml(raw: string): string {
	let text = raw;
	if (text.includes('&')) {
		text = text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|amp|lt|gt|quot|apos);/gi, (whole, name: string) => {
			if (name[0] !== '#') return ENTITIES[name.toLowerCase()] ?? whole;
			const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
			return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
		});
	}
	if (!text.includes('_x')) return text;
	return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
