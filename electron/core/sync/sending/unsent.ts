import { sql } from 'kysely';
import type { RangeOp } from '../../../../db/outbox.ts';
import type { UnsentChange } from '../../../../shared/contract/sync-models.ts';
import type { QueryContext } from '../../handler.ts';
import { nameOf, personNames } from '../../words.ts';
import { isFixable } from './outbox-fix.ts';
import { changeLabel, changeParts, type WaitingOp } from './unsent-words.ts';

/** Changes listed of each kind, and operations looked at to describe one. */
const MOST_CHANGES = 300;
const MOST_OPS = 60;

interface Unit {
	unit: string;
	first_group: number;
	last_group: number;
	at: string;
	label: string;
	batch_id: string | null;
	urgent: number;
	handed: number;
}

/**
 * What the server has not acknowledged, as a person counts changes, in the order in which it goes; what it refused comes
 * last, the newest first.
 */
export async function unsentChanges(context: QueryContext): Promise<UnsentChange[]> {
	// By the two indexes of what is unsent and refused: everything ever sent is kept for a while.
	const { rows } = await sql<Unit>`
		SELECT unit, min(group_no) AS first_group, max(group_no) AS last_group, max(at) AS at, label, batch_id,
			max(urgent AND sent_at IS NULL) AS urgent, max(wire_no IS NOT NULL AND sent_at IS NULL) AS handed
		FROM outbox WHERE unit NOT LIKE 'taken-back:%' AND group_no IN (SELECT group_no FROM outbox WHERE sent_at IS NULL
			UNION SELECT group_no FROM outbox_op WHERE refused IS NOT NULL)
		GROUP BY unit ORDER BY last_group DESC`.execute(context.db as never);
	const { places, waiting } = await placesOf(context);
	const isUnsent = ({ unit }: Unit) => places.has(unit);
	const unsent = rows
		.filter(isUnsent)
		.sort((one, other) => (places.get(one.unit) ?? 0) - (places.get(other.unit) ?? 0));
	const refused = rows.filter((unit) => !isUnsent(unit));
	const names = await personNames(context);
	const list: UnsentChange[] = [];
	for (const unit of [...unsent.slice(0, MOST_CHANGES), ...refused.slice(0, MOST_CHANGES)])
		list.push(await describeUnit(context, { unit, names, isWaiting: waiting.has(unit.unit) }));
	return list;
}

/** Where each unsent change first goes, and which wait for a newer server. */
async function placesOf(context: QueryContext): Promise<{ places: Map<string, number>; waiting: Set<string> }> {
	const rows = await context.db
		.selectFrom('outbox')
		.select(['group_no', 'unit'])
		.where('sent_at', 'is', null)
		.execute();
	const units = new Map(rows.map((row) => [row.group_no, row.unit]));
	const places = new Map<string, number>();
	const waiting = new Set<string>();
	const queue = context.readQueue();
	queue.order.forEach((no, index) => {
		const unit = units.get(no);
		if (unit === undefined) return;
		if (!places.has(unit)) places.set(unit, index);
		if (queue.waiting.has(no)) waiting.add(unit);
	});
	return { places, waiting };
}

async function describeUnit(
	context: QueryContext,
	{ unit, names, isWaiting }: { unit: Unit; names: Map<string, string>; isWaiting: boolean },
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
	const refused = ops.find((op) => op.refused);
	return {
		group: unit.first_group,
		at: unit.at,
		label: unit.batch_id ? unit.label : changeLabel(unit.label, ops),
		entity,
		row_id: rowId,
		title: record.title,
		account_name: record.account,
		changes: await changeParts(context, ops, names),
		refused: refused?.refused ?? null,
		count: await countRecords(context, ops),
		urgent: unit.urgent === 1,
		handedOver: unit.handed === 1,
		waitsFor: isWaiting ? 'server' : null,
		fixable: refused !== undefined && isFixable(refused),
	};
}

/** Records touched: an import counts the rows of its ranges. */
async function countRecords({ db }: QueryContext, ops: WaitingOp[]): Promise<number> {
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
