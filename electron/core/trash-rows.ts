import { LIFE } from '../../db/remote-history.ts';
import type { TrashRow } from '../../shared/contract/kept-models.ts';
import { type EntityName, getEntity } from '../../shared/entities/registry.ts';
import { parseVersion, readVersions } from '../../shared/sync/version.ts';
import type { QueryContext } from './handler.ts';
import { wentAlong } from './record-parts.ts';
import { type People, peopleByDevice } from './words.ts';

/** How long a deleted record can be brought back by a person. */
export const STAYS_DAYS = 30;
const STAYS_MS = STAYS_DAYS * 86_400_000;

/** What a person deletes. Office records go as they came, by import. */
export const TRASHED = [
	'attachment',
	'attendee',
	'checklist_item',
	'contact',
	'issue',
	'note',
	'task',
	'visit',
] as const satisfies readonly EntityName[];
export type Trashed = (typeof TRASHED)[number];

/** A deleted record as stored: what all have, and what some have. */
export interface DeletedRow {
	id: string;
	entity: Trashed;
	deleted_at: string | null;
	fv: string;
	account_id: string | null;
	visit_id?: string | null;
	parent_type?: string | null;
	parent_id?: string | null;
	[field: string]: unknown;
}

/** What the row belonged to; an account is not told here, and a record at an account belongs to nothing else. */
export function parentRow(row: DeletedRow): { entity: string; id: string } | null {
	if (row.visit_id) return { entity: 'visit', id: row.visit_id };
	if (!row.parent_id || !row.parent_type || row.parent_type === 'account') return null;
	return { entity: row.parent_type, id: row.parent_id };
}

export interface Trash {
	/** The newest first; what went with its visit is told with the visit. */
	rows: DeletedRow[];
	tell(row: DeletedRow): Promise<TrashRow>;
}

/** Everything deleted since `since` (UTC). */
export async function readTrash(context: QueryContext, { since }: { since: string }): Promise<Trash> {
	const all: DeletedRow[] = [];
	for (const entity of TRASHED) {
		const found = await context.db.selectFrom(entity).selectAll().where('deleted_at', '>=', since).execute();
		for (const row of found) all.push({ ...row, entity } as unknown as DeletedRow);
	}
	const visits = new Map(all.filter((row) => row.entity === 'visit').map((row) => [row.id, row.deleted_at]));
	const along = new Set(
		all.filter((row) => {
			const visitDeletedAt = row.visit_id ? visits.get(row.visit_id) : undefined;
			return visitDeletedAt && row.deleted_at && wentAlong(row.deleted_at, visitDeletedAt);
		}),
	);
	const rows = all.filter((row) => !along.has(row));
	rows.sort((one, other) => ((one.deleted_at ?? '') < (other.deleted_at ?? '') ? 1 : -1));
	const teller = await openTeller(context);
	return { rows, tell: (row) => tell(teller, row, [...along]) };
}

/** The deletion of one record; undefined when it is not deleted or not here. */
export async function deletionOf(
	context: QueryContext,
	{ entity, id }: { entity: Trashed; id: string },
): Promise<TrashRow | undefined> {
	const row = await context.db.selectFrom(entity).selectAll().where('id', '=', id).executeTakeFirst();
	if (!row || row.deleted_at === null) return undefined;
	return tell(await openTeller(context), { ...row, entity } as unknown as DeletedRow, []);
}

interface Teller {
	context: QueryContext;
	people: People;
	users: Map<string, string>;
	accounts: Map<string, string>;
}

async function openTeller(context: QueryContext): Promise<Teller> {
	const users = await context.db.selectFrom('app_user').select(['id', 'name']).execute();
	const accounts = await context.db.selectFrom('account').select(['id', 'name']).execute();
	return {
		context,
		people: await peopleByDevice(context),
		users: new Map(users.map((user) => [user.id, user.name])),
		accounts: new Map(accounts.map((account) => [account.id, account.name])),
	};
}

async function tell(teller: Teller, row: DeletedRow, along: readonly DeletedRow[]): Promise<TrashRow> {
	const entity = getEntity(row.entity);
	const deletedAt = row.deleted_at ?? '';
	const by = await deleterOf(teller, row);
	const body = typeof row['body'] === 'string' ? row['body'] : '';
	const first = body.split('\n')[0]?.slice(0, 80);
	return {
		entity: row.entity,
		id: row.id,
		entity_label: entity.label,
		title: String(row[entity.title] || first || entity.label),
		excerpt: body.slice(0, 200),
		account_id: row.account_id,
		account_name: teller.accounts.get(row.account_id ?? '') ?? null,
		parent: await parentOf(teller, row),
		deleted_at: deletedAt,
		deleted_by: by,
		deleted_by_name: teller.users.get(by ?? '') ?? null,
		stays_until: new Date(Date.parse(deletedAt) + STAYS_MS).toISOString(),
		along: countAlong(row, along),
	};
}

/** A deletion made here is in the history; one that came from elsewhere is named by the record's own version of it. */
async function deleterOf({ context, people }: Teller, row: DeletedRow): Promise<string | null> {
	const own = await context.db
		.selectFrom('history')
		.select(['by', 'at', 'origin'])
		.where('row_id', '=', row.id)
		.where('field', '=', 'deleted')
		.orderBy('id', 'desc')
		.executeTakeFirst();
	if (own?.origin === 'local' && own.at === row.deleted_at) return own.by;
	const version = readVersions(row.fv)[LIFE];
	const person = version ? people.get(parseVersion(version)?.device ?? '') : undefined;
	return person?.id ?? (own?.origin === 'local' ? own.by : null);
}

async function parentOf({ context }: Teller, row: DeletedRow): Promise<TrashRow['parent']> {
	const place = parentRow(row);
	const entity = TRASHED.find((name) => name === place?.entity);
	if (!place || !entity) return null;
	const parent = (await context.db.selectFrom(entity).selectAll().where('id', '=', place.id).executeTakeFirst()) as
		| Record<string, unknown>
		| undefined;
	const { label, title } = getEntity(entity);
	return {
		entity,
		id: place.id,
		title: String(parent?.[title] || label),
		deleted: parent !== undefined && parent['deleted_at'] !== null,
	};
}

function countAlong(row: DeletedRow, along: readonly DeletedRow[]): TrashRow['along'] {
	const mine = along.filter((part) => row.entity === 'visit' && part.visit_id === row.id);
	return (['attendee', 'checklist_item'] as const).flatMap((entity) => {
		const count = mine.filter((part) => part.entity === entity).length;
		const { label, plural } = getEntity(entity);
		return count > 0 ? [{ label: (count === 1 ? label : plural).toLowerCase(), count }] : [];
	});
}
