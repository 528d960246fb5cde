import { CoreError } from '../../../../shared/contract/errors.ts';
import type { HomelessRecord } from '../../../../shared/contract/sync-models.ts';
import { getEntity } from '../../../../shared/entities/registry.ts';
import { parseVersion, readVersions } from '../../../../shared/sync/version.ts';
import { goesAlong } from '../../deletion-reach.ts';
import type { CommandContext, Handlers, QueryContext } from '../../handler.ts';
import { restoreWithParts } from '../../record-parts.ts';
import { deletionOf } from '../../trash-rows.ts';

type Child = HomelessRecord['entity'];
type Parent = 'visit' | 'issue' | 'note';

/** Where each kind of record can belong, beside its account. */
const PLACES: Readonly<Record<Child, readonly Parent[]>> = {
	note: ['visit', 'issue'],
	attachment: ['visit', 'issue', 'note'],
	task: ['visit', 'issue'],
	attendee: ['visit'],
	checklist_item: ['visit'],
};

/** What is nothing without its visit is only worth asking about when this person worked on it. */
const PARTS: readonly Child[] = ['attendee', 'checklist_item'];

const MOST_PLACES = 50;
const MOST_LISTED = 200;

type Context = Pick<QueryContext, 'db' | 'session'>;

/** A record without a home, as stored, and what it belonged to. */
interface Lost {
	entity: Child;
	row: Record<string, unknown> & { id: string; account_id: string; fv: string; created_by: string | null };
	parent: { entity: Parent; id: string };
	/** What it belonged to is here, deleted; else it never came. */
	isHere: boolean;
}

/** Records whose visit, issue or note was deleted by somebody else or never came, and the way to a new home: always on the same account. */
export const homelessHandlers: Handlers<'homeless.list' | 'homeless.settle'> = {
	'homeless.list': async (context) => {
		const found = await findHomeless(context);
		const told: HomelessRecord[] = [];
		for (const lost of found.slice(0, MOST_LISTED)) told.push(await tell(context, lost));
		return told;
	},
	'homeless.settle': settle,
};

/** How many records need a new home. */
export async function countHomeless(context: Context): Promise<number> {
	return (await findHomeless(context)).length;
}

async function findHomeless(context: Context): Promise<Lost[]> {
	const { db, session } = context;
	const accounts = new Set(
		(await db.selectFrom('account').select('id').where('deleted_at', 'is', null).execute()).map(({ id }) => id),
	);
	const isWhole = await hasAll(context);
	const deleters = new Map<string, string | null>();
	const found: Lost[] = [];
	for (const lost of await findLost(context)) {
		if (!accounts.has(lost.row.account_id) || (!lost.isHere && !isWhole)) continue;
		if (PARTS.includes(lost.entity) && !hasWorkOf(session, lost.row)) continue;
		const { parent } = lost;
		if (lost.isHere && !deleters.has(parent.id))
			deleters.set(parent.id, (await deletionOf(context as QueryContext, parent))?.deleted_by ?? null);
		if (lost.isHere && deleters.get(parent.id) === session.userId) continue;
		found.push(lost);
	}
	return found;
}

async function findLost({ db }: Context): Promise<Lost[]> {
	const found: Lost[] = [];
	for (const [entity, parents] of Object.entries(PLACES) as [Child, readonly Parent[]][]) {
		for (const parent of parents) {
			const column = PARTS.includes(entity) ? 'visit_id' : 'parent_id';
			// Every child has these columns; their tables' types differ only in the rest.
			const rows = await db
				.selectFrom(`${entity as 'note'} as c`)
				.leftJoin(`${parent as 'visit'} as p`, 'p.id', `c.${column as 'parent_id'}`)
				.selectAll('c')
				.select('p.id as parent_here')
				.where('c.deleted_at', 'is', null)
				.where(`c.${column as 'parent_id'}`, 'is not', null)
				.$if(column === 'parent_id', (query) => query.where('c.parent_type', '=', parent as 'visit'))
				.where((eb) => eb.or([eb('p.id', 'is', null), eb('p.deleted_at', 'is not', null)]))
				.execute();
			for (const { parent_here, ...row } of rows) {
				const id = String((row as Record<string, unknown>)[column]);
				found.push({ entity, row, parent: { entity: parent, id }, isHere: parent_here !== null });
			}
		}
	}
	return found;
}

/** False while the laptop is still fetching for the first time, or from the start: what is missing may be on its way. */
async function hasAll({ db }: Context): Promise<boolean> {
	const rows = await db.selectFrom('meta').select('key').where('key', 'in', ['pulled_at', 'staging']).execute();
	return rows.length === 1 && rows[0]?.key === 'pulled_at';
}

function hasWorkOf({ userId, deviceShort }: Context['session'], { created_by, fv }: Lost['row']): boolean {
	if (created_by === userId) return true;
	return Object.values(readVersions(fv)).some((version) => parseVersion(version)?.device === deviceShort);
}

