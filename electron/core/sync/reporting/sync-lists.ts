import { decodeRow, fromStored } from '../../../../db/codec.ts';
import { forgetRefusedUploads } from '../../../../db/drop-account-files.ts';
import { CoreError } from '../../../../shared/contract/errors.ts';
import type { ConflictRow, ConflictStanding } from '../../../../shared/contract/sync-models.ts';
import { type Conflict, conflict as conflictEntity } from '../../../../shared/entities/conflict.ts';
import type { Field } from '../../../../shared/entities/define.ts';
import { type EntityName, entityByName } from '../../../../shared/entities/registry.ts';
import { fieldSchema } from '../../../../shared/entities/schema.ts';
import { parseVersion, readVersions, timeOfVersion, versionOf } from '../../../../shared/sync/version.ts';
import type { Handlers, QueryContext } from '../../handler.ts';
import { inWords, nameOf, type People, peopleByDevice, personNames } from '../../words.ts';
import { unsentChanges } from '../sending/unsent.ts';

/** What is unsent and what is to decide, in plain words. */
export const syncListHandlers: Handlers<'sync.unsent' | 'sync.dismiss' | 'conflicts.list' | 'conflicts.decide'> = {
	'sync.unsent': unsentChanges,

	'sync.dismiss': async ({ trx, touch, unit: { store } }, { group }) => {
		const unit = trx.selectFrom('outbox').select('unit').where('group_no', '=', group);
		const groups = trx.selectFrom('outbox').select('group_no').where('unit', 'in', unit);
		await trx
			.updateTable('outbox_op')
			.set({ refused: null, settled: 1 })
			.where('group_no', 'in', groups)
			.where('refused', 'is not', null)
			.execute();
		forgetRefusedUploads(store);
		touch('outbox');
		touch('blob');
	},

	'conflicts.list': async (context) => {
		const rows = await context.db
			.selectFrom('conflict')
			.selectAll()
			.where('decided_at', 'is', null)
			.where('deleted_at', 'is', null)
			.orderBy('id')
			.execute();
		const teller = { names: await personNames(context), people: await peopleByDevice(context) };
		const list: ConflictRow[] = [];
		for (const row of rows)
			list.push(await describeConflict(context, decodeRow<Conflict>(conflictEntity, row), teller));
		return list;
	},

	'conflicts.decide': async ({ trx, apply, now, session }, { id, choice, value }) => {
		const row = await trx.selectFrom('conflict').selectAll().where('id', '=', id).executeTakeFirst();
		if (!row) throw new CoreError('not_found', 'This conflict is not on this laptop.');
		const conflict = decodeRow<Conflict>(conflictEntity, row);
		const chosen = { mine: conflict.mine_value, theirs: conflict.theirs_value, other: value }[choice];
		const entity = conflict.entity as EntityName;
		const field = entityByName(entity)?.fields[conflict.field];
		if (!field) throw new CoreError('bad_input', 'This field is not known here.');
		const problem = fieldSchema(field).safeParse(chosen ?? null).error?.issues[0];
		if (problem) {
			const problems = [{ field: conflict.field, message: problem.message }];
			throw new CoreError('bad_input', 'This cannot stand in the field.', { problems });
		}
		await apply({ kind: 'set', entity, id: conflict.row_id, patch: { [conflict.field]: chosen ?? null } });
		await apply({
			kind: 'set',
			entity: 'conflict',
			id,
			patch: { choice, decided_at: now.toISOString(), decided_by: session.userId },
		});
	},
};

interface Teller {
	names: Map<string, string>;
	people: People;
}

async function describeConflict(context: QueryContext, conflict: Conflict, teller: Teller): Promise<ConflictRow> {
	const { names } = teller;
	const entity = entityByName(conflict.entity);
	const field = entity?.fields[conflict.field];
	const record = await nameOf(context, conflict.entity, conflict.row_id);
	const words = (value: unknown) => valueInWords(field, value, names);
	return {
		...conflict,
		entity_label: entity?.label ?? conflict.entity,
		field_label: field?.label ?? conflict.field,
		record_title: record.title,
		record_ref: record.ref,
		account_name: record.account,
		base_text: words(conflict.base_value),
		mine_text: words(conflict.mine_value),
		theirs_text: words(conflict.theirs_value),
		mine_name: names.get(conflict.mine_by ?? '') ?? null,
		theirs_name: names.get(conflict.theirs_by ?? '') ?? null,
		mine_is_me: conflict.mine_by === context.session.userId,
		standing: await readStanding(context, conflict, teller),
	};
}

function valueInWords(field: Field | undefined, value: unknown, names: Map<string, string>): string | null {
	return inWords(field, value === null || value === undefined ? null : JSON.stringify(value), names);
}

/** The field as it is now, by whom and since when: the version it has names the laptop and the time. */
async function readStanding(
	{ db, session }: QueryContext,
	conflict: Conflict,
	{ names, people }: Teller,
): Promise<ConflictStanding | null> {
	const entity = entityByName(conflict.entity);
	const field = entity?.fields[conflict.field];
	if (!entity || !field) return null;
	const row = (await db
		.selectFrom(entity.table as EntityName)
		.selectAll()
		.where('id', '=', conflict.row_id)
		.executeTakeFirst()) as Record<string, unknown> | undefined;
	if (!row) return null;
	const value = fromStored(field, row[conflict.field]);
	const version = versionOf(readVersions(String(row.fv)), conflict.field);
	const person = version ? people.get(parseVersion(version)?.device ?? '') : undefined;
	return {
		value,
		text: valueInWords(field, value, names),
		name: person?.name ?? null,
		is_me: person?.id === session.userId,
		at: (version && timeOfVersion(version)) ?? null,
	};
}
