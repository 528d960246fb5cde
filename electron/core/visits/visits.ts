import { sql } from 'kysely';
import { decodeRow } from '../../../db/codec.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { VisitRow } from '../../../shared/contract/models.ts';
import { visitChecklist } from '../../../shared/domain/visit-checklist.ts';
import { instantOf, isLocalTime, isTimeZone } from '../../../shared/domain/zoned-time.ts';
import {
	type Attendee,
	attendee as attendeeEntity,
	type ChecklistItem,
	checklistItem as checklistEntity,
	type Visit,
	visit as visitEntity,
} from '../../../shared/entities/visit.ts';
import type { CommandContext, Handlers, QueryContext } from '../handler.ts';
import { issueRows } from '../issue-rows.ts';
import { noteRows } from '../note-rows.ts';
import { deleteWithParts } from '../record-parts.ts';
import { renewalRows, toRenewalRow } from '../renewal-rows.ts';

export const visitHandlers: Handlers<
	| 'visits.list'
	| 'visits.get'
	| 'visits.create'
	| 'visits.update'
	| 'visits.delete'
	| 'attendees.create'
	| 'attendees.update'
	| 'attendees.delete'
	| 'checklist.create'
	| 'checklist.update'
	| 'checklist.tick'
	| 'checklist.delete'
> = {
	'visits.list': (context, input) => visitRows(context, input),

	'visits.get': async (context, { id }) => {
		const { db } = context;
		const row = await db.selectFrom('visit').selectAll().where('id', '=', id).executeTakeFirst();
		if (!row) throw new CoreError('not_found', 'This visit is not on this laptop.');
		const account = await db.selectFrom('account').select('name').where('id', '=', row.account_id).executeTakeFirst();
		const attendees = await db
			.selectFrom('attendee')
			.selectAll()
			.where('visit_id', '=', id)
			.where('deleted_at', 'is', null)
			.orderBy('side')
			.orderBy('name')
			.execute();
		const checklist = await db
			.selectFrom('checklist_item')
			.selectAll()
			.where('visit_id', '=', id)
			.where('deleted_at', 'is', null)
			.orderBy('sort_key')
			.execute();
		const renewals = await renewalRows(context)
			.where('renewal_event.account_id', '=', row.account_id)
			.where(sql<boolean>`renewal_event.status IN ('OPEN', 'REMINDED') AND renewal_event.deleted_at IS NULL`)
			.orderBy('client_cutoff')
			.limit(10)
			.execute();
		return {
			visit: decodeRow<Visit>(visitEntity, row),
			account_name: account?.name ?? '',
			attendees: attendees.map((item) => decodeRow<Attendee>(attendeeEntity, item)),
			checklist: checklist.map((item) => decodeRow<ChecklistItem>(checklistEntity, item)),
			notes: await noteRows(context, { parent_id: id, offset: 0, limit: 500 }),
			open_issues: await issueRows(context, { account_id: row.account_id, open: true, offset: 0, limit: 50 }),
			renewals: renewals.map(toRenewalRow),
		};
	},

	'visits.create': async (context, { checklist, ...input }) => {
		const id = context.newId();
		const times = visitTimes(input);
		const values = { ...input, ...times, status: 'PLANNED', owner_id: context.session.userId };
		await context.apply({ kind: 'create', entity: 'visit', id, values });
		if (checklist) await addChecklist(context, { visitId: id, accountId: input.account_id, type: input.type });
		return { id };
	},

	'visits.update': async (context, { id, patch, seen }) => {
		const row = await context.trx.selectFrom('visit').selectAll().where('id', '=', id).executeTakeFirst();
		if (!row) throw new CoreError('not_found', 'This visit is not on this laptop.');
		const moves = ['local_start', 'local_end', 'time_zone'].some((field) => field in patch);
		const times = moves ? visitTimes({ ...row, ...patch } as VisitTimes) : {};
		await context.apply({ kind: 'set', entity: 'visit', id, patch: { ...patch, ...times }, seen, joins: true });
	},

	'visits.delete': (context, { id }) => deleteWithParts(context, 'visit', id),

	'attendees.create': async (context, values) => {
		const id = context.newId();
		const account_id = await accountOfVisit(context, String(values.visit_id));
		await context.apply({
			kind: 'create',
			entity: 'attendee',
			id,
			values: { status: 'INVITED', ...values, account_id },
		});
		return { id };
	},
	'attendees.update': ({ apply }, { id, patch, seen }) =>
		apply({ kind: 'set', entity: 'attendee', id, patch, seen, joins: true }),
	'attendees.delete': ({ apply }, { id }) => apply({ kind: 'delete', entity: 'attendee', id }),

	'checklist.create': async (context, values) => {
		const id = context.newId();
		const visitId = String(values.visit_id);
		const account_id = await accountOfVisit(context, visitId);
		const last = await context.trx
			.selectFrom('checklist_item')
			.select((eb) => eb.fn.max('sort_key').as('key'))
			.where('visit_id', '=', visitId)
			.executeTakeFirst();
		const sort_key = sortKey(Number.parseInt(last?.key ?? '0', 10) + 10, context.session.deviceShort);
		await context.apply({ kind: 'create', entity: 'checklist_item', id, values: { ...values, account_id, sort_key } });
		return { id };
	},
	'checklist.update': ({ apply }, { id, patch, seen }) =>
		apply({ kind: 'set', entity: 'checklist_item', id, patch, seen, joins: true }),
	'checklist.tick': ({ apply, now, session }, { id, done }) =>
		apply({
			kind: 'set',
			entity: 'checklist_item',
			id,
			patch: { done_at: done ? now.toISOString() : null, done_by: done ? session.userId : null },
		}),
	'checklist.delete': ({ apply }, { id }) => apply({ kind: 'delete', entity: 'checklist_item', id }),
};

