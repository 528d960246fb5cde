import type { EntityName } from '../../shared/entities/registry.ts';
import type { CommandContext } from './handler.ts';

/** Records that are nothing without the one they belong to: they go and come back with it. */
export const PARTS = {
	visit: [
		{ entity: 'attendee', field: 'visit_id' },
		{ entity: 'checklist_item', field: 'visit_id' },
	],
} as const;

/** How far apart the deletions of a record and of what went with it can be noted. */
const TOGETHER_MS = 2000;

/** True when a part went with its record, and not by itself before. Both UTC. */
export function wentAlong(partDeletedAt: string, recordDeletedAt: string): boolean {
	return Math.abs(Date.parse(partDeletedAt) - Date.parse(recordDeletedAt)) <= TOGETHER_MS;
}

/** Deletes a record and its parts in one change, so that nothing of it is left without a place. */
export async function deleteWithParts({ apply, trx }: CommandContext, entity: 'visit', id: string): Promise<void> {
	await apply({ kind: 'delete', entity, id });
	for (const part of PARTS[entity]) {
		const rows = await trx
			.selectFrom(part.entity)
			.select('id')
			.where(part.field, '=', id)
			.where('deleted_at', 'is', null)
			.execute();
		for (const row of rows) await apply({ kind: 'delete', entity: part.entity, id: row.id });
	}
}

/** Brings a deleted record back, and of its parts those that went with it. */
export async function restoreWithParts(
	{ apply, trx }: CommandContext,
	record: { entity: EntityName; id: string; deletedAt: string },
): Promise<void> {
	await apply({ kind: 'undelete', entity: record.entity, id: record.id });
	for (const part of record.entity === 'visit' ? PARTS.visit : []) {
		const rows = await trx
			.selectFrom(part.entity)
			.select(['id', 'deleted_at'])
			.where(part.field, '=', record.id)
			.where('deleted_at', 'is not', null)
			.execute();
		for (const row of rows)
			if (row.deleted_at && wentAlong(row.deleted_at, record.deletedAt))
				await apply({ kind: 'undelete', entity: part.entity, id: row.id });
	}
}
