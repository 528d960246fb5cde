import type { Generated } from 'kysely';
import type { ReceiptKind } from '../shared/contract/sync-models.ts';
import type { Entity, Field } from '../shared/entities/define.ts';
import type { EntityName, EntityOf } from '../shared/entities/registry.ts';

/** How a field is stored: booleans as 0/1, amounts as ten-thousandths, JSON as text; a text document has only its plain-text projection. */
type Stored<F extends Field> = F['kind'] extends 'int' | 'bool' | 'amount'
	? number
	: F extends { values: infer V }
		? keyof V & string
		: string;

type StoredFields<E extends Entity> = {
	-readonly [K in keyof E['fields']]: E['fields'][K] extends { required: true }
		? Stored<E['fields'][K]>
		: Stored<E['fields'][K]> | null;
};

/** Columns of every entity table. `fv`: field versions in stored form. `x`: fields of a newer schema, kept untouched as JSON. */
export interface StoredBase {
	id: string;
	created_at: string;
	created_by: string | null;
	updated_at: string;
	deleted_at: string | null;
	fv: string;
	x: string | null;
}

type EntityTables = { [N in EntityName as EntityOf<N>['table']]: StoredBase & StoredFields<EntityOf<N>> };

export interface LocalTables {
	meta: { key: string; value: string };
	/** One local transaction. Its own number never changes on this laptop; the one it travels under is `wire_no`. */
	outbox: {
		group_no: number;
		at: string;
		label: string;
		origin: 'person' | 'import';
		batch_id: string | null;
		/** What a person counts as one change. */
		unit: string;
		hlc: string;
		/** Set once the server has acknowledged; the row is then kept for replay for 30 days. */
		sent_at: string | null;
		/** 1: goes before everything else, and on a metered link. */
		urgent: Generated<number>;
		/** The number it travels under; null until it is first handed to the network. */
		wire_no: Generated<number | null>;
		/** Its place among those not handed over, when a person moved it; else its own number counts. */
		place: Generated<number | null>;
		/** The server's commit that took it. */
		seq: Generated<number | null>;
	};
	outbox_op: {
		group_no: number;
		op_no: number;
		entity: string;
		row_id: string;
		/** The wire operation as JSON (shared/sync/protocol.ts). A `range` names rows instead (outbox.ts, RangeOp). */
		kind: 'create' | 'set' | 'delete' | 'undelete' | 'text' | 'range';
		op: string;
		/** Field names touched, space-separated with a space at both ends; for finding pending edits. */
		fields: string;
		/** Reason code of the server's refusal. */
		refused: string | null;
		pending: number;
		/** What stood before, where the operation does not say it: when the record an undelete brought back was deleted. */
		was: Generated<string | null>;
		/** The fields the server named when it refused the operation, separated by spaces. */
		at_fault: Generated<string | null>;
		/** 1: it was refused, and the person has dismissed or mended it. */
		settled: Generated<number | null>;
	};
	history: {
		id: Generated<number>;
		at: string;
		by: string | null;
		group_no: number | null;
		entity: string;
		row_id: string;
		field: string;
		before: string | null;
		after: string | null;
		origin: 'local' | 'remote' | 'import';
		version: string | null;
		undone: number;
	};
	/** The office's values of fields whose edits here are not answered yet. `*` stands for the deletion. */
	standing: { row_id: string; field: string; value: string | null; version: string | null };
	text_update: {
		id: Generated<number>;
		entity: string;
		row_id: string;
		field: string;
		bytes: Uint8Array;
		hlc: string;
		/** Could not be decoded: kept aside, never applied, never written back. */
		bad: number;
	};
	receipt: {
		id: Generated<number>;
		started_at: string;
		finished_at: string;
		sent: number;
		received: number;
		merged: number;
		to_decide: number;
		refused: number;
		bytes_up: number;
		bytes_down: number;
		problem: string | null;
		more: string;
		summary: string;
	};
	receipt_line: {
		id: Generated<number>;
		receipt_id: number;
		kind: ReceiptKind;
		entity: string | null;
		row_id: string | null;
		account_name: string | null;
		title: string;
		detail: string;
		by_name: string | null;
	};
	/** Steps of sync without any content, the newest 10,000. */
	sync_log: {
		id: Generated<number>;
		at: string;
		step: string;
		ms: number;
		bytes: number;
		items: number;
		problem: string | null;
	};
	/** The bytes behind attachments; the file itself lies encrypted beside the store. */
	blob: {
		sha256: string;
		size: number;
		state: 'here' | 'partial' | 'absent' | 'damaged';
		bytes_here: number;
		/** UTC. */
		used_at: string;
	};
	blob_queue: {
		sha256: string;
		direction: 'up' | 'down';
		account_id: string;
		upload_url: string | null;
		/** Bytes the office has said it holds. */
		bytes_done: Generated<number>;
		attempts: number;
		next_at: string | null;
		problem: string | null;
	};
	/** Accounts and visits whose files are kept on this laptop. */
	offline_choice: { kind: 'account' | 'visit'; id: string; chosen_at: string };
	/** Records met while pulling from the start; `line`: a deletion that waits for the end. */
	pull_seen: { entity: string; id: string; line: string | null };
	/** What has been taken from this person and goes once nothing of it is unsent; entity '' is a whole account. */
	leaving: { entity: string; id: string };
	figure_stale: { account_id: string };
	search_doc: { id: Generated<number>; entity: string; row_id: string; account_id: string | null };
	search_pending: {
		id: Generated<number>;
		entity: string;
		from_id: string;
		to_id: string;
		/** Instead of ids: a run of rows that came together. */
		from_row: number | null;
		to_row: number | null;
	};
	/** Figures per account, kept by the write path so that the list needs no counting. */
	account_figure: {
		account_id: string;
		assets: number;
		open_issues: number;
		urgent_issues: number;
		next_cutoff: string | null;
		last_contact_at: string | null;
	};
}

export type Tables = EntityTables & LocalTables;
