import { readAmount, readCurrency } from './amounts.ts';
import { isNothing, tidyCell, tidyLine } from './clean-text.ts';
import { readCountry } from './countries.ts';
import { dateColumnReader, pivotFor } from './date-columns.ts';
import { type DateOrder, isZeroDate } from './dates.ts';
import type { Target } from './targets.ts';
import { readAssetStatus, readRenewalStatus } from './value-aliases.ts';

/** What the cells of an import showed besides the records: for warnings. Filled while rows are built. */
export interface Findings {
	/** Date styles seen, per column index, with counts of cells; "blank" among them. */
	dateStyles: Map<number, Record<string, number>>;
	/** Status words that are not known, with counts. */
	unknownStatus: Map<string, number>;
	/** Texts cut to the length a field can hold, per field label. */
	cut: Map<string, number>;
}

export interface ReaderOptions {
	order: DateOrder;
	thisYear: number;
	header: string;
	column: number;
	findings: Findings;
}

/** Reads one tidied cell that is not blank: the value; or why it cannot be read. */
export type CellReader = (cell: string) => CellValue;
export interface CellValue {
	value: string | null;
	problem?: string;
	/** A currency written beside an amount. */
	currency?: string | null;
}

const FUTURE_DATES = new Set(['expiry_date', 'due_date', 'free_until', 'grace_end', 'client_cutoff', 'window_opens']);
const NUMBERS = new Set(['app_no', 'pub_no', 'grant_no', 'client_ref', 'provider_ref', 'family_ref']);

/** Builds the reader for one column, once per import, so that a cell costs as little as it can. */
export function makeReader(target: Target, options: ReaderOptions): CellReader {
	if (target.field.kind === 'date') return dateReader(target, options);
	if (target.field.kind === 'amount') return amountReader();
	if (target.field.kind === 'enum') return statusReader(target, options.findings);
	if (target.name === 'country') return countryReader();
	if (target.name === 'currency') return currencyReader;
	return textReader(target, options.findings);
}

function dateReader(target: Target, options: ReaderOptions): CellReader {
	const rules = {
		order: options.order,
		pivot: pivotFor(options.thisYear, FUTURE_DATES.has(target.name)),
		serials: true,
	};
	const read = dateColumnReader(rules);
	const styles: Record<string, number> = Object.create(null);
	options.findings.dateStyles.set(options.column, styles);
	return (cell) => {
		if (cell === '' || isNothing(cell) || isZeroDate(cell)) {
			styles.blank = (styles.blank ?? 0) + 1;
			return NONE;
		}
		const reading = read(cell);
		if ('problem' in reading) {
			styles['not a date'] = (styles['not a date'] ?? 0) + 1;
			return { value: null, problem: reading.problem };
		}
		styles[reading.style] = (styles[reading.style] ?? 0) + 1;
		return { value: reading.iso };
	};
}

const NONE: CellValue = { value: null };

function amountReader(): CellReader {
	return (cell) => {
		if (cell === '' || isNothing(cell)) return NONE;
		const reading = readAmount(cell);
		if ('problem' in reading) return { value: null, problem: reading.problem };
		return { value: reading.amount, currency: reading.currency };
	};
}

/** Remembers what a word was read as: columns of codes have few different ones. */
function remembering(read: CellReader): CellReader {
	const known = new Map<string, CellValue>();
	return (cell) => {
		const before = known.get(cell);
		if (before) return before;
		const value = read(cell);
		if (known.size < 5000) known.set(cell, value);
		return value;
	};
}

function statusReader(target: Target, findings: Findings): CellReader {
	const read = target.entity === 'patent_asset' ? readAssetStatus : readRenewalStatus;
	const fallback = target.entity === 'patent_asset' ? 'UNKNOWN' : null;
	const known = remembering((cell) => ({ value: isNothing(cell) ? null : (read(cell) ?? '?') }));
	return (cell) => {
		const reading = cell === '' ? NONE : known(cell);
		if (reading.value !== '?') return reading;
		if (findings.unknownStatus.size < 1000)
			findings.unknownStatus.set(cell, (findings.unknownStatus.get(cell) ?? 0) + 1);
		return { value: fallback };
	};
}

function countryReader(): CellReader {
	return remembering((cell) => {
		if (isNothing(cell) && cell !== 'NA') return NONE;
		const code = readCountry(cell);
		return code === null
			? { value: null, problem: 'is not a country or patent office that is known' }
			: { value: code };
	});
}

const currencyReader: CellReader = remembering((cell) => {
	if (isNothing(cell)) return NONE;
	const code = readCurrency(cell);
	return code === null ? { value: null, problem: 'is not a currency that is known' } : { value: code };
});

function textReader(target: Target, findings: Findings): CellReader {
	const max = target.field.max ?? (target.field.kind === 'long-text' ? 20_000 : 500);
	const isNumber = NUMBERS.has(target.name);
	const joint = target.name === 'owner_name' ? '; ' : ' ';
	return (cell) => {
		if (isNothing(cell)) return NONE;
		const text = isNumber ? tidyCell(cell) : tidyLine(cell, joint);
		if (text.length <= max) return { value: text };
		if (isNumber) return { value: null, problem: `has ${text.length} characters, which is too long for a number` };
		findings.cut.set(target.field.label, (findings.cut.get(target.field.label) ?? 0) + 1);
		return { value: `${text.slice(0, max - 1)}…` };
	};
}
