import type { EntityName } from '../../entities/registry.ts';
import { addDays, localDate } from '../days.ts';
import { createRandom, type Random } from './random.ts';
import { officesOf, type SampleClient, sampleClients } from './sample-clients.ts';
import { sampleIssues } from './sample-issues.ts';
import { samplePeople, sampleUsers } from './sample-people.ts';
import { sampleCases } from './sample-portfolio.ts';
import { sampleVisits } from './sample-visits.ts';

/** One record of the sample, as the server or a store takes it in. Fields that are left out are empty. */
export interface SampleRow {
	t: EntityName;
	id: string;
	v: Record<string, unknown>;
}

const SEED = 20_261_123;

/**
 * The fictional sample workspace around the day of `now`: colleagues, clients and their people, a portfolio with its
 * renewals, issues, visits and tasks. The same day gives the same records. Notes are documents and are not among them.
 */
export function sampleRecords(now: Date): SampleRow[] {
	const random = createRandom(SEED);
	const today = localDate(now);
	const people = samplePeople(random);
	const portfolio = samplePortfolio(random, today);
	return [
		...sampleUsers.map(({ id, v }): SampleRow => ({ t: 'app_user', id, v: { ...v } })),
		...sampleClients.map((client, index) => accountRow({ client, index, today })),
		...people.map(({ id, values }): SampleRow => ({ t: 'contact', id, v: values })),
		...portfolio,
		...sampleIssues(random, { today, people }).map(({ id, values }): SampleRow => ({ t: 'issue', id, v: values })),
		...sampleVisits({ today, people }),
	];
}

/** A client as an account record. */
export function accountRow({
	client,
	index,
	today,
}: {
	client: SampleClient;
	index: number;
	today: string;
}): SampleRow {
	const { id, name, legalName, city, country, zone, currency, tier, segment, status, since, cases } = client;
	const sponsor = { sponsor_contact_id: `${id.replace('acc-', 'con-')}-1` };
	const office = {
		name,
		legal_name: legalName,
		tier,
		segment,
		city,
		country,
		billing_currency: currency,
		time_zone: zone,
		status,
	};
	const v = {
		account_no: `S-${String(index + 1).padStart(4, '0')}`,
		...office,
		sam_user: 'u-sam',
		css_user: 'u-specialist',
		start_date: since,
		annual_value: `${cases * 610}.00`,
		priorities: PRIORITIES[index % PRIORITIES.length],
		strategic_value:
			id === 'acc-halden' ? 'Contract ends 30 June; two providers were asked to quote in October.' : undefined,
		next_visit_due: addDays(today, 30 + index * 9),
		office_as_of: `${today}T06:00:00.000Z`,
		...sponsor,
	};
	return { t: 'account', id, v: withoutUndefined(v) };
}

const PRIORITIES = [
	'No surcharge this year. One list of undecided cases every Monday.',
	'Invoices with the right cost centre, every month.',
	'A forecast the finance department can use without rework.',
	'Fewer questions to the inventors; decide by family.',
] as const;

function samplePortfolio(random: Random, today: string): SampleRow[] {
	const rows: SampleRow[] = [];
	const last = { asset: 0, renewal: 0 };
	const newId = (kind: 'asset' | 'renewal') =>
		`${kind === 'asset' ? 'pat' : 'ren'}-${String(++last[kind]).padStart(5, '0')}`;
	for (const client of sampleClients) {
		const options = {
			client,
			count: client.cases,
			random,
			newId,
			today,
			years: { back: 3, ahead: 3 },
			ages: { youngest: 1.5, oldest: 17 },
			offices: officesOf(client.country),
			firstFamily: 101,
		};
		for (const { id, asset, renewals } of sampleCases(options)) {
			rows.push({ t: 'patent_asset', id, v: withoutUndefined(asset) });
			rows.push(...renewals.map((renewal): SampleRow => ({ t: 'renewal_event', id: renewal.id, v: renewal.values })));
		}
	}
	return rows;
}

function withoutUndefined(values: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
