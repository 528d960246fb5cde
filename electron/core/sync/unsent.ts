import { sql } from 'kysely';
import type { RangeOp } from '../../../db/outbox.ts';
import type { UnsentChange } from '../../../shared/contract/models.ts';
import { entityByName } from '../../../shared/entities/registry.ts';
import type { Op } from '../../../shared/sync/protocol.ts';
import type { QueryContext } from '../handler.ts';
import { inWords, nameOf, personNames } from '../words.ts';

/** Changes listed, newest first, and operations looked at to describe one. */
const MOST_CHANGES = 300;
const MOST_OPS = 60;

interface Unit {
	unit: string;
	first_group: number;
	last_group: number;
	at: string;
	label: string;
	batch_id: string | null;
}

interface OpRow {
	entity: string;
	row_id: string;
	kind: string;
	op: string;
	refused: string | null;
}

/** What the server has not acknowledged, and what it refused, as a person counts changes; the newest first. */
export async function unsentChanges(context: QueryContext): Promise<UnsentChange[]> {
	// By the two indexes of what is unsent and refused: everything ever sent is kept for a while.
	const { rows: units } = await sql<Unit>`
		SELECT unit, min(group_no) AS first_group, max(group_no) AS last_group, max(at) AS at, label, batch_id FROM outbox
		WHERE group_no IN (SELECT group_no FROM outbox WHERE sent_at IS NULL
			UNION SELECT group_no FROM outbox_op WHERE refused IS NOT NULL)
		GROUP BY unit ORDER BY last_group DESC LIMIT ${MOST_CHANGES}`.execute(context.db as never);
	const names = await personNames(context);
	const list: UnsentChange[] = [];
	for (const unit of units) list.push(await describeUnit(context, { unit, names }));
	return list;
}

async function describeUnit(
	context: QueryContext,
	{ unit, names }: { unit: Unit; names: Map<string, string> },
): Promise<UnsentChange> {
	const ops = await context.db
		.selectFrom('outbox_op')
		.innerJoin('outbox', 'outbox.group_no', 'outbox_op.group_no')
		.select(['entity', 'row_id', 'kind', 'op', 'refused'])
		.where('outbox.group_no', '>=', unit.first_group)
		.where('outbox.group_no', '<=', unit.last_group)
		.where('outbox.unit', '=', unit.unit)
		.where((eb) => eb.or([eb('sent_at', 'is', null), eb('refused', 'is not', null)]))
		.orderBy('outbox_op.group_no')
		.orderBy('op_no')
		.limit(MOST_OPS)
		.execute();
	const entity = unit.batch_id ? 'import_batch' : (ops[0]?.entity ?? '');
	const rowId = unit.batch_id ?? ops[0]?.row_id ?? '';
	const record = await nameOf(context, entity, rowId);
	return {
		group: unit.first_group,
		at: unit.at,
		label: unit.label,
		entity,
		row_id: rowId,
		title: record.title,
		account_name: record.account,
		changes: changesOf(ops, names),
		refused: ops.find((op) => op.refused)?.refused ?? null,
		count: await countRecords(context, ops),
	};
}

/** Each field once, with what it was last set to. */
function changesOf(ops: OpRow[], names: Map<string, string>): UnsentChange['changes'] {
	const byField = new Map<string, UnsentChange['changes'][number]>();
	for (const row of ops.filter(({ kind }) => kind === 'set')) {
		const fields = entityByName(row.entity)?.fields ?? {};
		const op = JSON.parse(row.op) as Extract<Op, { k: 'set' }>;
		for (const [name, edit] of Object.entries(op.f)) {
			const after = inWords(fields[name], JSON.stringify(edit.v), names);
			byField.set(`${row.row_id} ${name}`, { label: fields[name]?.label ?? name, after });
		}
	}
	return [...byField.values()].slice(0, 20);
}

/** Records touched: an import counts the rows of its ranges. */
async function countRecords({ db }: QueryContext, ops: OpRow[]): Promise<number> {
	const single = new Set(ops.filter(({ kind }) => kind !== 'range').map(({ row_id }) => row_id)).size;
	let count = single;
	for (const row of ops.filter(({ kind }) => kind === 'range')) {
		const range = JSON.parse(row.op) as RangeOp;
		const found = await db
			.selectFrom(row.entity as 'patent_asset' | 'renewal_event')
			.select((eb) => eb.fn.countAll<number>().as('n'))
			.where('id', '>=', range.fromId)
			.where('id', '<=', range.toId)
			.executeTakeFirstOrThrow();
		count += found.n;
	}
	return count;
}
