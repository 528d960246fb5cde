import type { UnsentChange } from '../../../shared/contract/sync-models.ts';
import { filterRows } from '../../lib/rows.ts';

/** An unsent change as the list holds it: its name stays the same when another order gives it another number. */
export interface OutboxRow extends UnsentChange {
	id: string;
	/** Its place among what is to be sent, from 1; null when it was refused. */
	place: number | null;
}

export type OutboxOrder = 'client' | 'sending';
export type OutboxShow = 'all' | 'urgent' | 'refused';

/** The group that stands above all others. */
export const REFUSED = 'Refused';

/** All changes in the order of sending, as core gives them; what was refused comes before. */
export function outboxRows(changes: readonly UnsentChange[]): OutboxRow[] {
	const refused = changes.filter((change) => change.refused !== null);
	const waiting = changes.filter((change) => change.refused === null);
	return [
		...refused.map((change) => ({ ...change, id: nameOf(change), place: null })),
		...waiting.map((change, index) => ({ ...change, id: nameOf(change), place: index + 1 })),
	];
}

function nameOf({ at, entity, row_id, label }: UnsentChange): string {
	return [at, entity, row_id, label].join(' ');
}

/** The words a row can be found by. */
function textOf(row: OutboxRow): string {
	const parts = row.changes.map((part) => `${part.label} ${part.after ?? ''}`);
	return [row.label, row.title, row.account_name, ...parts].join(' ');
}

/** The head a row stands under. */
export function groupOf(row: OutboxRow, order: OutboxOrder): string {
	if (row.refused !== null) return REFUSED;
	return order === 'client' ? (row.account_name ?? 'No client') : 'In the order of sending';
}

interface OutboxView {
	show: OutboxShow;
	order: OutboxOrder;
	text: string;
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** What the list shows: filtered, what was refused first, the rest by client or as it is sent. */
export function shownRows(rows: readonly OutboxRow[], { show, order, text }: OutboxView): readonly OutboxRow[] {
	const asked = rows.filter((row) => show === 'all' || (show === 'urgent' ? row.urgent : row.refused !== null));
	const found = filterRows(asked, text, textOf);
	if (order === 'sending') return found;
	const rank = (row: OutboxRow) => Number(row.refused === null);
	return found.toSorted(
		(one, other) => rank(one) - rank(other) || names.compare(groupOf(one, order), groupOf(other, order)),
	);
}

/**
 * What `outbox.move` needs to bring a row one place up or down among the rows of its own group. Null when there is no
 * further place: urgent changes stay before the others.
 */
export function moveTarget(
	shown: readonly OutboxRow[],
	row: OutboxRow,
	way: { down: boolean; order: OutboxOrder },
): { group: number; before: number | null } | null {
	const group = groupOf(row, way.order);
	const fellows = shown.filter((other) => groupOf(other, way.order) === group && other.urgent === row.urgent);
	const at = fellows.indexOf(row);
	const neighbour = fellows[way.down ? at + 1 : at - 1];
	if (!neighbour || neighbour.handedOver) return null;
	if (!way.down) return { group: row.group, before: neighbour.group };
	// To stand after the neighbour is to let the neighbour go first.
	return { group: neighbour.group, before: row.group };
}
