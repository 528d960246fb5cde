import type { Generated } from 'kysely';
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
	/** One local transaction, numbered without gaps; `kind` range stands for many creates of one import. */
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
	search_doc: { id: Generated<number>; entity: string; row_id: string; account_id: string | null };
	search_pending: { id: Generated<number>; entity: string; from_id: string; to_id: string };
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
