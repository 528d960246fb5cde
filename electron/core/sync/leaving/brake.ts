import { readMeta, writeMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import { accountColumn, countHeld, countOnAccount } from '../../../../db/purge.ts';
import type { Brake } from '../../../../shared/contract/sync-models.ts';
import { type EntityName, entityByName } from '../../../../shared/entities/registry.ts';
import type { DataLine } from '../fetching/pull.ts';

/** So few may always go: a day's tidying up. */
const ALWAYS = 20;
const SHARE = 0.1;
const MOST_NAMES = 20;
/** How long after a look the laptop looks again whether the server still wants it. */
const LOOK_AGAIN_MS = 600_000;

interface StoredBrake extends Omit<Brake, 'kept'> {
	choice: 'apply' | 'keep' | null;
	/** When the server was last asked, milliseconds since 1970 by this laptop's clock. */
	askedAt: number;
}

/** What would go from this laptop. */
export interface Losses {
	records: number;
	accounts: Set<string>;
}

function readStored(store: Store): StoredBrake | undefined {
	const text = readMeta(store, 'brake');
	return text ? (JSON.parse(text) as StoredBrake) : undefined;
}

/** What the server wants to take away and what has not been done; null when there is nothing of the kind. */
export function readBrake(store: Store): Brake | null {
	const found = readStored(store);
	if (!found || found.choice === 'apply') return null;
	const { records, held, accounts, at } = found;
	return { records, held, accounts, at, kept: found.choice === 'keep' };
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
	losses.records += countOnAccount(store, account);
	losses.accounts.add(account);
}

function addRecord(store: Store, losses: Losses, { t, id }: { t: string; id: string }): void {
	const entity = entityByName(t);
	if (!entity) return;
	const account = accountColumn(t as EntityName);
	const row = store
		.statement(`SELECT ${account} AS account FROM ${entity.table} WHERE id = ? AND deleted_at IS NULL`)
		.get(id) as { account: string | null } | undefined;
	if (!row) return;
	losses.records += 1;
	if (row.account) losses.accounts.add(row.account);
}

/**
 * Decides, in the caller's transaction, whether so much may go: more than a tenth of what is held is for the person to
 * allow. False: nothing of it may be applied, and the status says so.
 */
export function mayGo(store: Store, losses: Losses, now: { at: string; ms: number }): boolean {
	const before = readStored(store);
	if (losses.records <= ALWAYS) return release(store, before);
	const held = countHeld(store);
	if (losses.records <= held * SHARE) return release(store, before);
	// The person has allowed what was shown, not whatever may have been added to it since.
	if (before?.choice === 'apply' && losses.records <= before.records * (1 + SHARE) + ALWAYS) return true;
	const brake: StoredBrake = {
		records: losses.records,
		held,
		accounts: namesOf(store, [...losses.accounts]),
		at: before?.at ?? now.at,
		choice: before?.choice === 'keep' ? 'keep' : null,
		askedAt: now.ms,
	};
	writeMeta(store, 'brake', JSON.stringify(brake));
	return false;
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

function namesOf(store: Store, accounts: readonly string[]): string[] {
	const some = JSON.stringify(accounts);
	return store
		.statement(
			`SELECT name FROM account WHERE id IN (SELECT value FROM json_each(?)) ORDER BY name LIMIT ${MOST_NAMES}`,
		)
		.pluck()
		.all(some) as string[];
}
