import { readMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import type { RangeOp } from '../../../../db/outbox.ts';
import { entityByName } from '../../../../shared/entities/registry.ts';
import { type Op, SCHEMA } from '../../../../shared/sync/protocol.ts';
import { isBeyond } from '../../../../shared/sync/schema-reach.ts';

/** A group that was never handed to the network: the only kind that may be moved, held back or taken back. */
export interface QueuedGroup {
	no: number;
	unit: string;
	batch: string | null;
	urgent: boolean;
	ops: QueuedOp[];
}

interface QueuedOp {
	entity: string;
	rowId: string;
	op: Op | { k: 'range'; range: RangeOp };
}

/** What goes when nothing else is said: everything, only what is urgent, or one change alone. */
export type SendScope = 'all' | 'urgent' | { unit: string };

const IN_ORDER = 'coalesce(place, group_no)';

/** True when some change waiting here is marked urgent. */
export function hasUrgent(store: Store): boolean {
	return store.statement('SELECT 1 FROM outbox WHERE urgent = 1 AND sent_at IS NULL LIMIT 1').get() !== undefined;
}

/** The groups never handed over, in the order in which they go, with their operations. */
export function readQueue(store: Store): QueuedGroup[] {
	const groups = store
		.statement(
			`SELECT group_no, unit, batch_id, unit IN (SELECT unit FROM outbox WHERE urgent = 1 AND sent_at IS NULL) AS urgent
			FROM outbox WHERE sent_at IS NULL AND wire_no IS NULL ORDER BY ${IN_ORDER}`,
		)
		.all() as { group_no: number; unit: string; batch_id: string | null; urgent: number }[];
	const ops = store.statement('SELECT entity, row_id, kind, op FROM outbox_op WHERE group_no = ? ORDER BY op_no');
	return groups.map((group) => ({
		no: group.group_no,
		unit: group.unit,
		batch: group.batch_id,
		urgent: group.urgent === 1,
		ops: (ops.all(group.group_no) as { entity: string; row_id: string; kind: string; op: string }[]).map((row) => ({
			entity: row.entity,
			rowId: row.row_id,
			op: row.kind === 'range' ? { k: 'range', range: JSON.parse(row.op) as RangeOp } : (JSON.parse(row.op) as Op),
		})),
	}));
}

/** Numbers of the groups never handed over, in order, when neither urgency nor the server's age plays a part. */
export function plainQueue(store: Store, most: number): number[] {
	return store
		.statement(`SELECT group_no FROM outbox WHERE sent_at IS NULL AND wire_no IS NULL ORDER BY ${IN_ORDER} LIMIT ?`)
		.pluck()
		.all(most) as number[];
}

/** By group, the earlier groups of the queue that it builds on directly. */
export type Links = ReadonlyMap<number, ReadonlySet<number>>;

/**
 * What builds on what: an edit on the making of its record, on earlier edits of the same field and on the record's
 * deletion or return; a deletion on everything before it; typing on earlier typing; a record on those it names.
 */
export function linkQueue(queue: readonly QueuedGroup[]): Links {
	const seen = new SeenSoFar();
	const links = new Map<number, Set<number>>();
	for (const group of queue) {
		const on = new Set<number>();
		for (const op of group.ops) {
			for (const no of seen.buildsOn(op)) on.add(no);
			seen.add(group, op);
		}
		if (group.batch !== null) for (const no of seen.ofBatch(group)) on.add(no);
		on.delete(group.no);
		links.set(group.no, on);
	}
	return links;
}

class SeenSoFar {
	/** Last group by what it touched: `row`, `row field`, `row *` for a deletion or return. */
	readonly #last = new Map<string, number>();
	readonly #touching = new Map<string, Set<number>>();
	readonly #made = new Map<string, number>();
	readonly #ranges: { entity: string; from: string; to: string; no: number }[] = [];
	readonly #batches = new Map<string, number[]>();

	add({ no }: QueuedGroup, { entity, rowId, op }: QueuedOp): void {
		if (op.k === 'range') {
			this.#ranges.push({ entity, from: op.range.fromId, to: op.range.toId, no });
			return;
		}
		const touching = this.#touching.get(rowId) ?? new Set();
		this.#touching.set(rowId, touching.add(no));
		if (op.k === 'create') this.#made.set(rowId, no);
		if (op.k === 'delete' || op.k === 'undelete') this.#last.set(`${rowId} *`, no);
		for (const field of fieldsOf(op)) this.#last.set(`${rowId} ${field}`, no);
	}

	*buildsOn({ entity, rowId, op }: QueuedOp): Iterable<number> {
		if (op.k === 'range') return;
		yield* this.#makingOf(rowId, entity);
		if (op.k === 'delete' || op.k === 'undelete') yield* this.#touching.get(rowId) ?? [];
		yield* some(this.#last.get(`${rowId} *`));
		for (const field of fieldsOf(op)) yield* some(this.#last.get(`${rowId} ${field}`));
		for (const { to, id } of namedBy(entity, op)) yield* this.#makingOf(id, to);
	}

	/** The parts of an import name each other without saying so: its rows belong to its batch, its renewals to its cases. */
	ofBatch({ no, batch }: QueuedGroup): readonly number[] {
		const before = this.#batches.get(batch as string) ?? [];
		this.#batches.set(batch as string, [no]);
		return before;
	}

	*#makingOf(rowId: string, entity: string | undefined): Iterable<number> {
		yield* some(this.#made.get(rowId));
		for (const range of this.#ranges)
			if ((!entity || range.entity === entity) && range.from <= rowId && rowId <= range.to) yield range.no;
	}
}

function some(no: number | undefined): number[] {
	return no === undefined ? [] : [no];
}

function fieldsOf(op: Op): string[] {
	if (op.k === 'set') return Object.keys(op.f);
	return op.k === 'text' ? [op.field] : [];
}

/** Ids of other records that an operation's values name. Some places name a record in plain text (a note's parent, a conflict's record). */
function namedBy(entityName: string, op: Op): { to: string | undefined; id: string }[] {
	const values = op.k === 'create' ? op.v : op.k === 'set' ? mapValues(op.f) : {};
	const fields = entityByName(entityName)?.fields ?? {};
	return Object.entries(values).flatMap(([name, value]) =>
		typeof value === 'string' && value.length <= 64 ? [{ to: fields[name]?.to, id: value }] : [],
	);
}

function mapValues(fields: Extract<Op, { k: 'set' }>['f']): Record<string, unknown> {
	return Object.fromEntries(Object.entries(fields).map(([name, edit]) => [name, edit.v]));
}

/** The groups together with all they build on. */
export function withFoundations(groups: Iterable<number>, links: Links): Set<number> {
	const all = new Set<number>();
	const open = [...groups];
	for (let no = open.pop(); no !== undefined; no = open.pop()) {
		if (all.has(no)) continue;
		all.add(no);
		open.push(...(links.get(no) ?? []));
	}
	return all;
}

/** The groups together with all that builds on them. */
export function withFollowers(groups: Iterable<number>, links: Links): Set<number> {
	const all = new Set(groups);
	// Links only ever lead to earlier groups, so that one pass in order meets each before what builds on it.
	for (const [no, on] of links) if ([...on].some((earlier) => all.has(earlier))) all.add(no);
	return all;
}

export interface SendingSequence {
	/** Groups the server may have already, then the queue as it goes, what waits for a newer server at the end. */
	order: number[];
	/** Groups that wait for a newer server. */
	waiting: ReadonlySet<number>;
}

/** All unsent groups in the order in which they go. */
export function sendingSequence(store: Store): SendingSequence {
	const handed = store
		.statement('SELECT group_no FROM outbox WHERE sent_at IS NULL AND wire_no IS NOT NULL ORDER BY wire_no')
		.pluck()
		.all() as number[];
	const schema = Number(readMeta(store, 'server_schema') ?? SCHEMA);
	if (schema >= SCHEMA && !hasUrgent(store))
		return { order: [...handed, ...plainQueue(store, Number.MAX_SAFE_INTEGER)], waiting: new Set() };
	const queue = readQueue(store);
	const waiting = waitingGroups(queue, linkQueue(queue), schema);
	return { order: [...handed, ...sendingOrder(queue, 'all', schema), ...waiting], waiting };
}

/** True when an operation names an entity or field that a server of `schema` does not know. */
function mustWait(group: QueuedGroup, schema: number): boolean {
	return group.ops.some(({ entity, op }) => isBeyond(entity, op.k === 'range' ? undefined : op, schema));
}

/** Groups that wait until the server is newer, with those that build on them. */
export function waitingGroups(queue: readonly QueuedGroup[], links: Links, schema: number): Set<number> {
	const waiting = queue.filter((group) => mustWait(group, schema)).map(({ no }) => no);
	return waiting.length === 0 ? new Set() : withFollowers(waiting, links);
}

/** The groups to hand over next, in order: what is urgent first with what it builds on, then, for `all`, the rest. */
export function sendingOrder(queue: readonly QueuedGroup[], scope: SendScope, schema: number): number[] {
	const links = linkQueue(queue);
	const waiting = waitingGroups(queue, links, schema);
	const isFirst = (group: QueuedGroup) => (typeof scope === 'object' ? group.unit === scope.unit : group.urgent);
	const chosen = queue.filter((group) => isFirst(group) && !waiting.has(group.no)).map(({ no }) => no);
	const first = withFoundations(chosen, links);
	const flowing = queue.map(({ no }) => no).filter((no) => !waiting.has(no));
	const ahead = flowing.filter((no) => first.has(no));
	return scope === 'all' ? [...ahead, ...flowing.filter((no) => !first.has(no))] : ahead;
}
