import type { Store } from '../../../../db/open-store.ts';
import type { Unit } from '../../../../db/unit.ts';
import { CoreError } from '../../../../shared/contract/errors.ts';
import { type Links, linkQueue, type QueuedGroup, readQueue, withFollowers, withFoundations } from './outbox-order.ts';

/** What a person counts as one change, by the number of any of its groups. Throws `not_found` when it is not unsent. */
export function unsentUnit(store: Store, group: number): string {
	const found = store.statement('SELECT unit FROM outbox WHERE group_no = ?').get(group) as
		| { unit: string }
		| undefined;
	const open =
		found && store.statement('SELECT 1 FROM outbox WHERE unit = ? AND sent_at IS NULL LIMIT 1').get(found.unit);
	if (!open) throw new CoreError('not_found', 'This change is no longer waiting to be sent.');
	return found.unit;
}

/** Marks a change to go before everything else, and on a metered link, or takes the mark off. Throws `not_found`. */
export function markUrgent(unit: Unit, group: number, urgent: boolean): void {
	const change = unsentUnit(unit.store, group);
	unit.store.statement('UPDATE outbox SET urgent = ? WHERE unit = ? AND sent_at IS NULL').run(urgent ? 1 : 0, change);
	unit.touched.add('outbox');
}

/**
 * Puts a change before another, or last when there is none. What it builds on comes along to the front, and what builds
 * on it goes along to the back, so that the order stays one in which everything can be applied. Changes that the server
 * may have already stand where they are. Throws `not_found`.
 */
export function moveChange(unit: Unit, group: number, before: number | null): void {
	const { store } = unit;
	const queue = readQueue(store);
	const moved = unsentUnit(store, group);
	const target = before === null ? undefined : unsentUnit(store, before);
	const order = reorder(queue, linkQueue(queue), { moved, target });
	// The same places, given out anew: whatever is added later has a higher one and stays behind.
	const places = store
		.statement(
			'SELECT coalesce(place, group_no) FROM outbox WHERE sent_at IS NULL AND wire_no IS NULL ORDER BY coalesce(place, group_no)',
		)
		.pluck()
		.all() as number[];
	order.forEach((no, index) => {
		store.statement('UPDATE outbox SET place = ? WHERE group_no = ?').run(places[index], no);
	});
	unit.touched.add('outbox');
}

/** The numbers of the queue's groups in their new order. */
function reorder(
	queue: readonly QueuedGroup[],
	links: Links,
	{ moved, target }: { moved: string; target: string | undefined },
): number[] {
	const order = queue.map(({ no }) => no);
	const own = queue.filter((group) => group.unit === moved).map(({ no }) => no);
	// A target that is handed over already stands before the whole queue.
	const first = queue.findIndex((group) => group.unit === target);
	const at = target === undefined ? order.length : Math.max(first, 0);
	const placeOf = new Map(order.map((no, index) => [no, index]));
	const isBehind = (no: number) => (placeOf.get(no) ?? 0) >= at;
	const along = new Set(own);
	for (const no of withFoundations(own.filter(isBehind), links)) if (isBehind(no)) along.add(no);
	for (const no of withFollowers(
		own.filter((no) => !isBehind(no)),
		links,
	))
		if (!isBehind(no)) along.add(no);
	const rest = (part: number[]) => part.filter((no) => !along.has(no));
	return [...rest(order.slice(0, at)), ...order.filter((no) => along.has(no)), ...rest(order.slice(at))];
}
