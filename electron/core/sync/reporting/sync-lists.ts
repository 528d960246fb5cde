import { decodeRow } from '../../../../db/codec.ts';
import { forgetRefusedUploads } from '../../../../db/drop-account-files.ts';
import { CoreError } from '../../../../shared/contract/errors.ts';
import type { ConflictRow } from '../../../../shared/contract/sync-models.ts';
import { type Conflict, conflict as conflictEntity } from '../../../../shared/entities/conflict.ts';
import { type EntityName, entityByName } from '../../../../shared/entities/registry.ts';
import { fieldSchema } from '../../../../shared/entities/schema.ts';
import type { Handlers, QueryContext } from '../../handler.ts';
import { inWords, nameOf, personNames } from '../../words.ts';
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
		const names = await personNames(context);
		const list: ConflictRow[] = [];
		for (const row of rows)
			list.push(await describeConflict(context, { conflict: decodeRow<Conflict>(conflictEntity, row), names }));
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

async function describeConflict(
	context: QueryContext,
	{ conflict, names }: { conflict: Conflict; names: Map<string, string> },
): Promise<ConflictRow> {
	const entity = entityByName(conflict.entity);
	const field = entity?.fields[conflict.field];
	const record = await nameOf(context, conflict.entity, conflict.row_id);
	const words = (value: unknown) =>
		inWords(field, value === null || value === undefined ? null : JSON.stringify(value), names);
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
	};
}
