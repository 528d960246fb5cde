/** Currency signs and legacy names met in fee tables. */
const CURRENCY_ALIASES: Record<string, string> = {
	'€': 'EUR',
	EURO: 'EUR',
	EUROS: 'EUR',
	$: 'USD',
	US$: 'USD',
	'£': 'GBP',
	'¥': 'JPY',
	YEN: 'JPY',
	RMB: 'CNY',
	YUAN: 'CNY',
	NT$: 'TWD',
	NTD: 'TWD',
	SFR: 'CHF',
	FR: 'CHF',
	'₩': 'KRW',
	A$: 'AUD',
	C$: 'CAD',
	'₹': 'INR',
	R$: 'BRL',
	KČ: 'CZK',
	ZŁ: 'PLN',
};

let isoCurrencies: Set<string> | undefined;

/** The ISO 4217 code of a code, sign or old name; null when it is not known. DEM and FRF stay what they are. */
export function readCurrency(raw: string): string | null {
	const text = raw.trim().toUpperCase();
	const alias = Object.hasOwn(CURRENCY_ALIASES, text) ? CURRENCY_ALIASES[text] : undefined;
	if (alias !== undefined) return alias;
	isoCurrencies ??= new Set([...Intl.supportedValuesOf('currency'), 'DEM', 'FRF', 'ATS', 'ITL', 'NLG', 'ESP', 'BEF']);
	return isoCurrencies.has(text) ? text : null;
}

const PARTS = /^([^\d(+,.'-]*)([(+-]?)\s*((?:\d[\d.,' \u00a0\u202f]*|[.,]\d+))\s*\)?\s*([^\d]*)$/;

export type AmountReading = { amount: string; currency: string | null } | { problem: string };

/**
 * Reads "1,234.50", "1.234,50", "EUR 470", "(12.00)", "470,-" as a decimal string with up to four decimals. The last
 * sign is the decimal one, except a lone sign before exactly three figures, which parts thousands.
 */
export function readAmount(raw: string): AmountReading {
	const text = raw.trim().replace(/[.,][-–](?=\D*$)/, '');
	const parts = text.length <= 40 ? PARTS.exec(text) : null;
	const body = parts?.[3];
	if (!parts || body === undefined) return { problem: 'is not an amount' };
	const sign = parts[2] === '-' || (parts[2] === '(' && text.includes(')')) ? '-' : '';
	const word = (parts[1] ?? '').trim() || (parts[4] ?? '').trim();
	const currency = word === '' ? null : readCurrency(word);
	if (word !== '' && currency === null) return { problem: `has "${word}" where a currency should be` };
	const plain = toPlain(body.replace(/[' \u00a0\u202f]/g, ''));
	if (plain === null) return { problem: 'is not an amount' };
	return { amount: sign + plain, currency };
}

function toPlain(digits: string): string | null {
	const dot = digits.lastIndexOf('.');
	const comma = digits.lastIndexOf(',');
	const last = Math.max(dot, comma);
	if (last === -1) return wholePart(digits);
	const sign = digits[last] ?? '.';
	const other = sign === '.' ? ',' : '.';
	const fraction = digits.slice(last + 1);
	const repeated = digits.indexOf(sign) !== last;
	if (repeated || (!digits.includes(other) && fraction.length === 3 && !digits.startsWith('0'))) {
		return wholePart(digits.replaceAll('.', '').replaceAll(',', ''));
	}
	if (fraction.length > 4) return null;
	const whole = wholePart(digits.slice(0, last).replaceAll(other, ''));
	return whole === null ? null : fraction === '' ? whole : `${whole}.${fraction}`;
}

function wholePart(text: string): string | null {
	const digits = text.replace(/^0+(?=\d)/, '') || '0';
	return /^\d{1,12}$/.test(digits) ? digits : null;
}
