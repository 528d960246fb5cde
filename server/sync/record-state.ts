import { type FieldVersions, readVersions, type Version, writeVersions } from '../../shared/sync/version.ts';
import type { RecordRow } from '../store/tables.ts';
import { aboutOf, type Kind } from './permissions.ts';

/** A record while a transaction works on it. */
export interface RecordState {
	entity: string;
	id: string;
	accountId: string | null;
	data: Record<string, unknown>;
	versions: FieldVersions;
	/** Versions made by a clock that ran ahead, as they count in a comparison. Empty nearly always. */
	clamped: FieldVersions;
	createdAt: string;
	createdBy: string | null;
	deletedAt: string | null;
	/** The commit that last touched it; 0 for a record of this transaction. */
	seq: number;
	isNew: boolean;
	/** Who may see it besides its creator when no field says so. */
	shownTo: string | null;
	/** Where it was when this transaction read it. */
	was: { accountId: string | null; holder: string | null };
}

/** Key under which a record's deletion or return is versioned among its fields. No field has this name. */
export const LIFE = '#';

/** For records that belong to no account: the field naming the person who may see them besides their creator. */
const HOLDER_FIELD: Readonly<Record<string, string>> = { task: 'assignee_id', conflict: 'theirs_by' };

/** Key of a record in maps; NUL cannot occur in either part. */
export function recordKey(entity: string, id: string): string {
	return `${entity}\0${id}`;
}

/** A record that does not exist yet. `createdAt` is a UTC ISO instant. */
export function newRecord(
	entity: string,
	id: string,
	rest: Pick<RecordState, 'data' | 'versions' | 'createdAt' | 'createdBy'> & Partial<Pick<RecordState, 'shownTo'>>,
): RecordState {
	const accountId = accountOf(entity, id, rest.data);
	const was = { accountId, holder: null };
	return { entity, id, accountId, clamped: {}, deletedAt: null, seq: 0, isNew: true, shownTo: null, was, ...rest };
}

/** Who may see a record that belongs to no account, besides its creator. */
export function holderOf(state: Pick<RecordState, 'entity' | 'data' | 'shownTo'>): string | null {
	const holder = state.data[HOLDER_FIELD[state.entity] ?? ''];
	return typeof holder === 'string' ? holder : state.shownTo;
}

/** What decides about the right to a record besides its account. */
export function kindOf({ entity, data }: Pick<RecordState, 'entity' | 'data'>): Kind {
	return { entity, about: aboutOf(entity, data) };
}

/** Whether a record went to another account, or, without one, to another person. */
export function hasMoved(state: RecordState): boolean {
	if (state.isNew) return false;
	if (state.accountId !== state.was.accountId) return true;
	return state.accountId === null && holderOf(state) !== state.was.holder;
}

/** The account a record belongs to: an account is its own, others name theirs; null for colleagues, devices and private records. */
export function accountOf(entity: string, id: string, data: Record<string, unknown>): string | null {
	if (entity === 'account') return id;
	return typeof data.account_id === 'string' ? data.account_id : null;
}

export type StoredRecord = Omit<RecordRow, 'ord' | 'about' | 'about_id'>;

/** Reads a stored row. */
export function readRecord(row: StoredRecord): RecordState {
	return {
		entity: row.entity,
		id: row.id,
		accountId: row.account_id,
		data: JSON.parse(row.data) as Record<string, unknown>,
		versions: readVersions(row.versions),
		clamped: readVersions(row.clamped),
		createdAt: row.created_at,
		createdBy: row.created_by,
		deletedAt: row.deleted_at,
		seq: Number(row.seq),
		isNew: false,
		shownTo: row.entity in HOLDER_FIELD ? null : row.holder,
		was: { accountId: row.account_id, holder: row.holder },
	};
}

/** Writes a record as a row of commit `seq`, at place `ord` in it. */
export function writeRecord(state: RecordState, seq: number, ord: number): RecordRow {
	return {
		entity: state.entity,
		id: state.id,
		account_id: state.accountId,
		holder: holderOf(state),
		data: JSON.stringify(state.data),
		versions: writeVersions(state.versions),
		clamped: Object.keys(state.clamped).length > 0 ? JSON.stringify(state.clamped) : null,
		created_at: state.createdAt,
		created_by: state.createdBy,
		deleted_at: state.deletedAt,
		seq,
		ord,
		about: aboutOf(state.entity, state.data),
		about_id: aboutIdOf(state),
	};
}

/** Fields that name what a record is found by besides its id: a conflict by its record, an attachment by its bytes. */
const ABOUT_FIELD: Readonly<Record<string, string>> = { conflict: 'row_id', attachment: 'sha256' };

function aboutIdOf({ entity, data }: RecordState): string | null {
	const about = data[ABOUT_FIELD[entity] ?? ''];
	return typeof about === 'string' ? about : null;
}

/** A version, and what it counts as in a comparison when its clock ran ahead; else the same. */
export interface Stamp {
	version: Version;
	counted: Version;
}

/** Gives a field its version. */
export function setVersion(state: RecordState, field: string, { version, counted }: Stamp): void {
	state.versions[field] = version;
	if (counted === version) delete state.clamped[field];
	else state.clamped[field] = counted;
}

/** How the standing value of a field counts in a comparison of versions. */
export function countedVersion(state: RecordState, field: string): Version | undefined {
	if (Object.hasOwn(state.versions, field)) return state.clamped[field] ?? state.versions[field];
	return state.clamped['*'] ?? state.versions['*'];
}
