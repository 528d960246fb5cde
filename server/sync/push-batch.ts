import type { Op } from '../../shared/sync/protocol.ts';
import { parseVersion, type Version } from '../../shared/sync/version.ts';
import type { DeviceRow, HistoryRow, TextUpdateRow } from '../store/tables.ts';
import { type RecordState, recordKey, type Stamp } from './record-state.ts';

/** An earlier edit of which the record itself says nothing, because it agreed with the standing value or clashed with it. */
export interface LostEdit {
	/** It wrote the value that stood under this version. */
	standsAs: Version | null;
	/** The conflict that keeps its value. */
	conflictId: string | null;
}

/** One group as it is worked on. */
export interface GroupPlace {
	no: number;
	at: string;
	origin: 'person' | 'import';
	op: number;
}

/** Everything one push transaction knows and has decided so far; nothing of it is in the database before it is written whole. */
export interface PushBatch {
	user: string;
	device: DeviceRow;
	accounts: ReadonlySet<string>;
	now: Date;
	/** Records the operations name, by recordKey, locked for this transaction. */
	records: Map<string, RecordState>;
	lostEdits: Map<string, LostEdit>;
	/** Edits that came here before under another device's name, by knownKey. Empty nearly always. */
	known: ReadonlySet<string>;
	/** Fields that another device changed since this device last pulled, by recordKey. */
	changedByOthers: ReadonlyMap<string, ReadonlySet<string>>;
	/** User of each device short name that occurs in the records' versions. */
	userByShort: ReadonlyMap<string, string>;
	touched: Set<RecordState>;
	history: HistoryDraft[];
	texts: TextDraft[];
}

export type HistoryDraft = Omit<HistoryRow, 'seq' | 'by_user' | 'device' | 'server_at'>;
export type TextDraft = Omit<TextUpdateRow, 'seq' | 'ord' | 'by_user' | 'device'>;

/** Key of one field's edit in `lostEdits`. */
export function editKey(record: Pick<RecordState, 'entity' | 'id'>, field: string, version: Version): string {
	return `${recordKey(record.entity, record.id)}\0${field}\0${version}`;
}

/** Key of an edit in `known`: `field` as in the history, `value` as JSON or base64. */
export function knownKey(op: Pick<Op, 't' | 'id' | 'hlc'>, field: string, value: string): string {
	return `${recordKey(op.t, op.id)}\0${op.hlc}\0${field}\0${value}`;
}

/** A laptop's clock this far ahead of the server's is not believed when two edits are compared. */
const TOLERATED_MS = 120_000;

/** How a version counts when two edits are compared: one from a clock that ran ahead counts as made when it arrived. */
export function countedAs(version: Version, now: Date): Version {
	const parts = parseVersion(version);
	if (!parts || parts.ms <= now.getTime() + TOLERATED_MS) return version;
	return now.getTime().toString(16).padStart(12, '0') + version.slice(12);
}

/** A version together with what it counts as. */
export function stampOf(version: Version, now: Date): Stamp {
	return { version, counted: countedAs(version, now) };
}

/** Adds a line to the history of one record. */
export function keepHistory(
	batch: PushBatch,
	record: Pick<RecordState, 'entity' | 'id'>,
	line: Pick<HistoryDraft, 'field' | 'version' | 'outcome' | 'device_at'> & { value?: unknown } & Partial<
			Pick<HistoryDraft, 'base' | 'stands_as' | 'conflict_id'>
		>,
): void {
	batch.history.push({
		entity: record.entity,
		row_id: record.id,
		base: null,
		stands_as: null,
		conflict_id: null,
		...line,
		value: line.value === undefined ? null : JSON.stringify(line.value),
	});
}
