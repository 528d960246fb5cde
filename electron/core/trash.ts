import { CoreError } from '../../shared/contract/errors.ts';
import type { Deletion, TrashPage, TrashRow } from '../../shared/contract/kept-models.ts';
import type { EntityName } from '../../shared/entities/registry.ts';
import { readRights } from './accounts/account-rights.ts';
import { reachOfDeletion } from './deletion-reach.ts';
import type { CommandContext, Handlers, QueryContext } from './handler.ts';
import { restoreWithParts } from './record-parts.ts';
import { type DeletedRow, deletionOf, parentRow, readTrash, STAYS_DAYS, TRASHED, type Trashed } from './trash-rows.ts';

const DAY_MS = 86_400_000;

/** What was deleted in the last 30 days, and the way back. */
export const trashHandlers: Handlers<'trash.list' | 'trash.about' | 'trash.before' | 'trash.restore'> = {
	'trash.list': listTrash,
	'trash.about': aboutDeletion,
	'trash.before': (context, { entity, id }) => reachOfDeletion(context, { entity, id, deletedAt: null }),
	'trash.restore': restore,
};

/** Deletions before this are out of reach of a person. */
function oldest(now: Date): string {
	return new Date(now.getTime() - STAYS_DAYS * DAY_MS).toISOString();
}

async function listTrash(
	context: QueryContext,
	{ text, offset, limit }: { text: string; offset: number; limit: number },
): Promise<TrashPage> {
	const { rows, tell } = await readTrash(context, { since: oldest(context.now) });
	const isFiltered = text.trim() !== '';
	const told: TrashRow[] = [];
	for (const row of isFiltered ? rows : rows.slice(offset, offset + limit)) told.push(await tell(row));
	if (!isFiltered) return { rows: told, total: rows.length };
	const found = filterByWords(told, text);
	return { rows: found.slice(offset, offset + limit), total: found.length };
}

/** Rows that hold every typed word somewhere, whatever the accents and capitals. */
function filterByWords(rows: TrashRow[], text: string): TrashRow[] {
	const fold = (words: string) => words.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
	const wanted = fold(text).split(/\s+/).filter(Boolean);
	if (wanted.length === 0) return rows;
	return rows.filter((row) => {
		const parts = [row.title, row.excerpt, row.entity_label, row.account_name, row.parent?.title, row.deleted_by_name];
		const all = fold(parts.filter(Boolean).join(' '));
		return wanted.every((word) => all.includes(word));
	});
}

async function aboutDeletion(
	context: QueryContext,
	{ entity, id }: { entity: Trashed; id: string },
): Promise<Deletion | null> {
	const deletion = await deletionOf(context, { entity, id });
	if (!deletion) return null;
	const isHere = deletion.deleted_at >= oldest(context.now);
	return {
		at: deletion.deleted_at,
		by_name: deletion.deleted_by_name,
		mine: deletion.deleted_by === context.session.userId,
		stays_until: isHere ? deletion.stays_until : null,
		parent: deletion.parent,
		mayRestore: !(await readRights(context, deletion.account_id ?? '')).onlyRead.includes(entity),
		...(await reachOfDeletion(context, { entity, id, deletedAt: deletion.deleted_at })),
	};
}

async function restore(
	context: CommandContext,
	{ items, parents }: { items: { entity: Trashed; id: string }[]; parents: boolean },
): Promise<{ restored: number }> {
	let restored = 0;
	for (const item of items) {
		const row = await readDeleted(context, item);
		// Somebody else may have brought it back meanwhile, or it came back with what it belongs to.
		if (!row) continue;
		if (row.deleted_at < oldest(context.now)) throw new CoreError('not_found', 'This has left the trash.');
		const parent = parents ? await readParent(context, row) : undefined;
		if (parent) await restoreWithParts(context, parent);
		if (!parent || (await readDeleted(context, item)))
			await restoreWithParts(context, { ...item, deletedAt: row.deleted_at });
		restored += 1;
	}
	return { restored };
}

async function readDeleted({ trx }: CommandContext, item: { entity: Trashed; id: string }) {
	const row = (await trx.selectFrom(item.entity).selectAll().where('id', '=', item.id).executeTakeFirst()) as
		| DeletedRow
		| undefined;
	if (!row) throw new CoreError('not_found', 'This record is not on this laptop.');
	return row.deleted_at === null ? undefined : { ...row, deleted_at: row.deleted_at, entity: item.entity };
}

/** What a record belonged to, when that is deleted as well. */
async function readParent(context: CommandContext, row: DeletedRow & { entity: Trashed }) {
	const place = parentRow(row);
	if (!place || !TRASHED.includes(place.entity as Trashed)) return undefined;
	const parent = await context.trx
		.selectFrom(place.entity as 'visit')
		.select('deleted_at')
		.where('id', '=', place.id)
		.executeTakeFirst();
	return parent?.deleted_at
		? { entity: place.entity as EntityName, id: place.id, deletedAt: parent.deleted_at }
		: undefined;
}
