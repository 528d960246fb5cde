import { isDay } from '../months.ts';
import { readFeeNumber } from './fee-number.ts';
import { type FeeAnswer, type FeeDates, type RenewalFacts, type Route, renewalDates } from './renewal-dates.ts';

/** One date that is not what the rule gives, or a row of which nothing can be said. */
export interface DateDifference {
	id: string;
	column: string;
	given: string;
	computed: string;
	/** Why there is no computed day, in words; null where there is one. */
	reason: string | null;
}

const EXPECTED: readonly (readonly [column: string, name: keyof FeeDates])[] = [
	['window_opens', 'windowOpens'],
	['due', 'due'],
	['free_until', 'freeUntil'],
	['grace_end', 'graceEnd'],
];

const ROUTES = new Set<string>(['national', 'ep-direct', 'euro-pct', 'pct', 'up', 'ea']);

/**
 * Compares the days of one row with those the rules give. Days are nominal, but for an office whose own law moves a closed
 * day on. An empty expectation is not checked; a row that cannot be dated is a difference with its reason.
 */
export function checkRow(row: Readonly<Record<string, string>>): DateDifference[] {
	const id = row.id ?? '';
	const expected = EXPECTED.filter(([column]) => (row[column] ?? '').trim() !== '');
	const wrong = Object.entries(row).find(
		([column, value]) => DAYS.has(column) && value.trim() !== '' && !isDay(value.trim()),
	);
	if (wrong)
		return [{ id, column: wrong[0], given: wrong[1], computed: '', reason: 'This is no day of the form 2026-11-30.' }];
	const facts = factsOf(row);
	if (!facts)
		return [{ id, column: 'route', given: row.route ?? '', computed: '', reason: 'This route is not known.' }];
	const fee = readFeeNumber(row.fee ?? '');
	if (!fee) return [{ id, column: 'fee', given: row.fee ?? '', computed: '', reason: 'This fee cannot be read.' }];
	const answer = renewalDates(facts, fee);
	if (answer.state !== 'dated')
		return [{ id, column: 'due', given: row.due ?? '', computed: '', reason: wordsOf(answer) }];
	const dates = answer.rule.roll === 'STATUTE' ? answer.rolled : answer.nominal;
	return expected.flatMap(([column, name]) => {
		const given = (row[column] ?? '').trim();
		const computed = dates[name];
		if (computed === given) return [];
		return [
			{ id, column, given, computed: computed ?? '', reason: computed === null ? 'The rule gives no such day.' : null },
		];
	});
}

/** The columns of days a row may have. */
const DAYS = new Set([
	'filing',
	'priority',
	'grant',
	'registration',
	'grant_publication',
	'recordal',
	'notice',
	'window_opens',
	'due',
	'free_until',
	'grace_end',
]);

function factsOf(row: Readonly<Record<string, string>>): RenewalFacts | null {
	const day = (column: string) => (row[column] ?? '').trim() || null;
	const route = (row.route ?? '').trim().toLowerCase() || 'national';
	if (!ROUTES.has(route)) return null;
	return {
		office: (row.office ?? '').trim().toUpperCase(),
		route: route as Route,
		filing: day('filing'),
		priority: day('priority'),
		grant: day('grant'),
		registration: day('registration'),
		grantPublication: day('grant_publication'),
		recordal: day('recordal'),
		notice: day('notice'),
	};
}

const MISSING: Record<Extract<FeeAnswer, { state: 'unknown' }>['missing'], string> = {
	office: 'There is no rule for this office.',
	fee: 'The office has no such fee.',
	filing: 'The filing date is missing.',
	grant: 'The grant date is missing.',
	registration: 'The registration date is missing.',
	grantPublication: 'The date the grant was published is missing.',
	recordal: 'The date the patent was recorded is missing.',
};

/** Why a fee has no days of its own, in words. */
function wordsOf(answer: Exclude<FeeAnswer, { state: 'dated' }>): string {
	if (answer.state === 'unknown') return MISSING[answer.missing];
	if (answer.state === 'with-grant') return 'Paid with the grant or registration.';
	return answer.state === 'after-term' ? 'The term has ended before.' : 'Not due to this office.';
}
