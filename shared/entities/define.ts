/**
 * The whole entity mechanism: what a definition may say, and the record type that follows from it.
 * A definition is data only. Rules, queries, indexes and layouts are written by hand elsewhere.
 */

/** How a value is typed and stored. `amount` is a decimal string with up to four decimals ("470.00"); `text-doc` is a Yjs document. */
export type FieldKind =
	| 'text'
	| 'long-text'
	| 'text-doc'
	| 'int'
	| 'amount'
	| 'bool'
	| 'date'
	| 'instant'
	| 'enum'
	| 'ref'
	| 'json';

/** `ask`: a clash of two people is put to a person. `latest`: low stakes, the later edit holds. */
export type MergePolicy = 'ask' | 'latest';

export interface Field {
	readonly kind: FieldKind;
	readonly label: string;
	/** Must be present and not empty when the record is created. */
	readonly required?: true;
	/** Comes from the office system: read-only on the laptop, written only by an import or the server. */
	readonly office?: true;
	/** Never shown to a client, never exported for one. */
	readonly internal?: true;
	readonly policy?: MergePolicy;
	/** The schema number that brought the field; a server that knows less is not sent it. Default 1. */
	readonly since?: number;
	/** Enum values with the words a person sees. */
	readonly values?: Readonly<Record<string, string>>;
	/** Name of the entity a `ref` points to. */
	readonly to?: string;
	/** Longest text accepted, in UTF-16 code units. Default 500 for text, 20,000 for long text. */
	readonly max?: number;
}

/** `two-way`: edited here and there. `pull`: only the server writes it. */
export type SyncMode = 'two-way' | 'pull';

export interface Entity {
	readonly name: string;
	readonly table: string;
	readonly label: string;
	readonly plural: string;
	readonly sync: SyncMode;
	/** The schema number that brought the entity; a server or laptop that knows less is not sent it. Default 1. */
	readonly since?: number;
	/** The field that names a record in lists, receipts and search. */
	readonly title: string;
	readonly fields: Readonly<Record<string, Field>>;
}

/** Columns every table has besides its fields. Instants are UTC ISO strings; `fv` holds the field versions (sync/version.ts). */
export interface RowBase {
	id: string;
	created_at: string;
	created_by: string | null;
	updated_at: string;
	deleted_at: string | null;
}

type ValueOf<F extends Field> = F['kind'] extends 'int'
	? number
	: F['kind'] extends 'bool'
		? boolean
		: F['kind'] extends 'json'
			? unknown
			: F['kind'] extends 'enum'
				? F extends { values: infer V }
					? keyof V & string
					: string
				: string;

/** A record's own fields; a field that is not `required` may be null. */
export type FieldsOf<E extends Entity> = {
	-readonly [K in keyof E['fields']]: E['fields'][K] extends { required: true }
		? ValueOf<E['fields'][K]>
		: ValueOf<E['fields'][K]> | null;
};

export type RecordOf<E extends Entity> = RowBase & FieldsOf<E>;

/** Checks a definition at compile time and returns it unchanged. */
export function defineEntity<const E extends Entity>(entity: E): E {
	return entity;
}
