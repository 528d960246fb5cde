import { decodeRow } from '../../../db/codec.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import { type Conflict, conflict as conflictEntity } from '../../../shared/entities/conflict.ts';
import { type Issue, issue as issueEntity } from '../../../shared/entities/issue.ts';
import type { CommandContext, Handlers } from '../handler.ts';
import { CLOSED, issueRows, unsentIds } from '../issue-rows.ts';

export const issueHandlers: Handlers<
	'issues.list' | 'issues.get' | 'issues.create' | 'issues.update' | 'issues.delete'
> = {
	'issues.list': (context, input) => issueRows(context, input),

	'issues.get': async (context, { id }) => {
		const { db } = context;
		const row = await db.selectFrom('issue').selectAll().where('id', '=', id).executeTakeFirst();
		if (!row) throw new CoreError('not_found', 'This issue is not on this laptop.');
		const nameOf = async (table: 'account' | 'app_user', key: string | null) =>
			key ? ((await db.selectFrom(table).select('name').where('id', '=', key).executeTakeFirst())?.name ?? null) : null;
		const contact = row.contact_id
			? await db.selectFrom('contact').select('full_name').where('id', '=', row.contact_id).executeTakeFirst()
			: undefined;
		const asset = row.asset_id
			? await db
					.selectFrom('patent_asset')
					.select(['id', 'title', 'client_ref', 'grant_no'])
					.where('id', '=', row.asset_id)
					.executeTakeFirst()
			: undefined;
		const conflicts = await db
			.selectFrom('conflict')
			.selectAll()
			.where('row_id', '=', id)
			.where('decided_at', 'is', null)
			.execute();
		return {
			issue: decodeRow<Issue>(issueEntity, row),
			account_name: (await nameOf('account', row.account_id)) ?? '',
			owner_name: await nameOf('app_user', row.owner_id),
			contact_name: contact?.full_name ?? null,
			asset: asset ?? null,
			conflicts: conflicts.map((item) => decodeRow<Conflict>(conflictEntity, item)),
			unsent: (await unsentIds(context, 'issue')).has(id),
		};
	},

	'issues.create': async (context, input) => {
		const id = context.newId();
		const values = {
			...input,
			ref_no: await nextReference(context),
			status: 'OPEN',
			owner_id: input.owner_id ?? context.session.userId,
			received_at: context.now.toISOString(),
		};
		await context.apply({ kind: 'create', entity: 'issue', id, values });
		return { id };
	},

	'issues.update': async (context, { id, patch, seen }) => {
		const before = await context.trx.selectFrom('issue').select('status').where('id', '=', id).executeTakeFirst();
		const wasClosed = CLOSED.some((status) => status === before?.status);
		const isClosed = CLOSED.some((status) => status === patch.status);
		// The day of resolution follows the status unless it is given.
		const resolved =
			patch.status === undefined || 'resolved_at' in patch || wasClosed === isClosed
				? {}
				: { resolved_at: isClosed ? context.now.toISOString() : null };
		await context.apply({ kind: 'set', entity: 'issue', id, patch: { ...patch, ...resolved }, seen, joins: true });
	},

	'issues.delete': ({ apply }, { id }) => apply({ kind: 'delete', entity: 'issue', id }),
};

/**
 * A reference people can say on the phone. Two laptops can be offline at once, so each counts in its own series,
 * named by the first two letters of the device: I-K7-12.
 */
async function nextReference({ trx, session }: CommandContext): Promise<string> {
	const series = `I-${session.deviceShort.slice(0, 2).toUpperCase()}-`;
	const rows = await trx.selectFrom('issue').select('ref_no').where('ref_no', 'like', `${series}%`).execute();
	const last = Math.max(0, ...rows.map((row) => Number(row.ref_no.slice(series.length)) || 0));
	return `${series}${last + 1}`;
}
