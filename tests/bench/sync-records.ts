import type { SeedRecord } from '../../server/seed.ts';

/** One record of the workloads: eleven fields, some 370 bytes as JSON. The same for the product, the floor and the peers. */
export interface BenchRecord {
	id: string;
	account: string;
	kind: string;
	title: string;
	status: string;
	priority: string;
	owner: string;
	due: string;
	amount: string;
	created: string;
	body: string;
}

/** Fields of a record in the order in which they are stored. */
export const COLUMNS = [
	'id',
	'account',
	'kind',
	'title',
	'status',
	'priority',
	'owner',
	'due',
	'amount',
	'created',
	'body',
] as const satisfies readonly (keyof BenchRecord)[];

const ACCOUNTS = 400;
const PEOPLE = 40;

const words =
	'annuity renewal deadline grace surcharge instruction portfolio transfer invoice objection review proof agent office claim family priority validation lapse restoration fee cutoff reminder evidence approval budget audit dispute meeting summary escalation mandate'.split(
		' ',
	);
const statuses = ['OPEN', 'IN_PROGRESS', 'WAITING_CLIENT', 'WAITING_INTERNAL'];
const priorities = ['URGENT', 'HIGH', 'NORMAL', 'LOW'];
const types = ['QUERY', 'CONCERN', 'ESCALATION', 'COMPLAINT'];

/** The id of record number `index`. */
export function recordId(index: number): string {
	return `rec${String(index).padStart(7, '0')}`;
}

/** The first `count` records, the same in every process. */
export function* benchRecords(count: number): Generator<BenchRecord> {
	const random = randomFrom(7);
	const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
	for (let index = 0; index < count; index += 1) {
		let body = '';
		while (body.length < 150) body += `${pick(words)} `;
		yield {
			id: recordId(index),
			account: `acc${String(Math.floor(random() * ACCOUNTS)).padStart(5, '0')}`,
			kind: pick(types),
			title: `${pick(words)} ${pick(words)} #${index}`,
			status: pick(statuses),
			priority: pick(priorities),
			owner: `user${Math.floor(random() * PEOPLE)}`,
			due: new Date(1.78e12 + Math.floor(random() * 3e10)).toISOString().slice(0, 10),
			amount: `${(Math.floor(random() * 1e7) / 100).toFixed(2)} EUR`,
			created: new Date(1.76e12 + index * 1000).toISOString(),
			body: body.slice(0, 150),
		};
	}
}

/** Ids of the accounts that the records lie on. */
export function accountIds(): string[] {
	return Array.from({ length: ACCOUNTS }, (_, index) => `acc${String(index).padStart(5, '0')}`);
}

/** The records as a server of the product has them: issues on accounts, and the people who own them. */
export function* productRecords(count: number): Generator<SeedRecord> {
	for (const id of accountIds()) yield { t: 'account', id, v: { account_no: id, name: `Client ${id} (fictional)` } };
	for (let index = 0; index < PEOPLE; index += 1)
		yield { t: 'app_user', id: `user${index}`, v: { name: `Colleague ${index}`, role: 'SAM' } };
	for (const record of benchRecords(count)) yield { t: 'issue', id: record.id, v: asIssue(record) };
}

/** An issue has its number in a field of its own, so it is not in its title as well. */
function asIssue(record: BenchRecord): Record<string, unknown> {
	const [title, number] = record.title.split(' #');
	return {
		account_id: record.account,
		ref_no: `I-${number}`,
		title,
		type: record.kind,
		status: record.status,
		priority: record.priority,
		owner_id: record.owner,
		due_date: record.due,
		remedy: record.amount,
		received_at: record.created,
		client_summary: record.body,
	};
}

/** Numbers in [0, 1) from a seed (xorshift32). */
function randomFrom(seed: number): () => number {
	let state = seed >>> 0 || 1;
	return () => {
		state ^= state << 13;
		state >>>= 0;
		state ^= state >>> 17;
		state ^= state << 5;
		state >>>= 0;
		return state / 4_294_967_296;
	};
}
