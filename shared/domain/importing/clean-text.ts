/** Controls other than tab and line ends, soft hyphen, zero-width and direction marks, byte-order mark. */
const INVISIBLE = /(?![\t\n\r])\p{Cc}|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/** A cell without blanks around it and without invisible characters; everything else stays as the client wrote it. */
export function tidyCell(raw: string): string {
	if (raw === '') return raw;
	const text = PLAIN.test(raw) ? raw : raw.replace(INVISIBLE, '');
	return text.trim();
}

/** A cell for a one-line field: line breaks inside become `joint`. */
export function tidyLine(raw: string, joint = ' '): string {
	const text = tidyCell(raw);
	return PLAIN.test(text) ? text : text.replace(/[ \t]*[\r\n]+[ \t]*/g, joint);
}

/** A number in its matching form: NFKC, one kind of dash, slash and blank, upper case. */
export function foldNumber(raw: string): string {
	const text = PLAIN.test(raw)
		? raw
		: raw
				.normalize('NFKC')
				.replace(INVISIBLE, '')
				.replace(/[\u2010-\u2015\u2212\u30fc]/g, '-')
				.replace(/[\u2044\u2215]/g, '/')
				.replace(/\s/g, ' ');
	return text.trim().toUpperCase();
}

/** Words for comparison: no accents, no case, no signs. "Veröffentlichungs-Nr." becomes "veroffentlichungs nr". */
export function foldWords(raw: string): string {
	return raw
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
		.toLowerCase()
		.replace(/ß/g, 'ss')
		.replace(/[^\p{L}\p{N}#]+/gu, ' ')
		.trim();
}

const NOTHING = new Set([
	'',
	'-',
	'--',
	'---',
	'–',
	'—',
	'n/a',
	'na',
	'n.a.',
	'#n/a',
	'null',
	'none',
	'nil',
	'(blank)',
]);

/** True for what people and exports write where there is nothing: "-", "n/a", "NULL". */
export function isNothing(text: string): boolean {
	return text.length <= 7 && NOTHING.has(text.toLowerCase());
}