interface VisitTimes {
	local_start: string;
	local_end: string;
	time_zone: string;
}

/** The instants of a visit's wall times. Refuses a zone that does not exist and an end before the start. */
function visitTimes({ local_start, local_end, time_zone }: VisitTimes): { starts_at: string; ends_at: string } {
	const problem = (field: string, message: string) =>
		new CoreError('bad_input', 'The visit cannot be saved as it is.', { problems: [{ field, message }] });
	if (!isTimeZone(time_zone)) throw problem('time_zone', 'is not a time zone this computer knows');
	if (!isLocalTime(local_start)) throw problem('local_start', 'is not a day and a time of the clock');
	if (!isLocalTime(local_end)) throw problem('local_end', 'is not a day and a time of the clock');
	const starts_at = instantOf(local_start, time_zone);
	const ends_at = instantOf(local_end, time_zone);
	if (ends_at <= starts_at) throw problem('local_end', 'is not after the start');
	return { starts_at, ends_at };
}

async function addChecklist(
	context: CommandContext,
	visit: { visitId: string; accountId: string; type: string },
): Promise<void> {
	const items = visitChecklist(visit.type);
	for (const [index, item] of items.entries()) {
		const values = {
			visit_id: visit.visitId,
			account_id: visit.accountId,
			text: item.text,
			due_days: item.dueDays,
			sort_key: sortKey((index + 1) * 10, context.session.deviceShort),
		};
		await context.apply({ kind: 'create', entity: 'checklist_item', id: context.newId(), values });
	}
}

/** Order keys end in the device's name, so that two laptops never make the same one. */
function sortKey(position: number, deviceShort: string): string {
	return `${String(position).padStart(8, '0')}.${deviceShort}`;
}

async function accountOfVisit({ trx }: CommandContext, visitId: string): Promise<string> {
	const row = await trx.selectFrom('visit').select('account_id').where('id', '=', visitId).executeTakeFirst();
	if (!row) throw new CoreError('not_found', 'This visit is not on this laptop.');
	return row.account_id;
}

async function visitRows(
	{ db, now }: QueryContext,
	input: { account_id?: string | undefined; past: boolean },
): Promise<VisitRow[]> {
	const countOf = (table: 'checklist_item' | 'attendee' | 'note', where: string) =>
		sql<number>`(SELECT count(*) FROM ${sql.table(table)} c WHERE c.deleted_at IS NULL AND ${sql.raw(where)})`;
	let select = db
		.selectFrom('visit')
		.leftJoin('account', 'account.id', 'visit.account_id')
		.select(['visit.id', 'visit.account_id', 'purpose', 'visit.type', 'visit.status', 'place', 'starts_at', 'ends_at'])
		.select(['visit.time_zone', 'local_start', 'local_end', 'account.name as account_name'])
		.select([
			countOf('checklist_item', 'c.visit_id = visit.id').as('checklist_total'),
			countOf('checklist_item', 'c.visit_id = visit.id AND c.done_at IS NOT NULL').as('checklist_done'),
			countOf('attendee', 'c.visit_id = visit.id').as('attendees'),
			countOf('note', 'c.parent_id = visit.id').as('notes'),
		])
		.where('visit.deleted_at', 'is', null);
	if (input.account_id) select = select.where('visit.account_id', '=', input.account_id);
	if (!input.past) select = select.where('ends_at', '>=', new Date(now.getTime() - 86_400_000).toISOString());
	const rows = await select.orderBy('starts_at').limit(2000).execute();
	return rows.map((row) => ({ ...row, account_name: row.account_name ?? '' }));
}
