import { readCurrency } from './amounts.ts';
import { type CellReader, type Findings, makeReader } from './cell-readers.ts';
import { tidyCell } from './clean-text.ts';
import type { DateOrder } from './dates.ts';
import { matchKey, type NumberKind, type PatentNumber, readPatentNumber } from './patent-number.ts';
import { type Target, targetByKey } from './targets.ts';

export interface BuildPlan {
	/** Names of the columns, as a person sees them. */
	headers: readonly string[];
	/** Column → "entity.field" or null. */
	mapping: readonly (string | null)[];
	dateStyles: Readonly<Record<number, DateOrder>>;
	/** Today, as a local date ("2026-11-24"): decides centuries of two-digit years and what is still to come. */
	today: string;
}

/** One thing wrong with a row; `row` counts from 1 as the person sees it in the file. */
export interface Reject {
	row: number;
	field: string;
	value: string;
	reason: string;
}

export type Values = Record<string, string | number | null>;

export type BuiltRow =
	| { kind: 'blank' }
	| { kind: 'rejected'; rejects: Reject[] }
	| { kind: 'ready'; asset: Values; renewal: Values | null };

export interface BuildFindings extends Findings {
	/** Application numbers whose check digit is wrong, first ones with row. */
	wrongCheck: { row: number; value: string }[];
	wrongCheckCount: number;
	/** Numbers whose country contradicts the country column, first ones with row. */
	contradictions: { row: number; value: string }[];
	contradictionCount: number;
	/** Rows whose country was taken from the form of a number. */
	countryFromNumber: number;
	withoutCountry: number;
}

export interface RowBuilder {
	build(cells: readonly string[], row: number): BuiltRow;
	findings: BuildFindings;
}

interface ColumnPlan {
	column: number;
	target: Target;
	label: string;
	read: CellReader;
	isAsset: boolean;
}

/** Prepares the building of records for one file: everything that depends on the column is decided here, once. */
export function compileRowBuilder(plan: BuildPlan): RowBuilder {
	const findings: BuildFindings = {
		dateStyles: new Map(),
		unknownStatus: new Map(),
		cut: new Map(),
		wrongCheck: [],
		wrongCheckCount: 0,
		contradictions: [],
		contradictionCount: 0,
		countryFromNumber: 0,
		withoutCountry: 0,
	};
	const columns = columnPlans(plan, findings);
	const currency = headerCurrency(columns);
	return { findings, build: (cells, row) => buildRow({ columns, findings, currency, today: plan.today }, cells, row) };
}

function columnPlans(plan: BuildPlan, findings: BuildFindings): ColumnPlan[] {
	const thisYear = Number(plan.today.slice(0, 4));
	return plan.mapping.flatMap((key, column) => {
		const target = key === null ? undefined : targetByKey(key);
		if (!target) return [];
		const header = plan.headers[column] ?? `Column ${column + 1}`;
		const order = plan.dateStyles[column] ?? 'auto';
		const read = makeReader(target, { order, thisYear, header, column, findings });
		return [{ column, target, label: header, read, isAsset: target.entity === 'patent_asset' }];
	});
}

/** "Official fee (EUR)" names the currency of its amounts. */
function headerCurrency(columns: ColumnPlan[]): string | null {
	for (const { target, label } of columns) {
		if (target.field.kind !== 'amount') continue;
		const code = /[([ ]([A-Z]{3}|€|\$|£)[)\]]?\s*$/.exec(label)?.[1];
		const currency = code === undefined ? null : readCurrency(code);
		if (currency) return currency;
	}
	return null;
}

interface Plan {
	columns: ColumnPlan[];
	findings: BuildFindings;
	currency: string | null;
	today: string;
}

