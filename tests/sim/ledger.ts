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
}

interface OpRow {
	entity: string;
	row_id: string;
	kind: string;
	op: string;
}

/** All that was acknowledged to a person, read from the queue that the edit's own transaction has filled. */
export class Ledger {
	readonly edits = new Map<string, Edit>();
	readonly problems: string[] = [];
	readonly #byVersion = new Map<string, string>();

	/** Adds what is new in the client's queue and returns it. */
	capture(client: SimClient): Edit[] {
		const rows = client.rows<OpRow>(
			'SELECT p.entity, p.row_id, p.kind, p.op FROM outbox_op p JOIN outbox o ON o.group_no = p.group_no WHERE o.sent_at IS NULL ORDER BY p.group_no, p.op_no',
		);
		return rows.flatMap((row) => editsOf(client, row)).filter((edit) => this.#add(edit));
	}

	#add(edit: Edit): boolean {
		// An import's rows share one version; anything else has its own.
		const what = edit.value === null && edit.k === 'create' ? 'import' : `${edit.k} ${edit.t} ${edit.id}`;
		const other = this.#byVersion.get(edit.hlc) ?? what;
		if (other !== what) this.problems.push(`${what} and ${other} have the same version ${edit.hlc}`);
		this.#byVersion.set(edit.hlc, what);
		const key = `${edit.hlc} ${edit.t} ${edit.id} ${edit.k} ${edit.field}`;
		const known = this.edits.get(key);
		if (!known) this.edits.set(key, edit);
		else if (edit.k !== 'create' && JSON.stringify(known.value) !== JSON.stringify(edit.value))
			this.problems.push(`two different edits have the version ${edit.hlc}: ${key}`);
		return !known;
	}
}

function editsOf(client: SimClient, row: OpRow): Edit[] {
	if (row.kind === 'range') return rangeEdits(client, row);
	const op = JSON.parse(row.op) as Op;
	const base = { hlc: op.hlc, t: op.t, id: op.id, k: op.k, seen: undefined, client: client.setup.name };
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
			client: client.setup.name,
		}));
}
