import { addDays } from '../days.ts';
import { addMonths, addYears, endOfMonth, startOfMonth, weekdayOf } from '../months.ts';
import type { FeeNumber } from './fee-number.ts';
import { findRule } from './find-rule.ts';
import type { LateGrant, OfficeRule, RuleBase } from './office-rule.ts';
import { isUsFederalHoliday } from './us-holidays.ts';

/** How the case came to its office. */
export type Route = 'national' | 'ep-direct' | 'euro-pct' | 'pct' | 'up' | 'ea';

/** What is known of a case; days as "2026-11-30", null where nothing is known. */
export interface RenewalFacts {
	office: string;
	route: Route;
	/** For a case from the PCT the international filing date. */
	filing: string | null;
	priority: string | null;
	/** For a European or unitary patent the day its grant was mentioned. */
	grant: string | null;
	registration: string | null;
	grantPublication: string | null;
	recordal: string | null;
	/** Canada: the notice of a late fee. Unitary patent: the notification under Rule 7(1). */
	notice: string | null;
	/** A divisional: the day it was filed as such. */
	divisional?: string | null;
}

export interface FeeDates {
	/** From when payment is valid; null where no rule says so. */
	windowOpens: string | null;
	due: string;
	/** Last day without and last day with a surcharge. */
	freeUntil: string;
	graceEnd: string;
}

export type FeeAnswer =
	| {
			state: 'dated';
			rule: OfficeRule;
			/** The four days as the rule gives them. */
			nominal: FeeDates;
			/** The same where the office is open: what falls on a weekend (United States: or a federal holiday) moves on. */
			rolled: FeeDates;
			/** Fallen due at or after the grant together with others. */
			arrears: boolean;
	  }
	/** Paid with the grant or registration, or the European Patent Office's and not this office's: no days of its own. */
	| { state: 'with-grant' | 'not-due' | 'after-term'; rule: OfficeRule }
	| { state: 'unknown'; missing: 'office' | 'fee' | FactName };

export type FactName = 'filing' | 'grant' | 'registration' | 'grantPublication' | 'recordal';

const BASE_FACT: Record<RuleBase, FactName> = {
	FILING: 'filing',
	GRANT: 'grant',
	REGISTRATION: 'registration',
	GRANT_PUBLICATION: 'grantPublication',
};

/**
 * The days of one fee of one case, by the rule of its office that holds for it. Days are plain calendar days at the
 * office. Nothing is guessed: where a fact is missing that the rule needs, the answer names it.
 */
export function renewalDates(facts: RenewalFacts, fee: FeeNumber): FeeAnswer {
	const first = findRule(facts.office, { filing: facts.filing, due: null });
	if (!first) return { state: 'unknown', missing: 'office' };
	const tried = datesUnder(first, facts, fee);
	if (tried.state !== 'dated') return tried;
	const valid = findRule(facts.office, { filing: facts.filing, due: tried.nominal.due });
	return valid && valid !== first ? datesUnder(valid, facts, fee) : tried;
}

function datesUnder(rule: OfficeRule, facts: RenewalFacts, fee: FeeNumber): FeeAnswer {
	const base = facts[BASE_FACT[rule.base]];
	const missing = BASE_FACT[rule.base];
	if (base === null && !isFirstBlockAtGrant(rule, facts, fee)) return { state: 'unknown', missing };
	const anniversary = base === null ? null : anniversaryOf(rule, base, fee);
	if (anniversary === 'no-such-fee') return { state: 'unknown', missing: 'fee' };
	const expiry = expiryDate(rule, facts);
	if (anniversary !== null && expiry !== null && anniversary >= expiry) return { state: 'after-term', rule };
	if (anniversary !== null && isAnotherOffices(facts, anniversary)) return { state: 'not-due', rule };
	if (isBeforeFirst(rule, fee) && rule.lateGrant === 'NONE')
		return { state: rule.pending ? 'not-due' : 'with-grant', rule };
	const late = lateGrantDate(rule, facts, { fee, anniversary });
	if (late === 'with-grant') return { state: 'with-grant', rule };
	if (late === 'no-recordal') return { state: 'unknown', missing: 'recordal' };
	if (late === null && anniversary === null) return { state: 'unknown', missing };
	const regular = anniversary === null ? null : dueOn(rule, anniversary);
	const start = { rule, facts, fee, regular, late };
	const nominal = windowOf(start);
	return { state: 'dated', rule, nominal, rolled: roll(rule, nominal), arrears: late !== null };
}

