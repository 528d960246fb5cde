import { type EntityName, entities, getEntity } from '../shared/entities/registry.ts';
import { countUnsentFiles, dropAccountFiles, isRefusedFile, isUnsentFile } from './drop-account-files.ts';
import { noteAssets, noteFigures } from './figures.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { Store } from './open-store.ts';
import { forgetTextDocs } from './text-doc.ts';
import type { Unit } from './unit.ts';

/** Entities whose records lie on an account and go with it. Hand-overs are for both sides to see (`purgeHandovers`). */
const ofAccounts = Object.values(entities).filter(
	(entity) => 'account_id' in entity.fields && entity.name !== 'handover',
);

/**
 * Takes records off this laptop without a trace, inside the caller's transaction: rows, typing, history, search and what
 * was kept beside them. What was sent stays in the outbox until the server holds it for good. Returns how many went.
 */
export function purgeRecords(unit: Unit, entity: EntityName, ids: readonly string[]): number {
	if (ids.length === 0) return 0;
	const { store } = unit;
	const { table, fields } = getEntity(entity);
	const some = JSON.stringify(ids);
	const inList = '(SELECT value FROM json_each(@some))';
	if ('account_id' in fields) noteAccounts(unit, { entity, table }, some);
	for (const sql of [
		`DELETE FROM search_text WHERE rowid IN (SELECT id FROM search_doc WHERE row_id IN ${inList})`,
		`DELETE FROM search_doc WHERE row_id IN ${inList}`,
		`DELETE FROM text_update WHERE row_id IN ${inList}`,
		`DELETE FROM history WHERE row_id IN ${inList}`,
		`DELETE FROM standing WHERE row_id IN ${inList}`,
	])
		store.statement(sql).run({ some });
	forgetTextDocs(store);
	unit.touched.add(entity).add('history').add('text_update');
	return store.statement(`DELETE FROM ${table} WHERE id IN ${inList}`).run({ some }).changes;
}

function noteAccounts(unit: Unit, { entity, table }: { entity: EntityName; table: string }, some: string): void {
	const rows = unit.store
		.statement(
			`SELECT account_id, count(*) FILTER (WHERE deleted_at IS NULL) AS live FROM ${table}
			WHERE id IN (SELECT value FROM json_each(?)) GROUP BY account_id`,
		)
		.all(some) as { account_id: string | null; live: number }[];
	for (const { account_id, live } of rows) {
		if (entity === 'patent_asset') noteAssets(unit, account_id, -live);
		noteFigures(unit, entity, account_id);
	}
}

/**
 * Takes an account with everything on it off this laptop, inside the caller's transaction. Only a file that was refused
 * stays, with its record: it goes once the person has dismissed that. Returns how many records went.
 */
export function purgeAccount(unit: Unit, accountId: string): number {
	const { store } = unit;
	let gone = 0;
	dropAccountFiles(unit, accountId);
	store
		.statement(
			`INSERT OR IGNORE INTO leaving (entity, id) SELECT 'attachment', id FROM attachment a
			WHERE a.account_id = ? AND ${isUnsentFile('a')} AND ${isRefusedFile('a')}`,
		)
		.run(accountId);
	for (const entity of ofAccounts) gone += purgeRecords(unit, entity.name, idsOn(store, entity.table, accountId));
	gone += purgeHandovers(unit, accountId);
	gone += purgeRecords(unit, 'account', [accountId]);
	store.statement('DELETE FROM account_figure WHERE account_id = ?').run(accountId);
	store.statement('DELETE FROM figure_stale WHERE account_id = ?').run(accountId);
	unit.staleFigures.delete(accountId);
	unit.assetDelta.delete(accountId);
	// Words of rows that left the index lie in its older parts until those are written anew.
	store.statement("INSERT INTO search_text (search_text) VALUES ('optimize')").run();
	return gone;
}

/**
 * Hand-overs of this person's own late work stay when the account has gone. Those of others go with it; who has them to
 * take over as the author's manager is sent them again, by a pull from the start.
 */
