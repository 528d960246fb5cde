import type { Store } from '../../../../db/open-store.ts';
import type { Unit } from '../../../../db/unit.ts';
import { realSurroundings } from '../surroundings.ts';
import { unsentUnit } from './outbox-moves.ts';
import { linkQueue, readQueue, withFollowers } from './outbox-order.ts';

/** Longer than a window offers Undo. A window that is gone by then lets go of what it held: it is sent as it stands. */
const HELD_MS = 20_000;

/**
 * Changes that are being taken back and can still be had again, by unit, with what calls off the end of their time. Kept in memory only:
 * after a crash they are unsent and listed.
 */
const heldIn = new WeakMap<Store, Map<string, () => void>>();

/** Keeps a change from being handed over for a while, or lets it go again. Throws `not_found` when it is not unsent. */
export function holdChange(unit: Unit, group: number, held: boolean): void {
	const change = unsentUnit(unit.store, group);
	const all = heldIn.get(unit.store) ?? new Map<string, () => void>();
	heldIn.set(unit.store, all);
	all.get(change)?.();
	all.delete(change);
	if (held)
		all.set(
			change,
			realSurroundings.after(HELD_MS, () => all.delete(change)),
		);
}

/** Groups never handed over that must stay for now: those held, with all that builds on them. */
export function heldGroups(store: Store): Set<number> {
	const all = heldIn.get(store);
	if (!all || all.size === 0) return new Set();
	const queue = readQueue(store);
	const own = queue.filter(({ unit }) => all.has(unit)).map(({ no }) => no);
	return withFollowers(own, linkQueue(queue));
}
