import type { EntityName } from '../../entities/registry.ts';
import { createRandom } from './random.ts';
import { sampleUsers } from './sample-people.ts';
import { sampleCases } from './sample-portfolio.ts';
import { accountRow } from './sample-workspace.ts';
import { seedAuthored } from './seed-authored.ts';
import { type SeedSize, seedClients, seedOffices } from './seed-plan.ts';

/** One row of a benchmark store; a note brings the paragraphs of its text. */
export interface SeedRow {
	t: EntityName;
	id: string;
	v: Record<string, unknown>;
	paragraphs?: string[];
}

export interface SeedOptions {
	size: SeedSize;
	seed: number;
	/** The local date that "today" is in the store. */
	today: string;
}

/** The rows of a benchmark store, one at a time: the largest has five million. The same options give the same rows. */
export function* seedRows({ size, seed, today }: SeedOptions): Generator<SeedRow> {
	const random = createRandom(seed);
	const newId = idSequence(today);
	for (const { id, v } of sampleUsers) yield { t: 'app_user', id, v: { ...v } };
	const clients = seedClients(random, size);
	for (const [index, client] of clients.entries()) {
		const row = accountRow({ client, index, today });
		// The sample's sponsors are not here.
		yield { ...row, v: { ...row.v, sponsor_contact_id: null } };
	}
	// Two years more ahead than asked give each case enough renewals; the quota below takes the furthest away again.
	const span = { years: { back: 10, ahead: 7 }, ages: { youngest: 9, oldest: 16 }, firstFamily: 1 };
	const made = { assets: 0, renewals: 0 };
	for (const client of clients) {
		const options = { client, count: client.cases, random, newId, today, offices: seedOffices(client), ...span };
		for (const { id, asset, renewals } of sampleCases(options)) {
			made.assets++;
			const quota = Math.ceil((made.assets / size.assets) * size.renewals) - made.renewals;
			const kept = renewals.slice(0, Math.max(0, quota));
			made.renewals += kept.length;
			yield { t: 'patent_asset', id, v: asset };
			for (const renewal of kept) yield { t: 'renewal_event', id: renewal.id, v: renewal.values };
		}
	}
	yield* seedAuthored({ clients, count: size.authored, random, newId, today });
}

/** Ids like those the app makes, one after the other in time, without chance. */
function idSequence(today: string): () => string {
	let last = Date.parse(`${today}T00:00:00Z`) - 400 * 86_400_000;
	return () => {
		const time = (++last).toString(16).padStart(12, '0');
		const tail = (last * 2_654_435_761) % 2 ** 48;
		return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail.toString(16).padStart(12, '0')}`;
	};
}
