import { decodeRow } from '../../../../db/codec.ts';
import { LIFE } from '../../../../db/remote-history.ts';
import { CoreError } from '../../../../shared/contract/errors.ts';
import type { HandedRecord, HandoverRow } from '../../../../shared/contract/sync-models.ts';
import type { Entity } from '../../../../shared/entities/define.ts';
import { type Handover, handover as handoverEntity } from '../../../../shared/entities/handover.ts';
import { entityByName } from '../../../../shared/entities/registry.ts';
import type { Handlers } from '../../handler.ts';
import { inWords, personNames } from '../../words.ts';
import { tellsMore } from '../sending/unsent-words.ts';

/** The field of a line that speaks of the making of the whole record. */
const WHOLE = '*';

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
			const lines = Array.isArray(record.changes) ? (record.changes as HandedChange[]) : [];
			return {
				id: record.id,
				account_id: record.account_id,
				account_name: row.account_name,
				from_name: names.get(record.from_user) ?? 'A colleague',
				kind: record.kind,
				summary: record.summary,
				written_at: record.written_at,
				received_at: record.received_at,
				records: recordsOf(lines, names),
				reasons: [...new Set(lines.flatMap(({ reason }) => (reason ? [reason] : [])))],
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

/** The lines of one record together; what says nothing to a person is left out. */
function recordsOf(lines: readonly HandedChange[], names: Map<string, string>): HandedRecord[] {
	const records = new Map<string, HandedRecord>();
	for (const { entity: name = '', row_id: id = '', title, field = '', value } of lines) {
		const entity = entityByName(name);
		const record = records.get(`${name} ${id}`) ?? emptyRecord(entity?.label ?? name, { entity: name, id });
		records.set(`${name} ${id}`, record);
		record.title ||= title || null;
		if (field === WHOLE) record.done = 'new';
		else if (field === LIFE) record.done = value === 'deleted' ? 'deleted' : 'back';
		else record.fields.push(...toldField(record, { entity, field, value }, names));
	}
	return [...records.values()];
}

/** A field in words. What points to something that has no name here is only said to have changed, or left out of a new record. */
function toldField(
	{ done }: HandedRecord,
	{ entity, field, value = null }: { entity: Entity | undefined; field: string; value: unknown },
	names: Map<string, string>,
): HandedRecord['fields'] {
	const definition = entity?.fields[field];
	const label = definition?.label ?? field;
	const isTelling =
		!entity || tellsMore(entity, { name: field, value }, names) || (field === entity.title && done !== 'new');
	if (isTelling) return [{ label, value: inWords(definition, JSON.stringify(value), names) }];
	return done === 'new' ? [] : [{ label, value: 'another one' }];
}

function emptyRecord(kind: string, record: Pick<HandedRecord, 'entity' | 'id'>): HandedRecord {
	return { ...record, kind, title: null, done: 'changed', fields: [] };
}