async function tell(context: QueryContext, { entity, row, parent, isHere }: Lost): Promise<HomelessRecord> {
	const account = await context.db
		.selectFrom('account')
		.select('name')
		.where('id', '=', row.account_id)
		.executeTakeFirst();
	const deletion = isHere ? await deletionOf(context, parent) : undefined;
	const body = typeof row['body'] === 'string' ? row['body'] : '';
	const { title, label } = getEntity(entity);
	return {
		entity,
		id: row.id,
		title: String(row[title] || body.split('\n')[0]?.slice(0, 80) || label),
		excerpt: body.slice(0, 200),
		account_id: row.account_id,
		account_name: account?.name ?? '',
		lost: {
			...parent,
			title: deletion?.title ?? null,
			deletedAt: deletion?.deleted_at ?? null,
			deletedBy: deletion?.deleted_by_name ?? null,
			along: deletion ? await goesAlong(context, { ...parent, deletedAt: deletion.deleted_at }) : [],
		},
		files: entity === 'note' ? await countFiles(context, row.id) : 0,
		places: await placesFor(context, { entity, accountId: row.account_id, accountName: account?.name ?? '' }),
	};
}

async function countFiles({ db }: QueryContext, note: string): Promise<number> {
	const { n } = await db
		.selectFrom('attachment')
		.select((eb) => eb.fn.countAll<number>().as('n'))
		.where('parent_type', '=', 'note')
		.where('parent_id', '=', note)
		.where('deleted_at', 'is', null)
		.executeTakeFirstOrThrow();
	return n;
}

async function placesFor(
	{ db }: QueryContext,
	{ entity, accountId, accountName }: { entity: Child; accountId: string; accountName: string },
): Promise<HomelessRecord['places']> {
	const visits = await db
		.selectFrom('visit')
		.select(['id', 'purpose as title'])
		.where('account_id', '=', accountId)
		.where('deleted_at', 'is', null)
		.orderBy('starts_at', 'desc')
		.limit(MOST_PLACES)
		.execute();
	const places = visits.map(({ id, title }) => ({ parent_type: 'visit', parent_id: id, title }));
	if (PARTS.includes(entity)) return places;
	const issues = await db
		.selectFrom('issue')
		.select(['id', 'title'])
		.where('account_id', '=', accountId)
		.where('deleted_at', 'is', null)
		.orderBy('received_at', 'desc')
		.limit(MOST_PLACES)
		.execute();
	return [
		...places,
		...issues.map(({ id, title }) => ({ parent_type: 'issue', parent_id: id, title })),
		{ parent_type: 'account', parent_id: accountId, title: accountName },
	];
}

interface Settling {
	entity: Child;
	id: string;
	choice: 'bring_back' | 'move' | 'delete';
	parent_type?: string | undefined;
	parent_id?: string | undefined;
}

async function settle(context: CommandContext, input: Settling): Promise<void> {
	const { entity, id } = input;
	const row = (await context.trx
		.selectFrom(entity as 'note')
		.selectAll()
		.where('id', '=', id)
		.where('deleted_at', 'is', null)
		.executeTakeFirst()) as Record<string, unknown> | undefined;
	if (!row) throw new CoreError('not_found', 'This record is not on this laptop.');
	if (input.choice === 'delete') await context.apply({ kind: 'delete', entity, id });
	else if (input.choice === 'bring_back') await bringBack(context, row);
	else await move(context, input, String(row['account_id']));
	const left = await countHomeless({ db: context.trx, session: context.session });
	await context.trx
		.updateTable('meta')
		.set({ value: String(left) })
		.where('key', '=', 'homeless')
		.execute();
	context.touch('sync_state');
}

async function bringBack(context: CommandContext, row: Record<string, unknown>): Promise<void> {
	const isPart = typeof row['visit_id'] === 'string';
	const entity = (isPart ? 'visit' : row['parent_type']) as Parent;
	const parentId = String(isPart ? row['visit_id'] : row['parent_id']);
	const parent = ['visit', 'issue', 'note'].includes(entity)
		? await context.trx.selectFrom(entity).select('deleted_at').where('id', '=', parentId).executeTakeFirst()
		: undefined;
	if (!parent) throw new CoreError('not_found', 'What it belonged to was never here, so it cannot be brought back.');
	// Somebody else may have brought it back meanwhile.
	if (parent.deleted_at) await restoreWithParts(context, { entity, id: parentId, deletedAt: parent.deleted_at });
}

/** To another place of the same account, and to no other account, whatever is asked for. */
async function move(context: CommandContext, { entity, id, ...place }: Settling, accountId: string): Promise<void> {
	const { parent_type: type, parent_id: parentId } = place;
	const isPart = PARTS.includes(entity);
	const isKind = type === 'account' ? !isPart : (PLACES[entity] as readonly string[]).includes(type ?? '');
	if (!isKind || !parentId) throw new CoreError('bad_input', 'It cannot belong there.');
	const isThere =
		type === 'account'
			? parentId === accountId
			: await isOnAccount(context, { type: type as Parent, parentId, accountId });
	if (!isThere) throw new CoreError('bad_input', 'That place is not there any more, or it is another client’s.');
	const patch = isPart ? { visit_id: parentId } : { parent_type: type, parent_id: parentId };
	await context.apply({ kind: 'set', entity, id, patch });
}

async function isOnAccount(
	{ trx }: CommandContext,
	{ type, parentId, accountId }: { type: Parent; parentId: string; accountId: string },
): Promise<boolean> {
	const found = await trx
		.selectFrom(type)
		.select('id')
		.where('id', '=', parentId)
		.where('account_id', '=', accountId)
		.where('deleted_at', 'is', null)
		.executeTakeFirst();
	return found !== undefined;
}
