import type { Counted } from '../../shared/contract/kept-models.ts';
import { count } from './numbers.ts';

/** "6 attendees, 9 checklist items and 1 note"; null for nothing. */
export function countedWords(things: readonly Counted[]): string | null {
	const named = things.map((thing) => `${count(thing.count)} ${thing.label}`);
	const last = named.pop();
	if (last === undefined) return null;
	return named.length === 0 ? last : `${named.join(', ')} and ${last}`;
}

/** True when it is one thing and not several: "1 note stays", "2 notes stay". */
export function isOne(things: readonly Counted[]): boolean {
	return things.length === 1 && things[0]?.count === 1;
}
