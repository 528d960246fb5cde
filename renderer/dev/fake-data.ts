import type { AccountRow, IssueRow, RenewalRow } from '../../shared/contract/models.ts';

/** Fictional records for looking at screens without a core. Used in development and tests only. */

const dayMs = 86_400_000;

export function dayFrom(days: number): string {
	return new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);
}

export function instantFrom(days: number, hours = 0): string {
	return new Date(Date.now() + days * dayMs + hours * 3_600_000).toISOString();
}

type Short = [name: string, city: string, country: string, tier: AccountRow['tier'], zone: string, figures: number[]];

// figures: cases, open, urgent, undecided, days to cut-off, days since contact, days to visit
const shorts: Short[] = [
	['Brandt & Hale LLP', 'Chicago', 'US', 'STRATEGIC', 'America/Chicago', [7400, 14, 2, 31, 3, 4, 12]],
	['Halden Pharma AG', 'Basel', 'CH', 'STRATEGIC', 'Europe/Zurich', [1240, 6, 1, 7, 3, 0, 1]],
	['Kestrel Semiconductor Inc.', 'Austin', 'US', 'STRATEGIC', 'America/Chicago', [3860, 9, 0, 4, 9, 2, 0]],
	['Tanaka Optics KK', 'Osaka', 'JP', 'KEY', 'Asia/Tokyo', [980, 4, 1, 0, 15, 11, 30]],
	['Lindqvist Turbin AB', 'Göteborg', 'SE', 'KEY', 'Europe/Stockholm', [615, 2, 0, 2, 22, 6, 0]],
	['Orsett Marine Systems plc', 'Southampton', 'GB', 'KEY', 'Europe/London', [2110, 3, 0, 0, 25, 74, 0]],
	['Universität Weidental', 'Weidental', 'DE', 'STANDARD', 'Europe/Berlin', [430, 1, 0, 0, 29, 19, 0]],
	['Calloway Agritech Co.', 'Fresno', 'US', 'STANDARD', 'America/Los_Angeles', [265, 0, 0, 0, 49, 33, 0]],
	['Nordvik Energi AS', 'Stavanger', 'NO', 'KEY', 'Europe/Oslo', [1705, 5, 0, 3, 52, 12, 44]],
	['Pereira Biomateriais S.A.', 'Porto', 'PT', 'STANDARD', 'Europe/Lisbon', [318, 1, 0, 0, 58, 40, 0]],
	['Hanseong Display Co.', 'Seoul', 'KR', 'STRATEGIC', 'Asia/Seoul', [5020, 7, 0, 12, -1, 8, 60]],
	['Whitcombe Polymers Ltd', 'Leeds', 'GB', 'SMALL', 'Europe/London', [142, 0, 0, 0, 71, 90, 0]],
];

export const accounts: AccountRow[] = shorts.map(([name, city, country, tier, time_zone, figures], index) => {
	const [assets = 0, open = 0, urgent = 0, undecided = 0, cutoff = 0, contact = 0, visit = 0] = figures;
	return {
		id: `acc-${index + 1}`,
		account_no: `A-${1001 + index}`,
		name,
		city,
		country,
		tier,
		status: 'ACTIVE',
		time_zone,
		assets,
		open_issues: open,
		urgent_issues: urgent,
		undecided,
		next_cutoff: dayFrom(cutoff),
		next_visit_at: visit ? instantFrom(visit) : null,
		next_visit_zone: visit ? time_zone : null,
		last_contact_at: instantFrom(-contact, -1),
	};
});

export const issues: IssueRow[] = [
	['Cost centre missing on 14 invoices', 'COMPLAINT', 'IN_PROGRESS', 'URGENT', 0],
	['Late receipt from the agent in Korea', 'ESCALATION', 'WAITING_INTERNAL', 'HIGH', 2],
	['Agent fee in Japan higher than quoted', 'QUERY', 'OPEN', 'NORMAL', 5],
	['Annual review: list of undecided cases', 'AUDIT', 'WAITING_CLIENT', 'NORMAL', -3],
].map(([title, type, status, priority, due], index) => ({
	id: `iss-${index + 1}`,
	ref_no: `I-${504 - index}`,
	title: String(title),
	type: type as IssueRow['type'],
	status: status as IssueRow['status'],
	priority: priority as IssueRow['priority'],
	due_date: dayFrom(Number(due)),
	account_id: 'acc-2',
	owner_id: 'usr-1',
	updated_at: instantFrom(-1),
	account_name: 'Halden Pharma AG',
	owner_name: index % 2 ? 'Jonas Keller' : 'Mara Lindt',
	conflicts: index === 0 ? 1 : 0,
	unsent: index === 0,
}));

export function renewalsOf(accountId: string): RenewalRow[] {
	return Array.from({ length: 12 }, (_, index) => ({
		id: `ren-${index}`,
		asset_id: `ast-${index}`,
		account_id: accountId,
		fee_no: String(4 + index),
		due_date: dayFrom(index * 9 + 8),
		free_until: dayFrom(index * 9 + 8),
		grace_end: dayFrom(index * 9 + 190),
		client_cutoff: dayFrom(index * 9 + 3),
		status: index % 3 === 0 ? 'OPEN' : index % 3 === 1 ? 'INSTRUCTED_PAY' : 'REMINDED',
		official_fee: String(470 + index * 35),
		service_fee: '85.00',
		currency: ['EUR', 'JPY', 'USD'][index % 3] ?? 'EUR',
		title: 'Tablet with delayed release and a coat of two layers',
		client_ref: `HP-${['EP', 'JP', 'US'][index % 3]}-0${417 + index}`,
		number: `${2_911_004 + index * 313}`,
		country: ['EP', 'JP', 'US'][index % 3] ?? 'EP',
	}));
}
