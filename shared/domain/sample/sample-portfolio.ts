import { addDays } from '../days.ts';
import { matchKey, readPatentNumber } from '../importing/patent-number.ts';
import { addMonths, yearOf } from '../months.ts';
import type { Random } from './random.ts';
import type { SampleClient } from './sample-clients.ts';
import { sampleNumbers } from './sample-numbers.ts';
import { feeDates, feesBetween, type SampleOffice, sampleOffice } from './sample-offices.ts';
import { sampleRenewal } from './sample-renewals.ts';
import { sampleTitle } from './sample-titles.ts';

export type Values = Record<string, unknown>;

/** One case with its renewals, oldest first. */
export interface SampleCase {
	id: string;
	asset: Values;
	renewals: { id: string; values: Values }[];
}

export interface PortfolioOptions {
	client: SampleClient;
	count: number;
	random: Random;
	/** Makes the id of the next record of that kind. */
	newId(kind: 'asset' | 'renewal'): string;
	today: string;
	/** Renewals due in these years around today. */
	years: { back: number; ahead: number };
	/** How old the cases' priorities are, in years; at least one and a half. */
	ages: { youngest: number; oldest: number };
	/** Which offices they are filed in, with weights. */
	offices: readonly (readonly [string, number])[];
	/** Numbers the client's families from here. */
	firstFamily: number;
}

/** The cases of one client, family by family, one at a time: a large portfolio is never held in memory. */
export function* sampleCases(options: PortfolioOptions): Generator<SampleCase> {
	const { client, random, count, today } = options;
	let made = 0;
	for (let family = options.firstFamily; made < count; family++) {
		const size = Math.min(
			count - made,
			random.weighted([
				[1, 10],
				[2, 10],
				[3, 14],
				[5, 20],
				[7, 14],
				[10, 6],
			]),
		);
		const priority = addDays(today, -random.int(Math.round(options.ages.youngest * 365), options.ages.oldest * 365));
		const title = sampleTitle(random, client.field);
		const offices = pickOffices(random, options.offices, size);
		for (const code of offices) yield makeCase(options, { family, priority, title, code });
		made += offices.length;
	}
}

interface Member {
	family: number;
	priority: string;
	title: string;
	code: string;
}

function pickOffices(random: Random, offices: PortfolioOptions['offices'], size: number): string[] {
	const left = [...offices];
	const picked: string[] = [];
	while (picked.length < size) {
		const code = random.weighted(left);
		picked.push(code);
		left.splice(
			left.findIndex(([each]) => each === code),
			1,
		);
	}
	return picked;
}

function makeCase(options: PortfolioOptions, { family, priority, title, code }: Member): SampleCase {
	const { client, random, today, newId, years } = options;
	const office = sampleOffice(code);
	const filed = addDays(addMonths(priority, code === client.country ? 0 : 12), random.int(0, 3));
	const grantDue = addMonths(filed, random.int(...office.pendency));
	const granted = grantDue < today ? grantDue : undefined;
	const number = String(family).padStart(4, '0');
	const { app_no, pub_no, grant_no } = sampleNumbers(random, code, yearOf(filed));
	const id = newId('asset');
	const asset: Values = {
		account_id: client.id,
		client_ref: `${client.prefix}-${code}-${number}`,
		provider_ref: `${client.prefix}${number}.${code}`,
		family_ref: `${client.prefix}-${number}`,
		country: code,
		title,
		owner_name: client.name,
		app_no,
		match_key: keyOf(app_no, code),
		filing_date: filed,
		priority_date: priority,
		status: granted ? 'GRANTED' : 'PENDING',
		cost_centre: `${client.prefix}${random.int(1, 6)}00`,
		expiry_date: addMonths(filed, 240),
	};
	const published = addMonths(priority, 18);
	if (published < today) Object.assign(asset, { pub_no, pub_date: published });
	if (granted) Object.assign(asset, { grant_no, grant_date: granted });
	const span = [addMonths(today, -12 * years.back), addMonths(today, 12 * years.ahead)] as const;
	const renewals = makeRenewals(options, { id, asset, office, filed, granted, span });
	if (random.chance(0.02)) asset.watch = true;
	return { id, asset, renewals };
}

interface CaseDates {
	id: string;
	asset: Values;
	office: SampleOffice;
	filed: string;
	granted: string | undefined;
	span: readonly [string, string];
}

/** The case's renewals; one that lapses or is given up is the last, and the case says so. */
function makeRenewals({ client, random, today, newId }: PortfolioOptions, dates: CaseDates): SampleCase['renewals'] {
	const { id, asset, office, filed, granted } = dates;
	const base = office.base === 'grant' ? granted : filed;
	const renewals: SampleCase['renewals'] = [];
	for (const fee of base === undefined ? [] : feesBetween(office, base, payable(dates))) {
		const plan = { client, office, fee, dates: feeDates(office, base as string, fee), today };
		const values: Values = { account_id: client.id, asset_id: id, ...sampleRenewal(random, plan) };
		renewals.push({ id: newId('renewal'), values });
		const ended = endOf(values, today);
		if (ended) asset.status = ended;
		if (ended === 'LAPSED' || ended === 'ABANDONED') return renewals;
	}
	if (String(asset.expiry_date) < today) asset.status = 'EXPIRED';
	return renewals;
}

/** From when to when fees fall due: before grant only where the office asks for them, and to the EPO only until then. */
function payable({ office, granted, span: [from, to] }: CaseDates): [string, string] {
	if (!office.pending && granted === undefined) return [to, from];
	const start = !office.pending && granted !== undefined && granted > from ? granted : from;
	return [start, office.code === 'EP' && granted !== undefined && granted < to ? granted : to];
}

/** What an unpaid renewal makes of the case. */
function endOf({ status, due_date }: Values, today: string): string | undefined {
	if (status === 'LAPSED' || status === 'CANCELLED') return 'LAPSED';
	if (String(due_date) >= today || status === 'PAID' || status === 'PAID_LATE') return undefined;
	return status === 'INSTRUCTED_ABANDON' ? 'ABANDONED' : 'LAPSED_GRACE';
}

function keyOf(appNo: string, country: string): string | undefined {
	const number = readPatentNumber(appNo, country, 'A');
	return number ? matchKey(number, 'A', country) : undefined;
}