/** The day a patent's term ends, without adjustments; null while its filing date is not known. */
export function expiryDate(rule: OfficeRule, facts: Pick<RenewalFacts, 'filing'>): string | null {
	return facts.filing === null ? null : addYears(facts.filing, rule.termYears);
}

/** The anniversary a fee belongs to, before any rule on the day of the month. */
function anniversaryOf(rule: OfficeRule, base: string, { from }: FeeNumber): string | 'no-such-fee' {
	const { counting } = rule;
	if (counting.by === 'STAGE') {
		const stage = counting.stages.find(({ years }) => years === from);
		return stage ? addMonths(base, stage.months) : 'no-such-fee';
	}
	if (!Number.isInteger(from)) return 'no-such-fee';
	if (counting.by === 'ANNIVERSARY')
		return counting.only && !counting.only.includes(from) ? 'no-such-fee' : addYears(base, from);
	return addYears(base, from - 1);
}

/** Israel's first block hangs on the grant alone. */
function isFirstBlockAtGrant(rule: OfficeRule, facts: RenewalFacts, fee: FeeNumber): boolean {
	return rule.counting.by === 'BLOCK' && typeof rule.lateGrant === 'object' && fee.from === 1 && facts.grant !== null;
}

/**
 * Fees of a European patent belong to the European Patent Office up to the patent year in which the grant is mentioned,
 * and to the states or the unitary patent from the next (EPC Articles 86(2) and 141).
 */
function isAnotherOffices(facts: RenewalFacts, anniversary: string): boolean {
	if (facts.grant === null) return false;
	if (facts.office === 'EP') return anniversary > facts.grant;
	return isFromEurope(facts) && anniversary <= facts.grant;
}

function isFromEurope({ office, route }: RenewalFacts): boolean {
	return office === 'UP' || (office !== 'EP' && (route === 'ep-direct' || route === 'euro-pct'));
}

interface Placed {
	fee: FeeNumber;
	anniversary: string | null;
}

/** When a fee that the late grant has caught falls due; null when it has its regular day. */
function lateGrantDate(
	rule: OfficeRule,
	facts: RenewalFacts,
	{ fee, anniversary }: Placed,
): string | 'with-grant' | 'no-recordal' | null {
	const { lateGrant } = rule;
	const { grant } = facts;
	if (lateGrant === 'NONE') return null;
	if (lateGrant === 'WITH_GRANT')
		return grant !== null && anniversary !== null && anniversary <= grant ? 'with-grant' : null;
	if (isFromEurope(facts) && rule.office !== 'GB') return null;
	const from = lateGrant.from === 'RECORDAL' ? facts.recordal : grant;
	if (from === null) return isOverdueUnrecorded(lateGrant, facts, anniversary) ? 'no-recordal' : null;
	const due = lateDue(lateGrant, from);
	const caught = lateGrant.within > 0 ? anniversary === null || anniversary <= due : (anniversary ?? from) <= from;
	const first = rule.counting.by === 'BLOCK' && fee.from === 1;
	return caught || first ? due : null;
}

/** Years before the first one with a day of its own: paid with the filing or the registration. */
function isBeforeFirst({ counting }: OfficeRule, { from }: FeeNumber): boolean {
	return (counting.by === 'PATENT_YEAR' || counting.by === 'ANNIVERSARY') && from < counting.first;
}

/** Granted, and this fee fell due before, but the day on which the register was written is not known. */
function isOverdueUnrecorded(lateGrant: LateGrant, { grant }: RenewalFacts, anniversary: string | null): boolean {
	const fromRecordal = typeof lateGrant === 'object' && lateGrant.from === 'RECORDAL';
	return fromRecordal && grant !== null && anniversary !== null && anniversary <= grant;
}

function lateDue(late: Extract<LateGrant, object>, from: string): string {
	if (late.day === 'END_OF_MONTH') return endOfMonth(from, late.months);
	const same = addMonths(from, late.months);
	return late.day === 'LAST_DAY' ? addDays(same, -1) : same;
}

