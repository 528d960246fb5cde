import { readMeta, writeMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import { accountColumn, countHeld, countOnAccount } from '../../../../db/purge.ts';
import type { Brake } from '../../../../shared/contract/sync-models.ts';
import { type EntityName, entityByName } from '../../../../shared/entities/registry.ts';
import type { DataLine } from '../fetching/pull.ts';

/** So few may always go: a day's tidying up. */
const ALWAYS = 20;
const SHARE = 0.1;
/** So many accounts, and such a part of all, are more than one manager's ordinary day. */
const SEVERAL = 2;
const HALF = 0.5;
const MOST_NAMES = 20;
/** How long after a look the laptop looks again whether the server still wants it. */
const LOOK_AGAIN_MS = 600_000;

interface StoredBrake extends Omit<Brake, 'kept'> {
	choice: 'apply' | 'keep' | null;
	/** When the server was last asked, milliseconds since 1970 by this laptop's clock. */
	askedAt: number;
}

/** What would go from this laptop, in records by account; '' stands for none. */
export interface Losses {
	/** Deleted, while their account stays. */
	deleted: Map<string, number>;
	/** With an account that somebody else has now. */
	leaving: Map<string, number>;
}

/** The losses of one part after the other; those given are not changed. */
export function joinLosses(...parts: readonly Losses[]): Losses {
	const all: Losses = { deleted: new Map(), leaving: new Map() };
	for (const { deleted, leaving } of parts) {
		for (const [account, records] of deleted) add(all.deleted, account, records);
		for (const [account, records] of leaving) add(all.leaving, account, records);
	}
	return all;
}

/** Notes so many records more of an account. */
export function add(losses: Map<string, number>, account: string, records = 1): void {
	losses.set(account, (losses.get(account) ?? 0) + records);
}

/** Records in all. */
export function countLosses({ deleted, leaving }: Losses): number {
	return sumOf(deleted) + sumOf(leaving);
}

function sumOf(losses: ReadonlyMap<string, number>): number {
	return [...losses.values()].reduce((sum, records) => sum + records, 0);
}

function readStored(store: Store): StoredBrake | undefined {
	const text = readMeta(store, 'brake');
	return text ? (JSON.parse(text) as StoredBrake) : undefined;
}

/** What the server wants to take away and what has not been done; null when there is nothing of the kind. */
export function readBrake(store: Store): Brake | null {
	const found = readStored(store);
	if (!found || found.choice === 'apply') return null;
	const { choice, askedAt, ...shown } = found;
	return { ...shown, kept: choice === 'keep' };
}

/** The person's answer: lets it through with the next fetch, or goes on holding what is here. In the caller's transaction. */
export function answerBrake(store: Store, choice: 'apply' | 'keep'): void {
	const found = readStored(store);
	if (found) writeMeta(store, 'brake', JSON.stringify({ ...found, choice, askedAt: 0 } satisfies StoredBrake));
}

/** True while nothing is to be fetched because of what the server wants; every ten minutes it is asked again. */
export function isBraked(store: Store, nowMs: number): boolean {
	const found = readStored(store);
	return found !== undefined && found.choice !== 'apply' && Math.abs(nowMs - found.askedAt) < LOOK_AGAIN_MS;
}

/** Adds what the lines would delete or take away of what is held here and not deleted. */
export function addLosses(store: Store, losses: Losses, lines: readonly DataLine[]): void {
	for (const line of lines) {
		if ('scope' in line) {
			if (line.scope === 'leave') addAccount(store, losses, line.account);
		} else if ('gone' in line || ('v' in line && line.del !== null)) addRecord(store, losses, line);
	}
}

function addAccount(store: Store, losses: Losses, account: string): void {
	if (!store.statement('SELECT 1 FROM account WHERE id = ?').get(account)) return;
	losses.leaving.set(account, countOnAccount(store, account));
}

function addRecord(store: Store, losses: Losses, { t, id }: { t: string; id: string }): void {
	const entity = entityByName(t);
	if (!entity) return;
	const account = accountColumn(t as EntityName);
	const row = store
		.statement(`SELECT ${account} AS account FROM ${entity.table} WHERE id = ? AND deleted_at IS NULL`)
		.get(id) as { account: string | null } | undefined;
	if (row) add(losses.deleted, row.account ?? '');
}

/**
 * Decides, in the caller's transaction, whether so much may go. To delete more than a tenth of what is held is for the
 * person to allow. Accounts that somebody else has now are ordinary work of a manager: they go, unsent work first, unless
 * they are several and more than half of all. False: nothing of it may be applied, and the status says so.
 */
export function mayGo(store: Store, losses: Losses, now: { at: string; ms: number }): boolean {
	const before = readStored(store);
	const records = countLosses(losses);
	if (records <= ALWAYS) return release(store, before);
	const held = countHeld(store);
	const heldAccounts = countAccounts(store);
	const deleted = sumOf(losses.deleted);
	const leaving = losses.leaving.size;
	const isMuchDeleted = deleted > ALWAYS && deleted > held * SHARE;
	const isMuchLeaving = leaving >= SEVERAL && leaving > heldAccounts * HALF && records > held * SHARE;
	if (!isMuchDeleted && !isMuchLeaving) return release(store, before);
	// The person has allowed what was shown, not whatever may have been added to it since.
	if (before?.choice === 'apply' && records <= before.records * (1 + SHARE) + ALWAYS) return true;
	const brake: StoredBrake = {
		...{ records, deleted, held, leaving, heldAccounts },
		...namesOf(store, losses),
		at: before?.at ?? now.at,
		choice: before?.choice === 'keep' ? 'keep' : null,
		askedAt: now.ms,
	};
	writeMeta(store, 'brake', JSON.stringify(brake));
	return false;
}

function countAccounts(store: Store): number {
	return store.statement('SELECT count(*) FROM account WHERE deleted_at IS NULL').pluck().get() as number;
}

/** Nothing of the kind is wanted any more. */
function release(store: Store, before: StoredBrake | undefined): true {
	if (before && before.choice !== 'apply') releaseBrake(store);
	return true;
}

/** What the person allowed has been done. */
export function releaseBrake(store: Store): void {
	writeMeta(store, 'brake', null);
}

function namesOf(store: Store, { deleted, leaving }: Losses): Pick<Brake, 'accounts' | 'moreAccounts'> {
	const name = store.statement('SELECT name FROM account WHERE id = ?').pluck();
	const named = (losses: ReadonlyMap<string, number>, leaves: boolean) =>
		[...losses].flatMap(([id, records]) => {
			const found = name.get(id) as string | undefined;
			return found === undefined ? [] : [{ name: found, records, leaves }];
		});
	const accounts = [...named(leaving, true), ...named(deleted, false)].sort(
		(one, other) => Number(other.leaves) - Number(one.leaves) || other.records - one.records,
	);
	return { accounts: accounts.slice(0, MOST_NAMES), moreAccounts: Math.max(0, accounts.length - MOST_NAMES) };
}
