import { decodeRow } from '../../../db/codec.ts';
import type { RangeOp } from '../../../db/outbox.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { ConflictRow, UnsentChange } from '../../../shared/contract/models.ts';
import { type Conflict, conflict as conflictEntity } from '../../../shared/entities/conflict.ts';
import { type EntityName, entityByName } from '../../../shared/entities/registry.ts';
import { fieldSchema } from '../../../shared/entities/schema.ts';
import type { Op } from '../../../shared/sync/protocol.ts';
import type { Handlers, QueryContext } from '../handler.ts';
import { inWords, personNames } from '../words.ts';

/** What is unsent and what is to decide, in plain words. */
export const syncListHandlers: Handlers<'sync.unsent' | 'conflicts.list' | 'conflicts.decide'> = {
	'sync.unsent': unsentChanges,

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

async function unsentChanges(context: QueryContext): Promise<UnsentChange[]> {
	const rows = await context.db
		.selectFrom('outbox')
		.leftJoin('outbox_op', 'outbox_op.group_no', 'outbox.group_no')
		.select(['outbox.group_no', 'outbox.at', 'outbox.label', 'outbox.unit', 'outbox.batch_id'])
		.select(['outbox_op.entity', 'outbox_op.row_id', 'outbox_op.kind', 'outbox_op.op', 'outbox_op.refused'])
		.where((eb) => eb.or([eb('outbox.sent_at', 'is', null), eb('outbox_op.refused', 'is not', null)]))
		// By the indexes of what is unsent and refused: everything ever sent is kept.
		.where(
			'outbox.group_no',
			'in',
			context.db
				.selectFrom('outbox')
				.select('group_no')
				.where('sent_at', 'is', null)
				.union(context.db.selectFrom('outbox_op').select('group_no').where('refused', 'is not', null)),
		)
		.orderBy('outbox.group_no')
		.orderBy('outbox_op.op_no')
		.limit(5000)
		.execute();
	const units = new Map<string, typeof rows>();
	for (const row of rows) units.set(row.unit, [...(units.get(row.unit) ?? []), row]);
	const names = await personNames(context);
	const list: UnsentChange[] = [];
	for (const unit of units.values()) list.push(await describeUnit(context, { rows: unit, names }));
	return list.reverse();
}

interface UnitRow {
	group_no: number;
	at: string;
	label: string;
	batch_id: string | null;
	entity: string | null;
	row_id: string | null;
	kind: string | null;
	op: string | null;
	refused: string | null;
}

async function describeUnit(
	context: QueryContext,
	{ rows, names }: { rows: UnitRow[]; names: Map<string, string> },
): Promise<UnsentChange> {
	const first = rows[0] as UnitRow;
	const entity = first.batch_id ? 'import_batch' : (first.entity ?? '');
	const rowId = first.batch_id ?? first.row_id ?? '';
	const record = await nameOf(context, entity, rowId);
	return {
		group: first.group_no,
		at: rows.at(-1)?.at ?? first.at,
		label: first.label,
		entity,
		row_id: rowId,
		title: record.title,
		account_name: record.account,
		changes: rows.flatMap((row) => changesOf(row, names)).slice(0, 20),
		refused: rows.find((row) => row.refused)?.refused ?? null,
		count: await countRows(context, rows),
	};
}

function changesOf(row: UnitRow, names: Map<string, string>): UnsentChange['changes'] {
	if (row.kind !== 'set' || !row.op || !row.entity) return [];
	const op = JSON.parse(row.op) as Extract<Op, { k: 'set' }>;
	const fields = entityByName(row.entity)?.fields ?? {};
	return Object.entries(op.f).map(([name, edit]) => ({
		label: fields[name]?.label ?? name,
		after: inWords(fields[name], JSON.stringify(edit.v), names),
	}));
}

/** Records an import wrote; anything else counts its operations. */
async function countRows({ db }: QueryContext, rows: UnitRow[]): Promise<number> {
	let count = 0;
	for (const row of rows) {
		if (row.kind !== 'range' || !row.op) {
			count += row.kind ? 1 : 0;
			continue;
		}
		const range = JSON.parse(row.op) as RangeOp;
		const table = row.entity as 'patent_asset' | 'renewal_event';
		const found = await db
			.selectFrom(table)
			.select((eb) => eb.fn.countAll<number>().as('n'))
			.where('id', '>=', range.fromId)
			.where('id', '<=', range.toId)
			.executeTakeFirstOrThrow();
		count += found.n;
	}
	return count;
}

/** A record's name and its account's, whatever kind it is. */
async function nameOf(
	{ db }: QueryContext,
	entityName: string,
	rowId: string,
): Promise<{ title: string; account: string | null }> {
	const entity = entityByName(entityName);
	if (!entity) return { title: entityName, account: null };
	const row = (await db
		.selectFrom(entity.table as EntityName)
		.selectAll()
		.where('id', '=', rowId)
		.executeTakeFirst()) as Record<string, unknown> | undefined;
	if (!row) return { title: entity.label, account: null };
	const accountId = entityName === 'account' ? rowId : row.account_id;
	const account =
		typeof accountId === 'string'
			? await db.selectFrom('account').select('name').where('id', '=', accountId).executeTakeFirst()
			: undefined;
	const body = typeof row.body === 'string' ? row.body.split('\n')[0]?.slice(0, 80) : undefined;
	return { title: String(row[entity.title] || body || entity.label), account: account?.name ?? null };
}

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
		account_name: record.account,
		base_text: words(conflict.base_value),
		mine_text: words(conflict.mine_value),
		theirs_text: words(conflict.theirs_value),
		mine_name: names.get(conflict.mine_by ?? '') ?? null,
		theirs_name: names.get(conflict.theirs_by ?? '') ?? null,
		mine_is_me: conflict.mine_by === context.session.userId,
	};
}
