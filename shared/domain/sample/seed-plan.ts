import type { Random } from './random.ts';
import { officesOf, type SampleClient, sampleClients } from './sample-clients.ts';

/** How much of everything a benchmark store holds. */
export interface SeedSize {
	accounts: number;
	assets: number;
	renewals: number;
	/** Rows a SAM writes: contacts, issues, visits with people and checklists, tasks, notes. */
	authored: number;
}

export const SEED_SIZES = {
	small: { accounts: 5, assets: 2000, renewals: 20_000, authored: 2000 },
	typical: { accounts: 15, assets: 40_000, renewals: 450_000, authored: 20_000 },
	large: { accounts: 25, assets: 200_000, renewals: 2_200_000, authored: 60_000 },
	stress: { accounts: 40, assets: 400_000, renewals: 4_400_000, authored: 100_000 },
} as const satisfies Record<string, SeedSize>;

/** What a real portfolio has too and no entity holds yet. */
export const SEED_LEFT_OUT = [
	'families',
	'instructions',
	'payments',
	'processing events',
	'invoice lines',
	'queries',
] as const;

/** The clients of a seeded store: the sample's, then more in the same manner, with their shares of the cases. */
export function seedClients(random: Random, size: SeedSize): SampleClient[] {
	const clients: SampleClient[] = [];
	for (let index = 0; index < size.accounts; index++) clients.push(sampleClients[index] ?? moreClient(random, index));
	const weight = clients.reduce((sum, client) => sum + client.cases, 0);
	const shared = clients.map((client) => ({ ...client, cases: Math.floor((client.cases / weight) * size.assets) }));
	const rest = size.assets - shared.reduce((sum, client) => sum + client.cases, 0);
	return shared.map((client, index) => (index === 0 ? { ...client, cases: client.cases + rest } : client));
}

/** Mostly offices with a fee every year, so that a case has the eleven renewals that are usual. */
export function seedOffices(client: SampleClient): [string, number][] {
	const scale: Record<string, number> = { US: 0.25, EP: 0.3 };
	return officesOf(client.country).map(([code, weight]) => [code, weight * (scale[code] ?? 1)]);
}

const FIRST = [
	'Arden',
	'Belmont',
	'Carrow',
	'Dunmore',
	'Eastlake',
	'Farrow',
	'Glenhaven',
	'Harlow',
	'Ivoryton',
	'Jarrow',
	'Kingsmere',
	'Larkhill',
	'Marlowe',
	'Norwood',
	'Oakfield',
	'Penrose',
	'Quarry',
	'Redfern',
	'Stanmore',
	'Thornbury',
	'Upwell',
	'Vantage',
	'Wexcombe',
	'Yarrow',
	'Zelwood',
] as const;
const LAST = [
	'Instruments',
	'Dynamics',
	'Biologics',
	'Photonics',
	'Robotics',
	'Foundries',
	'Therapeutics',
	'Aerospace',
] as const;

/** A further fictional client, with somebody else's place and field. */
function moreClient(random: Random, index: number): SampleClient {
	const like = sampleClients[index % sampleClients.length] as SampleClient;
	const first = FIRST[(index - sampleClients.length) % FIRST.length] as string;
	const name = `${first} ${random.pick(LAST)} Ltd`;
	const prefix = `${first.slice(0, 1)}${first.slice(-1).toUpperCase()}${index}`;
	return {
		...like,
		id: `acc-${first.toLowerCase()}`,
		name,
		legalName: `${name} (fictional)`,
		prefix,
		cases: random.int(40, 220),
		tier: random.pick(['KEY', 'STANDARD'] as const),
	};
}