function buildRow(plan: Plan, cells: readonly string[], row: number): BuiltRow {
	if (isBlankRow(cells)) return { kind: 'blank' };
	const asset: Values = { source_row: row };
	const renewal: Values = {};
	let rejects: Reject[] | undefined;
	let renewalFilled = false;
	for (const { column, target, label, read, isAsset } of plan.columns) {
		const cell = tidyCell(cells[column] ?? '');
		if (cell === '' && target.field.kind !== 'date') continue;
		const reading = read(cell);
		if (reading.problem !== undefined) {
			rejects ??= [];
			rejects.push({ row, field: label, value: shorten(cell), reason: reading.problem });
		} else if (reading.value !== null) {
			if (isAsset) asset[target.name] = reading.value;
			else {
				renewal[target.name] = reading.value;
				renewalFilled ||= target.name !== 'currency' && target.name !== 'status';
				if (reading.currency) renewal.currency ??= reading.currency;
			}
		}
	}
	identify(plan.findings, asset, row);
	if (asset.match_key === undefined) {
		rejects ??= [];
		rejects.push({ row, field: 'Number or reference', value: '', reason: NO_IDENTIFIER });
	}
	if (rejects) return { kind: 'rejected', rejects };
	return { kind: 'ready', asset, renewal: renewalFilled ? finishRenewal(plan, renewal) : null };
}

const NO_IDENTIFIER = 'is missing: no application, publication or patent number and no client reference';

/** True when every cell is empty or only blanks. */
export function isBlankRow(cells: readonly string[]): boolean {
	for (const cell of cells) if (cell !== '' && cell.trim() !== '') return false;
	return true;
}

function shorten(text: string): string {
	return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

const NUMBER_FIELDS: readonly [string, NumberKind][] = [
	['app_no', 'A'],
	['grant_no', 'G'],
	['pub_no', 'P'],
];

/** Fills `match_key`, and `country` where only the numbers tell it. The most lasting number makes the key. */
function identify(findings: BuildFindings, asset: Values, row: number): void {
	const given = (asset.country as string | undefined) ?? null;
	let country: string | null = null;
	let first: { number: PatentNumber; kind: NumberKind } | undefined;
	for (const [field, kind] of NUMBER_FIELDS) {
		const raw = asset[field];
		if (typeof raw !== 'string') continue;
		const number = readPatentNumber(raw, given, kind);
		if (!number) continue;
		first ??= { number, kind };
		if (kind !== 'A' || number.country !== 'WO') country ??= number.country;
		note(findings, number, { row, value: raw });
	}
	if (given === null && (first || typeof asset.client_ref === 'string')) {
		if (country !== null) {
			asset.country = country;
			findings.countryFromNumber++;
		} else findings.withoutCountry++;
	}
	if (first) {
		asset.match_key = matchKey(first.number, first.kind, given ?? country);
	} else if (typeof asset.client_ref === 'string') {
		asset.match_key = `REF|${asset.client_ref.toUpperCase().replace(/\s+/g, '')}`.slice(0, 500);
	}
}

function note(findings: BuildFindings, number: PatentNumber, where: { row: number; value: string }): void {
	if (number.check === 'WRONG') {
		findings.wrongCheckCount++;
		if (findings.wrongCheck.length < 20) findings.wrongCheck.push(where);
	}
	if (number.contradicts) {
		findings.contradictionCount++;
		if (findings.contradictions.length < 20) findings.contradictions.push(where);
	}
}

/**
 * A renewal without a status of its own: still to come it is open when due within twelve months, else future. What lies
 * in the past is left without one, since only the client or the office knows whether it was paid.
 */
function finishRenewal(plan: Plan, renewal: Values): Values {
	if (plan.currency !== null) renewal.currency ??= plan.currency;
	const due = renewal.due_date;
	if (renewal.status === undefined && typeof due === 'string' && due >= plan.today) {
		const inAYear = `${Number(plan.today.slice(0, 4)) + 1}${plan.today.slice(4)}`;
		renewal.status = due <= inAYear ? 'OPEN' : 'FUTURE';
	}
	return renewal;
}
