import { applyRemoteRow } from '../../../../db/apply-remote.ts';
import { isUnsentFile } from '../../../../db/drop-account-files.ts';
import type { Bulk } from '../../../../db/insert-received.ts';
import { readMeta, writeMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import { accountColumn, isPending, purgeRecords } from '../../../../db/purge.ts';
import type { Unit } from '../../../../db/unit.ts';
import { type EntityName, entities, entityByName } from '../../../../shared/entities/registry.ts';
import type { PullRow } from '../../../../shared/sync/protocol.ts';
import { isBeyond } from '../../../../shared/sync/schema-reach.ts';
import { add, addLosses, joinLosses, type Losses } from '../leaving/brake.ts';
import { applyScope } from '../leaving/scope.ts';
import type { DataLine } from './pull.ts';

/**
 * Pulls from the start, in the caller's transaction. The person works on with what is here: it is compared with what comes,
 * and what the server does not have any more goes at the end, all at once.
 */
export function startOver(store: Store): void {
	// A laptop that has never fetched anything holds nothing that the server could have lost.
	if (readMeta(store, 'cursor') !== undefined) writeMeta(store, 'staging', '1');
	writeMeta(store, 'cursor', null);
	beginAgain(store);
}

/** From the start once more: what an attempt that broke off had met may have gone since. */
export function beginAgain(store: Store): void {
	store.statement('DELETE FROM pull_seen').run();
}

/** True while the laptop pulls from the start beside what it holds. */
export function isStaging(store: Store): boolean {
	return readMeta(store, 'staging') === '1';
}

/** Applies a line while pulling from the start. A deletion that is news here waits for the end, with all else that goes. */
export function applyStaged(unit: Unit, line: PullRow, bulk: Bulk | undefined): void {
	const { store } = unit;
	const waits = line.del !== null && isLive(store, line) && !isPending(store, line.id);
	noteSeen(store, line, waits);
	if (!waits) applyRemoteRow(unit, line, { bulk, isThorough: true });
}

function noteSeen(store: Store, line: PullRow, waits: boolean): void {
	store
		.statement('INSERT OR REPLACE INTO pull_seen (entity, id, line) VALUES (?, ?, ?)')
		.run(line.t, line.id, waits ? JSON.stringify(line) : null);
}

/** A record that went while the laptop pulls from the start, or whose account did, is not to be missed at the end. */
export function forgetSeen(store: Store, { t, id }: { t: string; id: string }): void {
	store.statement('DELETE FROM pull_seen WHERE entity = ? AND id = ?').run(t, id);
}

function isLive(store: Store, { t, id }: PullRow): boolean {
	const entity = entityByName(t);
	return (
		entity !== undefined &&
		store.statement(`SELECT 1 FROM ${entity.table} WHERE id = ? AND deleted_at IS NULL`).get(id) !== undefined
	);
}

/** Entities that a server of this schema sends: what it does not know it cannot have lost. */
function sentEntities(serverSchema: number): { name: EntityName; table: string }[] {
	return Object.values(entities).filter(({ name }) => !isBeyond(name, undefined, serverSchema));
}

/** Holds for a row `r` with an unsent or unanswered edit, or with bytes that only this laptop has. */
function unsentRow(table: string): string {
	const edit = 'EXISTS (SELECT 1 FROM outbox_op p WHERE p.row_id = r.id AND p.pending = 1)';
	return table === 'attachment' ? `(${edit} OR ${isUnsentFile('r')})` : edit;
}

/** Rows the server has not sent and of which nothing here is unsent: imported ones wait in their import's groups. */
function missingSql(table: string, columns: string): string {
	const ofImport = ['patent_asset', 'renewal_event'].includes(table)
		? `AND NOT EXISTS (SELECT 1 FROM outbox_op p JOIN outbox g ON g.group_no = p.group_no
			WHERE p.pending = 1 AND p.kind = 'range' AND g.batch_id = r.import_batch_id)`
		: '';
	return `SELECT ${columns} FROM ${table} r WHERE id NOT IN (SELECT id FROM pull_seen WHERE entity = @entity)
		AND NOT ${unsentRow(table)} ${ofImport}`;
}

/** Rows the server has not sent although it knew them: they go when what is unsent of them has been answered. */
function unsentSql(name: EntityName, table: string): string {
	return `INSERT OR IGNORE INTO leaving (entity, id) SELECT '${name}', id FROM ${table} r
		WHERE id NOT IN (SELECT id FROM pull_seen WHERE entity = @entity)
		AND ${unsentRow(table)}
		AND NOT EXISTS (SELECT 1 FROM outbox_op p WHERE p.row_id = r.id AND p.pending = 1 AND p.kind = 'create')`;
}

/** What ending the pull from the start with the lines of its `last` page would take away; notes what they name. In the caller's transaction. */
export function countSweep(
	store: Store,
	{ last, serverSchema }: { last: readonly DataLine[]; serverSchema: number },
): Losses {
	for (const line of last) if ('v' in line) noteSeen(store, line, line.del !== null);
	const losses = joinLosses();
	addLosses(
		store,
		losses,
		last.filter((line) => !('v' in line)),
	);
	const left = new Set(last.flatMap((line) => ('scope' in line && line.scope === 'leave' ? [line.account] : [])));
	const gone = new Set(last.flatMap((line) => ('gone' in line ? [line.id] : [])));
	// Also what is missing of whole accounts: nobody has said that somebody else has them now.
	const note = (rows: { id: string; account: string | null }[]) => {
		for (const { id, account } of rows) {
			// Counted by the line that takes it.
			if (!gone.has(id) && !left.has(account ?? '')) add(losses.deleted, account ?? '');
		}
	};
	for (const { name, table } of sentEntities(serverSchema)) {
		const columns = `id, ${accountColumn(name)} AS account`;
		if (entities[name].sync === 'two-way')
			note(store.statement(`${missingSql(table, columns)} AND deleted_at IS NULL`).all({ entity: name }) as never);
		note(
			store
				.statement(
					`SELECT ${columns} FROM ${table} WHERE deleted_at IS NULL
					AND id IN (SELECT id FROM pull_seen WHERE entity = ? AND line IS NOT NULL)`,
				)
				.all(name) as never,
		);
	}
	return losses;
}

/** Accounts the server has not sent: each leaves as one that was given to somebody else does, with all that was made on it here. */
function missingAccounts(store: Store): string[] {
	return store
		.statement(
			`SELECT id FROM account WHERE id NOT IN (SELECT id FROM pull_seen WHERE entity = 'account')
			AND NOT EXISTS (SELECT 1 FROM outbox_op p WHERE p.row_id = account.id AND p.pending = 1 AND p.kind = 'create')`,
		)
		.pluck()
		.all() as string[];
}

/** Ends the pull from the start, in the transaction of its last cursor: what waited is deleted, what the server does not have is swept. */
export function finishStaging(unit: Unit, serverSchema: number): void {
	const { store } = unit;
	const waiting = store.statement('SELECT line FROM pull_seen WHERE line IS NOT NULL').pluck().all() as string[];
	for (const line of waiting) applyRemoteRow(unit, JSON.parse(line) as PullRow, { isThorough: true });
	for (const account of missingAccounts(store)) applyScope(unit, { scope: 'leave', account });
	for (const { name, table } of sentEntities(serverSchema)) {
		const ids = store.statement(missingSql(table, 'id')).pluck().all({ entity: name }) as string[];
		purgeRecords(unit, name, ids);
		store.statement(unsentSql(name, table)).run({ entity: name });
	}
	store.statement('DELETE FROM pull_seen').run();
	writeMeta(store, 'staging', null);
	// What came of it is compared with the office soon.
	writeMeta(store, 'digest_at', null);
}
