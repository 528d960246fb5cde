import { writeMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import { hasPending, isPending, purgeAccount, purgeRecords } from '../../../../db/purge.ts';
import type { Unit } from '../../../../db/unit.ts';
import { type EntityName, entityByName } from '../../../../shared/entities/registry.ts';
import type { PullGone, PullScope } from '../../../../shared/sync/protocol.ts';

/** Under this name a whole account waits to leave. */
const WHOLE = '';

/**
 * An account has come or gone, in the caller's transaction. One that has gone leaves the laptop at once when nothing of it
 * is unsent; otherwise the mark stays until that has been sent and answered (`settleLeaving`).
 */
export function applyScope(unit: Unit, line: Pick<PullScope, 'scope' | 'account'>): void {
	if (line.scope === 'enter') comeBack(unit.store, line.account);
	else if (hasPending(unit.store, line.account)) mark(unit.store, WHOLE, line.account);
	else purgeAccount(unit, line.account);
}

/**
 * The account is here to stay. When it had not left yet, the server has not said what became of its records while it was
 * somebody else's: the next round pulls from the start, which finds out.
 */
function comeBack(store: Store, account: string): void {
	if (isLeaving(store, WHOLE, account)) writeMeta(store, 'pulled_schema', null);
	keep(store, WHOLE, account);
}

/** A record has gone where this person cannot see it, in the caller's transaction; the same holds for it. */
export function applyGone(unit: Unit, { t, id }: Pick<PullGone, 't' | 'id'>): void {
	if (!entityByName(t)) return;
	if (isPending(unit.store, id)) mark(unit.store, t, id);
	else purgeRecords(unit, t as EntityName, [id]);
}

/** A record that is sent again is there to stay. */
export function noteReturn(store: Store, { t, id }: { t: string; id: string }): void {
	keep(store, t, id);
}

function mark(store: Store, entity: string, id: string): void {
	store.statement('INSERT OR IGNORE INTO leaving (entity, id) VALUES (?, ?)').run(entity, id);
}

function keep(store: Store, entity: string, id: string): void {
	store.statement('DELETE FROM leaving WHERE entity = ? AND id = ?').run(entity, id);
}

function isLeaving(store: Store, entity: string, id: string): boolean {
	return store.statement('SELECT 1 FROM leaving WHERE entity = ? AND id = ?').get(entity, id) !== undefined;
}

/** True while something is to go that could not yet. */
export function isAnythingLeaving(store: Store): boolean {
	return store.statement('SELECT 1 FROM leaving LIMIT 1').get() !== undefined;
}

/**
 * Takes away, in the caller's transaction, all that is to go and of which nothing is unsent or unanswered any more. An edit
 * made this very moment keeps its account here until the next time.
 */
export function settleLeaving(unit: Unit): void {
	const { store } = unit;
	const marks = store.statement('SELECT entity, id FROM leaving').all() as { entity: string; id: string }[];
	for (const { entity, id } of marks) {
		const isUnsent = entity === WHOLE ? hasPending(store, id) : isPending(store, id);
		if (isUnsent) continue;
		if (entity === WHOLE) purgeAccount(unit, id);
		else if (entityByName(entity)) purgeRecords(unit, entity as EntityName, [id]);
		keep(store, entity, id);
	}
}
