import type { DateEvidence } from './date-columns.ts';
import { looksSwapped } from './date-columns.ts';
import type { BuildFindings } from './row-builder.ts';

/** What the reading of a whole file showed, for the sentences above its preview. */
export interface FileFacts {
	blankRows: number;
	/** Rows whose match key an earlier row of the file has, first ones. */
	repeats: { row: number; first: number }[];
	repeatCount: number;
	/** Rows whose match key the account has already, first ones. */
	known: number[];
	knownCount: number;
	/** Rows with cells beyond the named columns, first ones. */
	overlong: number[];
	overlongCount: number;
	/** Columns with data beyond those that are imported, and the last of them (from 1). */
	ignoredColumns: number;
	lastColumn: number;
	unclosedQuotes: readonly number[];
	mojibake: number;
	/** Date columns: name, evidence, the order used and whether the file decides it. */
	dates: { name: string; evidence: DateEvidence; order: string; sure: boolean }[];
	findings: BuildFindings;
}

/** Sentences about what a person should look at before confirming. Most serious first. */
export function describeFile(facts: FileFacts): string[] {
	return [...describeDates(facts), ...describeNumbers(facts), ...describeRows(facts), ...describeText(facts)];
}

const count = (amount: number) => amount.toLocaleString('en-GB');
const numbersOf = (amount: number) => (amount === 1 ? '1 number' : `${count(amount)} numbers`);
const rowsOf = (amount: number) => (amount === 1 ? '1 row' : `${count(amount)} rows`);

function listOf(rows: readonly number[], total: number): string {
	const shown = rows.slice(0, 5).join(', ');
	return total > Math.min(rows.length, 5) ? `${shown}, …` : shown;
}

function describeDates({ dates }: FileFacts): string[] {
	return dates.flatMap(({ name, evidence, order, sure }) => {
		if (looksSwapped(evidence)) {
			return [
				`${name}: all ${count(evidence.spelled)} spelled-out dates have a day up to 12 and all ${count(evidence.monthFirst + evidence.dayFirst)} dates in figures one above 12. A spreadsheet has probably swapped day and month in the spelled-out ones: check some against the register.`,
			];
		}
		if (!sure)
			return [
				`${name}: every date can be read with the day first or the month first; the day first was taken. Check it.`,
			];
		if (order === 'auto' && evidence.dayFirst > 0 && evidence.monthFirst > 0) {
			return [
				`${name}: ${count(evidence.dayFirst)} dates can only be day first and ${count(evidence.monthFirst)} only month first. The ${count(evidence.either)} that can be both are rejected until you choose an order.`,
			];
		}
		return [];
	});
}

function describeNumbers({ findings, ...facts }: FileFacts): string[] {
	const said: string[] = [];
	if (facts.knownCount > 0) {
		said.push(
			`${rowsOf(facts.knownCount)} about cases this account already has (row ${listOf(facts.known, facts.knownCount)}): importing adds them a second time.`,
		);
	}
	if (facts.repeatCount > 0) {
		const shown = facts.repeats
			.slice(0, 5)
			.map(({ row, first }) => `${row} as ${first}`)
			.join(', ');
		said.push(
			`${rowsOf(facts.repeatCount)} with the same number as an earlier row (${shown}${facts.repeatCount > 5 ? ', …' : ''}). They are imported too.`,
		);
	}
	if (findings.wrongCheckCount > 0) {
		const shown = findings.wrongCheck
			.slice(0, 5)
			.map(({ row, value }) => `row ${row}: ${value}`)
			.join('; ');
		said.push(`${numbersOf(findings.wrongCheckCount)} with a wrong check digit (${shown}).`);
	}
	if (findings.contradictionCount > 0) {
		const shown = findings.contradictions
			.slice(0, 5)
			.map(({ row, value }) => `row ${row}: ${value}`)
			.join('; ');
		said.push(`${numbersOf(findings.contradictionCount)} with another country in front than the row's own (${shown}).`);
	}
	if (findings.countryFromNumber > 0)
		said.push(`${rowsOf(findings.countryFromNumber)} without a country; it was taken from the form of the number.`);
	if (findings.withoutCountry > 0)
		said.push(`${rowsOf(findings.withoutCountry)} without a country, and the number does not tell it.`);
	return said;
}

function describeRows({ findings, ...facts }: FileFacts): string[] {
	const said: string[] = [];
	for (const [word, times] of [...findings.unknownStatus].slice(0, 5)) {
		said.push(`Status "${word}" is not known (${rowsOf(times)}); imported as unknown.`);
	}
	if (findings.unknownStatus.size > 5)
		said.push(`${count(findings.unknownStatus.size - 5)} more status words are not known.`);
	if (facts.blankRows > 0) said.push(`${rowsOf(facts.blankRows)} blank, passed over.`);
	if (facts.overlongCount > 0) {
		said.push(
			`${rowsOf(facts.overlongCount)} with more cells than the header names (row ${listOf(facts.overlong, facts.overlongCount)}).`,
		);
	}
	if (facts.ignoredColumns > 0) {
		said.push(
			`${count(facts.ignoredColumns)} columns with data from column 501 to ${count(facts.lastColumn)} are not shown and not imported.`,
		);
	}
	for (const [label, times] of findings.cut)
		said.push(`${label}: ${rowsOf(times)} with a text too long for the field; it is cut, and ends in "…".`);
	return said;
}

function describeText(facts: FileFacts): string[] {
	const said: string[] = [];
	const { unclosedQuotes } = facts;
	if (unclosedQuotes.length > 0) {
		said.push(
			`Quotation marks that are never closed were read as ordinary characters (row ${listOf(unclosedQuotes, unclosedQuotes.length)}).`,
		);
	}
	if (facts.mojibake > 0)
		said.push(
			'Some texts were damaged before this file was made ("Ã¶" for "ö"). They are imported as they are; ask the client for a fresh export.',
		);
	return said;
}
