import type { Op } from '../../shared/sync/protocol.ts';
import type { SimClient } from './sim-client.ts';

/** One edit that a laptop has said yes to: one field of a `set`, or a whole other operation. */
export interface Edit {
	hlc: string;
	t: string;
	id: string;
	k: Op['k'];
	/** Of a `set` or a `text`. */
	field: string;
	value: unknown;
	/** Of a `delete`: every field version the deleter had seen. */
	seen: Record<string, string> | undefined;
	client: string;
	userId: string;
	/** What a person counts as one change. */
	unit: string;
	/** True time. */
	madeAt: number;
}

interface OpRow {
	unit: string;
	entity: string;
	row_id: string;
	kind: string;
	op: string;
}

const UNSENT = `SELECT o.unit, p.entity, p.row_id, p.kind, p.op FROM outbox_op p JOIN outbox o ON o.group_no = p.group_no
	WHERE o.sent_at IS NULL ORDER BY p.group_no, p.op_no`;

/** All that was acknowledged to a person, read from the queue that the edit's own transaction has filled. */
export class Ledger {
	readonly edits = new Map<string, Edit>();
	readonly problems: string[] = [];
	/** Keys of edits that their author took back before anybody else can have seen them. */
	readonly withdrawn = new Set<string>();
	/** Ids of visits with the checklists that were made together with them. */
	readonly together: string[][] = [];
	readonly #byVersion = new Map<string, string>();
	readonly #ranges = new Set<string>();

	/** Adds what is new in the client's queue and returns it. */
	capture(client: SimClient): Edit[] {
		const found = client.rows<OpRow>(UNSENT).flatMap((row) => this.#take(client, row));
		const made = found.filter(({ k, t }) => k === 'create' && (t === 'visit' || t === 'checklist_item'));
		if (made.length > 1) this.together.push(made.map(({ id }) => id));
		return found;
	}

	#take(client: SimClient, row: OpRow): Edit[] {
		if (row.kind === 'range') {
			// Hundreds of records; their making does not change any more.
			if (this.#ranges.has(row.op)) return [];
			this.#ranges.add(row.op);
		}
		return editsOf(client, row).filter((edit) => this.#add(edit));
	}

	/** Every edit in the client's queue, by key. */
	queued(client: SimClient): Map<string, Edit> {
		return new Map(
			client.rows<OpRow>(UNSENT).flatMap((row) => editsOf(client, row).map((edit) => [keyOf(edit), edit] as const)),
		);
	}

	#add(edit: Edit): boolean {
		// An import's rows share one version; anything else has its own.
		const what = edit.value === null && edit.k === 'create' ? 'import' : `${edit.k} ${edit.t} ${edit.id}`;
		const other = this.#byVersion.get(edit.hlc) ?? what;
		if (other !== what) this.problems.push(`${what} and ${other} have the same version ${edit.hlc}`);
		this.#byVersion.set(edit.hlc, what);
		const key = keyOf(edit);
		const known = this.edits.get(key);
		if (!known) this.edits.set(key, edit);
		else if (edit.k !== 'create' && JSON.stringify(known.value) !== JSON.stringify(edit.value))
			this.problems.push(`two different edits have the version ${edit.hlc}: ${key}`);
		return !known;
	}
}

export function keyOf({ hlc, t, id, k, field }: Edit): string {
	return `${hlc} ${t} ${id} ${k} ${field}`;
}

function editsOf(client: SimClient, row: OpRow): Edit[] {
	if (row.kind === 'range') return rangeEdits(client, row);
	const op = JSON.parse(row.op) as Op;
	const base = { hlc: op.hlc, t: op.t, id: op.id, k: op.k, seen: undefined, ...makingOf(client, row) };
	if (op.k === 'set')
		return Object.entries(op.f).map(([field, edit]) => ({ ...base, field, value: edit.v }) satisfies Edit);
	if (op.k === 'text') return [{ ...base, field: op.field, value: op.u }];
	return [
		{
			...base,
			field: op.k === 'create' ? '*' : '#',
			value: op.k === 'create' ? op.v : op.k,
			seen: op.k === 'delete' ? op.seen : undefined,
		},
	];
}

function rangeEdits(client: SimClient, row: OpRow): Edit[] {
	const range = JSON.parse(row.op) as { batch: string; fromId: string; toId: string; hlc: string };
	return client
		.rows<{ id: string }>(
			`SELECT id FROM ${row.entity} WHERE id BETWEEN ? AND ? AND import_batch_id = ?`,
			range.fromId,
			range.toId,
			range.batch,
		)
		.map(({ id }) => ({
			hlc: range.hlc,
			t: row.entity,
			id,
			k: 'create',
			field: '*',
			value: null,
			seen: undefined,
			...makingOf(client, row),
		}));
}

function makingOf({ setup }: SimClient, { unit }: OpRow) {
	return { client: setup.name, userId: setup.userId, unit, madeAt: setup.clock().getTime() };
}
