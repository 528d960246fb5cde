import type { Op, OpResult } from '../../shared/sync/protocol.ts';
import { parseVersion, type Version } from '../../shared/sync/version.ts';
import type { DeviceRow, HeldOpRow, HistoryRow, TextUpdateRow } from '../store/tables.ts';
import type { Access } from './access.ts';
import type { HandoverDraft } from './handover.ts';
import { type RecordState, recordKey, type Stamp } from './record-state.ts';

/** An earlier edit of which the record itself says nothing, because it agreed with the standing value or clashed with it. */
export interface LostEdit {
	/** It wrote the value that stood under this version. */
	standsAs: Version | null;
	/** The conflict that keeps its value. */
	conflictId: string | null;
}

/** Who made an edit, and on what. */
export interface Author {
	user: string;
	device: string;
	/** The device's tail of versions. */
	short: string;
}

/** One operation's place in what its author sent. */
export interface GroupPlace {
	no: number;
	/** The device's own time with offset. */
	at: string;
	origin: 'person' | 'import';
	op: number;
	author: Author;
}

/** What became of an operation; undefined when it was applied as it was. */
export type Verdict = Pick<OpResult, 's' | 'fields' | 'reason' | 'late'> | undefined;

/** A record's way from one account to another, for who edited it before they knew. */
export interface FormerPlace {
	account: string;
	/** When it went from there, UTC. */
	until: string;
}

/** Everything one push transaction knows and has decided so far; nothing of it is in the database before it is written whole. */
export interface PushBatch {
	author: Author;
	device: DeviceRow;
	/** What each author may do: the sender, and those whose held operations may be released. By user. */
	access: ReadonlyMap<string, Access>;
	now: Date;
	/** Records the operations name, by recordKey, locked for this transaction. */
	records: Map<string, RecordState>;
	/** Accounts that records are in or shall go to and that are nobody's business here but to exist. */
	accounts: ReadonlySet<string>;
	/** Where records were before that are not in an account of the sender's, by recordKey. */
	formerPlaces: ReadonlyMap<string, readonly FormerPlace[]>;
	lostEdits: Map<string, LostEdit>;
	/** Edits that came here before under another device's name, by knownKey. Empty nearly always. */
	known: ReadonlySet<string>;
	/** Fields that another device changed since this device last pulled, by recordKey. */
	changedByOthers: ReadonlyMap<string, ReadonlySet<string>>;
	/** User of each device short name that occurs in the records' versions. */
	userByShort: ReadonlyMap<string, string>;
	/** Refused operations of earlier pushes on the same records, by recordKey, as they came. */
	held: ReadonlyMap<string, readonly HeldOp[]>;
	/** Versions that held operations were made on and that this store has seen. */
	seenBases: Set<Version>;
	touched: Set<RecordState>;
	/** Records whose deletion did not hold, with the group that wanted it. */
	kept: Set<string>;
	/** Records that an edit brought back, with the time of their deletion. */
	revived: Map<RecordState, string>;
	history: HistoryDraft[];
	texts: TextDraft[];
	/** By author, account and kind. */
	handovers: Map<string, HandoverDraft>;
	/** Refused now, to be held. */
	holding: HeldOpRow[];
	/** Held before and now done with. */
	released: HeldOp[];
}

/** A held operation with its author. */
export interface HeldOp {
	op: Op;
	reason: string;
	account: string | null;
	heldAt: string;
	place: GroupPlace;
}

export type HistoryDraft = Omit<HistoryRow, 'seq' | 'ord' | 'server_at'>;
export type TextDraft = Omit<TextUpdateRow, 'seq' | 'ord' | 'server_at'>;

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

type HistoryLine = Pick<HistoryDraft, 'field' | 'version' | 'outcome'> & {
	place: GroupPlace;
	before?: unknown;
	value?: unknown;
} & Partial<Pick<HistoryDraft, 'base' | 'stands_as' | 'conflict_id'>>;

/** Adds a line to the history of one record: who, on what, when by their clock, what stood and what was written. */
export function keepHistory(batch: PushBatch, record: Pick<RecordState, 'entity' | 'id'>, line: HistoryLine): void {
	const { place, before, value, ...rest } = line;
	batch.history.push({
		entity: record.entity,
		row_id: record.id,
		base: null,
		stands_as: null,
		conflict_id: null,
		...rest,
		by_user: place.author.user,
		device: place.author.device,
		device_at: place.at,
		before: before == null ? null : JSON.stringify(before),
		value: value === undefined ? null : JSON.stringify(value),
	});
}
