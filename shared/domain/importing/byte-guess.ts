/**
 * Which one-byte character set a text is in, by how plausible its letters are. chardet is wrong or unsure for these
 * (libraries.md 1.5), and a client's file in MacRoman read as Windows text has wrong names for ever.
 */
export interface ByteDecoder {
	name: string;
	/** The characters of bytes 128 to 255. */
	high: string;
	/** Added to the score per non-ASCII byte: rarer sets must fit better to win. */
	prior: number;
}

/** Average plausibility per non-ASCII byte (higher is better) of `bytes` read with `decoder`. */
export function plausibility(bytes: Uint8Array, decoder: ByteDecoder): number {
	let score = 0;
	let count = 0;
	const at = (index: number): string => {
		const byte = bytes[index] ?? 32;
		return byte < 128 ? String.fromCharCode(byte) : (decoder.high[byte - 128] ?? '\ufffd');
	};
	for (let index = 0; index < bytes.length && count < 20_000; index++) {
		if ((bytes[index] ?? 0) < 128) continue;
		count++;
		score += weigh(at(index), at(index - 1), at(index + 1));
	}
	return count === 0 ? 0 : score / count + decoder.prior + brokenUtf8(bytes, decoder) * 3;
}

const COMMON = 'àâäáåãæçéèêëíìîïñóòôöõøœúùûüßÀÂÄÁÅÃÆÇÉÈÊËÍÎÏÑÓÔÖÕØŒÚÛÜ';
const CENTRAL = 'ąćęłńśźżĄĆĘŁŃŚŹŻčďěňřšťůýžČĎĚŇŘŠŤŮÝŽőűŐŰ';
const OPENERS = '“‘«„‚¿¡';
const MARKS = '”’»–—…•·°®™©€£§²³½';

function weigh(char: string, before: string, after: string): number {
	if (char === '\ufffd' || (char >= '\u0080' && char <= '\u009f')) return -6;
	if (/\p{L}/u.test(char)) return weighLetter(char, before, after);
	const between = /\p{L}/u.test(before) && /\p{L}/u.test(after);
	if (char === '’') return 2;
	if (OPENERS.includes(char)) return /[\s("]/.test(before) && !/\s/.test(after) ? 2 : -1.5;
	if (char === '\u00a0') return between ? -1.5 : 1;
	if (MARKS.includes(char)) return /\p{L}/u.test(after) && !'–·°'.includes(char) ? -1.5 : 1.5;
	return between ? -3 : -1;
}

function weighLetter(char: string, before: string, after: string): number {
	const upper = char !== char.toLowerCase();
	const cyrillic = char >= '\u0400' && char <= '\u04ff';
	const same = cyrillic && /[\u0400-\u04ff]/.test(before + after);
	if (cyrillic) return same ? (upper && /[\u0430-\u044f]/.test(before) ? -2 : 2) : -2;
	if (upper && /\p{Ll}/u.test(before)) return -3;
	if (!/\p{L}/u.test(before) && !/\p{L}/u.test(after)) return -1;
	if (!upper && /\p{Lu}/u.test(before) && /\p{Lu}/u.test(after)) return -2;
	const crowded = before > '\u007f' && after > '\u007f' ? -1.5 : 0;
	return (COMMON.includes(char) ? 2.5 : CENTRAL.includes(char) ? 1.5 : 0.5) + crowded;
}

/** Windows-1252's own characters for bytes 128 to 159. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * Share of the non-ASCII bytes that, once decoded, spell out UTF-8 read as Windows text ("Ã¶" for ö): such a text was
 * damaged before, and the decoding that shows the damage in its known form is the right one.
 */
function brokenUtf8(bytes: Uint8Array, decoder: ByteDecoder): number {
	let pairs = 0;
	let count = 0;
	for (let index = 0; index + 1 < bytes.length && count < 20_000; index++) {
		const byte = bytes[index] ?? 0;
		if (byte < 128) continue;
		count++;
		const lead = decoder.high[byte - 128] ?? '';
		const next = bytes[index + 1] ?? 0;
		if (next < 128) continue;
		if (isLead(lead) && isContinuation(decoder.high[next - 128] ?? '')) pairs++;
	}
	return count === 0 ? 0 : pairs / count;
}

function isLead(char: string): boolean {
	return char >= '\u00c2' && char <= '\u00ef';
}

function isContinuation(char: string): boolean {
	return (char >= '\u00a0' && char <= '\u00bf') || WINDOWS.includes(char);
}

/** Places in a text where UTF-8 was read as Windows text before the file was made. */
export function countMojibake(text: string): number {
	let found = 0;
	for (const match of text.matchAll(
		/[\u00c3\u00c5\u00d0\u00d1][\u0080-\u00bf_‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ]|[\u00e3-\u00ed][\u0080-\u00bf_‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ]{2}|â€/g,
	)) {
		if (match[0]) found++;
	}
	return found;
}
