import { randomInt } from 'node:crypto';

/** Without 0 and O, 1 and I: what is read aloud or from paper arrives as it was. 32 signs, 5 bits each. */
const SIGNS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const GROUPS = 7;
/** Four signs and one that checks them. 7 × 4 × 5 = 140 bits. */
const GROUP = 5;

/** A new code as it is printed, in bytes that can be zeroed: "ABCDE-FGHJK-…". */
export function newRecoveryCode(): Buffer {
	const code = Buffer.alloc(GROUPS * (GROUP + 1) - 1, '-');
	for (let group = 0; group < GROUPS; group++) {
		const signs = Array.from({ length: GROUP - 1 }, () => randomInt(32));
		for (const [index, sign] of [...signs, checkSign(signs, group)].entries())
			code[group * (GROUP + 1) + index] = SIGNS.charCodeAt(sign);
	}
	return code;
}

export type ReadCode = { ok: true; signs: Buffer } | { ok: false; group: number };

/**
 * Reads a code as somebody typed it, whatever the case, spaces and dashes. `group` says where a mistake is, from 1; 0: it
 * is too short or too long. Any single wrong sign, any two swapped neighbours and any two swapped groups are noticed.
 */
export function readRecoveryCode(typed: Uint8Array): ReadCode {
	const text = new TextDecoder().decode(typed).normalize('NFKC').toUpperCase().replaceAll(/[\s-]/gu, '');
	const signs = [...text].map((sign) => SIGNS.indexOf(sign));
	const known = signs.slice(0, GROUPS * GROUP);
	for (let group = 0; group * GROUP < known.length; group++) {
		const part = known.slice(group * GROUP, (group + 1) * GROUP);
		if (part.includes(-1)) return { ok: false, group: group + 1 };
		if (part.length < GROUP) break;
		if (checkSign(part.slice(0, -1), group) !== part[GROUP - 1]) return { ok: false, group: group + 1 };
	}
	if (signs.length !== GROUPS * GROUP) return { ok: false, group: 0 };
	return { ok: true, signs: Buffer.from(signs.filter((_, index) => index % GROUP !== GROUP - 1)) };
}

/** A weighted sum over GF(32): the weights differ and none is zero; the place of the group is part of it. */
function checkSign(signs: readonly number[], group: number): number {
	return signs.reduce((sum, sign, index) => sum ^ times(sign, index + 2), times(group + 1, 17));
}

/** Multiplication in GF(32), modulo x⁵ + x² + 1. */
function times(a: number, b: number): number {
	let product = 0;
	for (let bit = 0; bit < 5; bit++) if (b & (1 << bit)) product ^= a << bit;
	for (let bit = 8; bit >= 5; bit--) if (product & (1 << bit)) product ^= 0b100101 << (bit - 5);
	return product;
}