function purgeHandovers(unit: Unit, accountId: string): number {
	const { store } = unit;
	const ids = store
		.statement('SELECT id FROM handover WHERE account_id = ? AND from_user IS NOT ?')
		.pluck()
		.all(accountId, readMeta(store, 'user_id') ?? '') as string[];
	if (ids.length > 0) writeMeta(store, 'pulled_schema', null);
	return purgeRecords(unit, 'handover', ids);
}

function idsOn(store: Store, table: string, accountId: string): string[] {
	const spared = table === 'attachment' ? "AND id NOT IN (SELECT id FROM leaving WHERE entity = 'attachment')" : '';
	return store.statement(`SELECT id FROM ${table} WHERE account_id = ? ${spared}`).pluck().all(accountId) as string[];
}

/** How many records of an account are here and not deleted. */
export function countOnAccount(store: Store, accountId: string): number {
	return ofAccounts.reduce((sum, { table }) => {
		const row = store.statement(`SELECT count(*) AS n FROM ${table} WHERE account_id = ? AND deleted_at IS NULL`);
		return sum + (row.get(accountId) as { n: number }).n;
	}, 1);
}

/** How many records of people's and the office's work are here and not deleted; who the colleagues are does not count. */
export function countHeld(store: Store): number {
	return Object.values(entities)
		.filter((entity) => entity.sync === 'two-way')
		.reduce((sum, { table }) => {
			const row = store.statement(`SELECT count(*) AS n FROM ${table} WHERE deleted_at IS NULL`);
			return sum + (row.get() as { n: number }).n;
		}, 0);
}

/** True when an edit of the record is unsent or unanswered, or when it is a file whose bytes only this laptop has. */
export function isPending(store: Store, rowId: string): boolean {
	const found = store
		.statement(
			`SELECT 1 FROM outbox_op WHERE row_id = @id AND pending = 1
			UNION ALL SELECT 1 FROM attachment a WHERE a.id = @id AND ${isUnsentFile('a')} LIMIT 1`,
		)
		.get({ id: rowId });
	return found !== undefined;
}

/** True while something of an account is unsent or unanswered: an edit, records of an import, or a file's bytes. */
export function hasPending(store: Store, accountId: string): boolean {
	const kinds = store
		.statement(
			"SELECT DISTINCT entity, kind = 'range' AS isRange FROM outbox_op INDEXED BY outbox_op_pending WHERE pending = 1",
		)
		.all() as { entity: EntityName; isRange: number }[];
	for (const { entity, isRange } of kinds) {
		const { table, fields } = getEntity(entity);
		if (entity !== 'account' && !('account_id' in fields)) continue;
		const found = store.statement(isRange === 1 ? importedSql(table) : editedSql(table, accountColumn(entity)));
		if (found.get(accountId)) return true;
	}
	return countUnsentFiles(store, accountId) > 0;
}

function editedSql(table: string, column: string): string {
	return `SELECT 1 FROM outbox_op p INDEXED BY outbox_op_pending JOIN ${table} r ON r.id = p.row_id
		WHERE p.pending = 1 AND r.${column} = ? LIMIT 1`;
}

/** An import's rows are named by its batch, never one by one. */
function importedSql(table: string): string {
	return `SELECT 1 FROM (SELECT DISTINCT g.batch_id FROM outbox_op p INDEXED BY outbox_op_pending
			JOIN outbox g ON g.group_no = p.group_no WHERE p.pending = 1 AND p.kind = 'range') b
		WHERE EXISTS (SELECT 1 FROM ${table} r WHERE r.import_batch_id = b.batch_id AND r.account_id = ?) LIMIT 1`;
}

/** Where a row's account stands, as SQL. */
export function accountColumn(entity: EntityName): string {
	if (entity === 'account') return 'id';
	return 'account_id' in getEntity(entity).fields ? 'account_id' : 'NULL';
}
