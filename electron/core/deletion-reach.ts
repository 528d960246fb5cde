import type { Counted, DeletionReach } from '../../shared/contract/kept-models.ts';
import { type EntityName, getEntity } from '../../shared/entities/registry.ts';
import type { QueryContext } from './handler.ts';
import { PARTS, wentAlong } from './record-parts.ts';

type Context = Pick<QueryContext, 'db'>;

/** A record that is to go, or has gone at `deletedAt` (UTC). */
interface Going {
	entity: EntityName;
	id: string;
	deletedAt: string | null;
}

/** What may belong to a visit, an issue or a note and outlives it. */
const STAYING = ['note', 'task', 'attachment'] as const;

/** What goes with a record when it is deleted, and what that belongs to it stays where it is. */
export async function reachOfDeletion(context: Context, record: Going): Promise<DeletionReach> {
	return { along: await goesAlong(context, record), stays: await staysBehind(context, record) };
}

/** What goes with a record, or went with it, and comes back with it. */
export async function goesAlong({ db }: Context, { entity, id, deletedAt }: Going): Promise<Counted[]> {
	const found: Counted[] = [];
	for (const part of entity === 'visit' ? PARTS.visit : []) {
		const rows = await db.selectFrom(part.entity).select('deleted_at').where(part.field, '=', id).execute();
		const own = rows.filter(({ deleted_at }) =>
			deletedAt === null ? deleted_at === null : deleted_at !== null && wentAlong(deleted_at, deletedAt),
		);
		found.push(...counted(part.entity, own.length));
	}
	return found;
}

async function staysBehind({ db }: Context, { entity, id }: Going): Promise<Counted[]> {
	const found: Counted[] = [];
	for (const kind of STAYING) {
		const { n } = await db
			.selectFrom(kind)
			.select((eb) => eb.fn.countAll<number>().as('n'))
			.where('parent_type', '=', entity as 'visit')
			.where('parent_id', '=', id)
			.where('deleted_at', 'is', null)
			.executeTakeFirstOrThrow();
		found.push(...counted(kind, n));
	}
	return found;
}

function counted(entity: EntityName, count: number): Counted[] {
	const { label, plural } = getEntity(entity);
	return count > 0 ? [{ label: (count === 1 ? label : plural).toLowerCase(), count }] : [];
}
