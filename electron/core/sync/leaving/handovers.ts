import { decodeRow } from '../../../../db/codec.ts';
import { CoreError } from '../../../../shared/contract/errors.ts';
import type { HandoverRow } from '../../../../shared/contract/sync-models.ts';
import { type Handover, handover as handoverEntity } from '../../../../shared/entities/handover.ts';
import { entityByName } from '../../../../shared/entities/registry.ts';
import type { Handlers } from '../../handler.ts';
import { inWords, personNames } from '../../words.ts';

/** One line of a hand-over as the server writes it. */
interface HandedChange {
	entity?: string;
	row_id?: string;
	title?: string | null;
	field?: string;
	value?: unknown;
	reason?: string | null;
}

/** Work that reached the office after its account had gone to somebody else, until one of the new people takes it over. */
export const handoverHandlers: Handlers<'handovers.list' | 'handovers.take'> = {
	'handovers.list': async (context) => {
		const rows = await context.db
			.selectFrom('handover')
			.leftJoin('account', 'account.id', 'handover.account_id')
			.selectAll('handover')
			.select('account.name as account_name')
			.where('handover.deleted_at', 'is', null)
			.where('handover.taken_at', 'is', null)
			.orderBy('handover.received_at')
			.limit(500)
			.execute();
		const names = await personNames(context);
		return rows.map((row): HandoverRow => {
			const record = decodeRow<Handover>(handoverEntity, row);
			return {
				id: record.id,
				account_id: record.account_id,
				account_name: row.account_name,
				from_name: names.get(record.from_user) ?? 'A colleague',
				kind: record.kind,
				summary: record.summary,
				written_at: record.written_at,
				received_at: record.received_at,
				changes: changesOf(record.changes, names),
				mine: record.from_user === context.session.userId,
			};
		});
	},

	'handovers.take': async ({ trx, apply, now, session }, { id }) => {
		const row = await trx
			.selectFrom('handover')
			.select(['taken_at', 'from_user'])
			.where('id', '=', id)
			.where('deleted_at', 'is', null)
			.executeTakeFirst();
		if (!row) throw new CoreError('not_found', 'This hand-over is not on this laptop.');
		if (row.from_user === session.userId)
			throw new CoreError('bad_input', 'It is your own work; one of the account’s new people takes it over.');
		if (row.taken_at !== null) return;
		const patch = { taken_at: now.toISOString(), taken_by: session.userId };
		await apply({ kind: 'set', entity: 'handover', id, patch });
	},
};

function changesOf(changes: unknown, names: Map<string, string>): HandoverRow['changes'] {
	if (!Array.isArray(changes)) return [];
	return (changes as HandedChange[]).map(({ entity = '', row_id = '', title, field = '', value, reason }) => {
		const definition = entityByName(entity)?.fields[field];
		return {
			entity,
			row_id,
			title: title ?? entityByName(entity)?.label ?? entity,
			label: definition?.label ?? field,
			value: value === undefined || value === null ? null : inWords(definition, JSON.stringify(value), names),
			reason: reason ?? null,
		};
	});
}