function dueOn({ dueDay }: OfficeRule, anniversary: string): string {
	if (dueDay === 'END_OF_MONTH') return endOfMonth(anniversary);
	if (dueDay === 'END_OF_NEXT_DAYS_MONTH') return endOfMonth(addDays(anniversary, 1));
	return dueDay === 'DAY_BEFORE' ? addDays(anniversary, -1) : anniversary;
}

interface Start {
	rule: OfficeRule;
	facts: RenewalFacts;
	fee: FeeNumber;
	regular: string | null;
	late: string | null;
}

/** The four days, from the one on which the fee falls due. */
function windowOf(start: Start): FeeDates {
	const { rule, facts, late, regular } = start;
	const due = shifted(rule, facts, late ?? (regular as string));
	const isShifted = due !== regular;
	const freeUntil = latest(after(rule, due, rule.freeMonths), safeUntil(facts, due));
	const graceEnd = latest(after(rule, due, rule.graceMonths), noticeEnd(facts), freeUntil);
	return { windowOpens: opensOn(start, isShifted ? due : null), due, freeUntil, graceEnd };
}

/** Fees that fall due later than by their anniversary for reasons other than a late grant. */
function shifted(rule: OfficeRule, facts: RenewalFacts, due: string): string {
	if (rule.office === 'EP' && facts.route === 'euro-pct') {
		const start = facts.priority ?? facts.filing;
		if (start !== null) return latest(due, addMonths(start, 31));
	}
	if (rule.office === 'EP' && facts.divisional) return latest(due, facts.divisional);
	const isBetween = rule.office === 'UP' && facts.grant && facts.notice && due >= facts.grant && due <= facts.notice;
	return isBetween && facts.notice ? facts.notice : due;
}

function after({ dueDay, endsOfMonth }: OfficeRule, due: string, months: number): string {
	if (months === 0 && !endsOfMonth) return due;
	const byMonth = endsOfMonth || (dueDay.startsWith('END_OF') && due === endOfMonth(due));
	return byMonth ? endOfMonth(due, months) : addMonths(due, months);
}

/** Until when a young European, unitary or divisional case pays without surcharge although the fee is due; "" for none. */
function safeUntil(facts: RenewalFacts, due: string): string {
	const { office, grant, notice, divisional } = facts;
	if (office === 'UP' && notice && due >= notice && due <= addMonths(notice, 3)) return addMonths(notice, 3);
	if (office === 'EP' && divisional && due >= divisional && due <= addMonths(divisional, 4))
		return addMonths(divisional, 4);
	// EPC Article 141(2): what falls due within two months of the mention may be paid in those two months.
	const isYoung = isFromEurope(facts) && office !== 'UP' && grant !== null && due <= addMonths(grant, 2);
	return isYoung && grant !== null ? addMonths(grant, 2) : '';
}

function noticeEnd({ office, notice }: RenewalFacts): string {
	return office === 'CA' && notice ? addMonths(notice, 2) : '';
}

function opensOn({ rule, facts, fee, regular, late }: Start, shiftedTo: string | null): string | null {
	const { opens, counting } = rule;
	if (!opens) return null;
	if (late !== null) return facts.grant;
	const isFirst = counting.by === 'PATENT_YEAR' && fee.from === counting.first;
	const months = isFirst && opens.first ? opens.first : opens.months;
	if (counting.by === 'STAGE') {
		const stage = counting.stages.find(({ years }) => years === fee.from);
		// From the grant, not back from the due date: 31 August and 36 months is not six months before 28 February.
		return facts.grant && stage ? addMonths(facts.grant, stage.months - months) : null;
	}
	const due = shiftedTo ?? (regular as string);
	if (opens.fromMonthStart) return startOfMonth(due, -months);
	return after(rule, due, -months);
}

/** Moves what falls on a closed day on. The due date stays: it is what the office counts from. */
function roll(rule: OfficeRule, dates: FeeDates): FeeDates {
	const isHoliday = rule.roll === 'STATUTE' ? isUsFederalHoliday : () => false;
	return { ...dates, freeUntil: open(dates.freeUntil, isHoliday), graceEnd: open(dates.graceEnd, isHoliday) };
}

function open(day: string, isHoliday: (day: string) => boolean): string {
	let moved = day;
	while (weekdayOf(moved) % 6 === 0 || isHoliday(moved)) moved = addDays(moved, 1);
	return moved;
}

function latest(...days: readonly string[]): string {
	return days.reduce((last, day) => (day > last ? day : last));
}
