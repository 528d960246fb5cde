import { createHash } from 'node:crypto';
import { readMeta, writeMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import { hasPending } from '../../../../db/purge.ts';
import { differingTables, digestReply, type TableDigest } from '../../../../shared/sync/digest.ts';
import { SCHEMA } from '../../../../shared/sync/protocol.ts';
import { readJson } from '../reaching/ask.ts';
import { TransportError } from '../reaching/transport.ts';
import type { Round } from '../sync-round.ts';
import { digestOfHeld } from './held-digest.ts';
import { isStaging } from './staging.ts';

const EVERY_MS = 7 * 86_400_000;

/** How long a comparison waits that the server could not answer. */
const POSTPONED_MS = 3_600_000;

/** An account of which laptop and office do not hold the same. */
export interface Difference {
	account: string;
	name: string;
	/** Names of entities; empty when the office says that the account is not this person's. */
	tables: string[];
	/** Of both sides' sums: by it the same difference is known again. */
	mark: string;
}

/** True when it is time to compare: after a pull from the start and once a week. The server must be able to. */
export function isCompareDue({ store, features, clock }: Round): boolean {
	if (!features.includes('digest') || isStaging(store)) return false;
	const last = Date.parse(readMeta(store, 'digest_at') ?? '');
	return !(Math.abs(clock.now().getTime() - last) < EVERY_MS);
}

/** The server could not say: what was fetched is good all the same, and it is asked again in an hour. In the caller's transaction. */
export function postponeCompare(store: Store, now: Date): void {
	writeMeta(store, 'digest_at', new Date(now.getTime() - EVERY_MS + POSTPONED_MS).toISOString());
}

/**
 * The accounts whose sums differ. Only those of which nothing is unsent can be compared; to be called when the round has
 * just fetched all there was. It is a difference only if nothing has come since, which is for the caller to see.
 */
export async function findDifferences(round: Round): Promise<Difference[]> {
	const { store, dispatcher } = round;
	const accounts = await dispatcher.exclusively(
		() =>
			store
				.statement(
					`SELECT id, name FROM account WHERE deleted_at IS NULL
					AND id NOT IN (SELECT id FROM leaving WHERE entity = '') ORDER BY id`,
				)
				.all() as { id: string; name: string }[],
	);
	const found: Difference[] = [];
	for (const { id, name } of accounts) {
		const isBusy = () => dispatcher.exclusively(() => hasPending(store, id));
		if (await isBusy()) continue;
		const theirs = await askDigest(round, id);
		const mine = await digestOfHeld(round, id);
		const tables = theirs ? differingTables(mine, theirs) : [];
		// An edit made meanwhile is on one side only.
		if ((theirs && tables.length === 0) || (await isBusy())) continue;
		found.push({ account: id, name, tables, mark: markOf({ mine, theirs }) });
	}
	return found;
}

/** The office's sums of an account; undefined when it says that the account is not this person's. */
async function askDigest(round: Round, account: string): Promise<Record<string, TableDigest> | undefined> {
	const query = new URLSearchParams({ account, schema: String(Math.min(SCHEMA, round.serverSchema)) });
	try {
		const { text } = await round.transport.request(`/v1/sync/digest?${query}`, { signal: round.signal });
		return readJson(text, digestReply).tables;
	} catch (error) {
		if (error instanceof TransportError && error.code === 'no_access') return undefined;
		throw error;
	}
}

function markOf(sums: object): string {
	return createHash('sha256').update(JSON.stringify(sums)).digest('hex').slice(0, 16);
}

/** What is done about differences that were found. */
export interface Remedy {
	/** Fetched again from the start, because of these. */
	again: Difference[];
	/** Stay as they are: they were fetched again already, and differ all the same. */
	still: Difference[];
}

/** Under this mark an account is being fetched again. */
const AGAIN = 'again';

/**
 * Decides and notes, in the caller's transaction, what is done. What differs is fetched again from the start, once; what
 * differs afterwards in the same way is said and left until it differs in another.
 */
export function noteDifferences(store: Store, differences: readonly Difference[], at: string): Remedy {
	const before = JSON.parse(readMeta(store, 'digest') ?? '{}') as Record<string, string>;
	const remedy: Remedy = { again: [], still: [] };
	const after: Record<string, string> = {};
	for (const difference of differences) {
		const { account, mark } = difference;
		const known = before[account];
		if (known === AGAIN) remedy.still.push(difference);
		else if (known !== mark) remedy.again.push(difference);
		after[account] = known === AGAIN || known === mark ? mark : AGAIN;
	}
	writeMeta(store, 'digest', differences.length > 0 ? JSON.stringify(after) : null);
	writeMeta(store, 'digest_at', remedy.again.length > 0 ? null : at);
	return remedy;
}
