import { foldNumber } from './clean-text.ts';
import { isCountryCode } from './countries.ts';

/** `A` application, `P` publication, `G` granted patent. */
export type NumberKind = 'A' | 'P' | 'G';
export type CheckDigit = 'OK' | 'WRONG' | 'ABSENT' | 'NA';

export interface PatentNumber {
	/** ST.3 code from the number itself, else the one given; null when neither is there. */
	country: string | null;
	/** True when the number's own prefix contradicts the country given. */
	contradicts: boolean;
	/** Kind code that was split off: "B1". */
	kindCode: string | null;
	/** Letters and digits that identify it, without country, kind code and check digit. */
	digits: string;
	check: CheckDigit;
}

const PREFIX = /^(?:PCT[/ -]?)?([A-Z]{2})(?=[ \-./]*[A-Z]{0,2}[ \-./]*\d)/;
/** A kind code stands at the end, after a blank or bracket, or as a letter and figure glued to at least five figures. */
const KIND = /(?:[ (]+\(?([A-Z]\d?)\)?|(?<=\d{5})([A-Z]\d?))$/;
const US_FORM = /^\d{2}\/ ?\d{3},\d{3}$|^\d{2}\/ ?\d{6}$/;

/**
 * Normalises an application, publication or patent number. Of a cell with
 * several numbers the first one counts. Null when there is nothing like a number in it.
 */
export function readPatentNumber(raw: string, country: string | null, kind: NumberKind): PatentNumber | null {
	let text = foldNumber(raw);
	const several = text.search(/[;|\n]/);
	if (several > 0) text = text.slice(0, several).trim();
	const international = kind === 'A' ? readInternational(text) : null;
	if (international) return international;
	const usForm = US_FORM.test(text);
	const prefix = prefixOf(text);
	if (prefix) text = text.slice(prefix.length).replace(/^[ \-./]+/, '');
	const kindMatch = KIND.exec(text);
	if (kindMatch) text = text.slice(0, kindMatch.index);
	const own = prefix?.code ?? (usForm && kind === 'A' ? 'US' : null);
	const office = own ?? country;
	const { digits, check } = splitCheckDigit(text, office, kind);
	if (countDigits(digits) < 4) return null;
	return {
		country: office,
		contradicts: prefix !== null && country !== null && !agrees(prefix.code, country),
		kindCode: kindMatch?.[1] ?? kindMatch?.[2] ?? null,
		digits: unify(digits, office, kind),
		check,
	};
}

const PCT_FORMS: readonly RegExp[] = [
	/^(?:PCT[/ -]?)(?<office>[A-Z]{2}) ?(?<year>\d{4}|\d{2})[/ -]?(?<serial>\d{5,6})$/,
	/^WO ?(?<year>\d{4})(?<office>[A-Z]{2})(?<serial>\d{4,6})$/,
	/^(?<office>[A-Z]{2}) ?(?<year>\d{4})[/ ]?(?<serial>\d{6,7}) W$/,
	/^(?<office>[A-Z]{2}) ?(?<year>\d{2})(?<serial>\d{5}) W$/,
];

/** PCT applications: PCT/US2014/051801, WO2014US51801 and US 2014/0051801 W are one number. */
function readInternational(text: string): PatentNumber | null {
	for (const form of PCT_FORMS) {
		const { office, year, serial } = form.exec(text)?.groups ?? {};
		if (!office || !year || !serial || !isCountryCode(office)) continue;
		const century = year.length === 4 ? '' : Number(year) >= 78 ? '19' : '20';
		const digits = `${office}${century}${year}${serial.padStart(6, '0').slice(-6)}`;
		return { country: 'WO', contradicts: false, kindCode: null, digits, check: 'NA' };
	}
	return null;
}

function prefixOf(text: string): { code: string; length: number } | null {
	const match = PREFIX.exec(text);
	const code = match?.[1];
	if (code === undefined || match === null) return null;
	if (match[0].startsWith('PCT')) return { code: 'WO', length: 3 };
	if (code === 'ZL') return { code: 'CN', length: 2 };
	if (code === 'RE' || code === 'PP') return null;
	return isCountryCode(code) ? { code, length: match[0].length } : null;
}

/** A European or international number on a national case is no contradiction: the case came that way. */
function agrees(prefix: string, country: string): boolean {
	return prefix === country || prefix === 'EP' || prefix === 'WO';
}

function countDigits(text: string): number {
	let count = 0;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code >= 48 && code <= 57) count++;
	}
	return count;
}

const SIGNS = /[ ,.\-/()']/g;

function splitCheckDigit(text: string, office: string | null, kind: NumberKind): { digits: string; check: CheckDigit } {
	const dot = text.lastIndexOf('.');
	const checked = dot > 0 && dot === text.length - 2 && kind === 'A';
	if (!checked) {
		const hasScheme = kind === 'A' && (office === 'EP' || office === 'DE' || office === 'CN');
		return { digits: text.replace(SIGNS, ''), check: hasScheme ? 'ABSENT' : 'NA' };
	}
	const digits = text.slice(0, dot).replace(SIGNS, '');
	return { digits, check: verify(digits, text.slice(dot + 1), office) };
}

/** Check digits: EP (Luhn from the left), DE since 1981 and CN (both modulo 11). */
function verify(digits: string, given: string, office: string | null): CheckDigit {
	if (/\D/.test(digits)) return 'NA';
	let right: string | null = null;
	if (office === 'EP' && digits.length === 8) right = checkOfEp(digits);
	else if (office === 'CN' && (digits.length === 12 || digits.length === 8)) right = checkOfCn(digits);
	else if (office === 'DE' && (digits.length === 12 || digits.length === 8 || digits.length === 7))
		right = checkOfDe(digits);
	if (right === null) return 'NA';
	return right === given ? 'OK' : 'WRONG';
}

function checkOfEp(digits: string): string {
	let sum = 0;
	for (let i = 0; i < digits.length; i++) {
		const product = Number(digits[i]) * (i % 2 === 0 ? 1 : 2);
		sum += product > 9 ? product - 9 : product;
	}
	return String((10 - (sum % 10)) % 10);
}

function checkOfCn(digits: string): string {
	let sum = 0;
	for (let i = 0; i < digits.length; i++) sum += Number(digits[i]) * ((i % 8) + 2);
	const rest = sum % 11;
	return rest === 10 ? 'X' : String(rest);
}

/** Null where the rule does not say what to write (value 10) or the number may be older than 1981. */
function checkOfDe(digits: string): string | null {
	let sum = 0;
	for (let i = 0; i < digits.length; i++) sum += Number(digits[digits.length - 1 - i]) * (i + 2);
	const value = (11 - (sum % 11)) % 11;
	return value === 10 || (digits.length === 7 && digits < '3100000') ? null : String(value);
}

/** Forms of the same US number: 13/033,085 and 2011 13033085; publications with and without the zero the EPO drops. */
function unify(digits: string, office: string | null, kind: NumberKind): string {
	if (office === 'US') {
		if (kind === 'A' && /^(?:19|20)\d{10}$/.test(digits)) return digits.slice(4);
		if (kind === 'P' && /^20\d{8}$/.test(digits)) return `${digits.slice(0, 4)}0${digits.slice(4)}`;
	}
	return digits;
}

/**
 * The key by which duplicates are found: `CC|type|digits`; XX stands for an unknown country. The
 * row's own country comes first: the national parts of one European patent share its number and are different cases.
 */
export function matchKey(number: PatentNumber, kind: NumberKind, country: string | null = null): string {
	return `${country ?? number.country ?? 'XX'}|${kind}|${number.digits}`;
}
