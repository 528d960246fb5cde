import type { Conflict } from '../entities/conflict.ts';
import type { Counted } from './kept-models.ts';

/** What the sync screens are answered. Plain values; instants are UTC ISO strings. */

/** The state in the header. `acknowledged` is only ever said after our server's own answer. */
export interface SyncStatus {
	/** `partly`: every change is answered, and files or refused changes are on this laptop alone. */
	state: 'offline' | 'unsent' | 'syncing' | 'partly' | 'acknowledged' | 'never' | 'paused';
	/** Unsent changes as a person counts them: one per edit made. */
	unsent: number;
	/** Of these, marked urgent. */
	urgent: number;
	/** While syncing: progress in changes. */
	done: number;
	total: number;
	/** When the server last acknowledged everything, UTC. */
	acknowledgedAt: string | null;
	/** When office data was last pulled, UTC. */
	pulledAt: string | null;
	/** Why the last attempt failed, as a code the renderer has words for. */
	problem: 'unreachable' | 'not_our_server' | 'server_error' | 'bad_reply' | 'signed_out' | 'upgrade' | 'store' | null;
	conflicts: number;
	refused: number;
	/** Records whose visit or issue has gone and that need a new home. */
	homeless: number;
	/** Late work of others that this person or the manager has yet to take over. */
	handovers: number;
	/** Changes that wait for a newer server. */
	awaitingServer: number;
	/** Files still to be sent or fetched. */
	files: { up: number; down: number; bytesLeft: number };
	/** The person asked to work offline. */
	paused: boolean;
	/** True while the link is treated as metered: by itself only what is urgent goes. */
	metered: boolean;
	/** What the person chose; `auto` follows what the system reports. */
	meteredChoice: 'auto' | 'yes' | 'no';
	/** The server wants to take away more than a tenth of what is held here; nothing of it has been done yet. */
	brake: Brake | null;
	/** When the next attempt is due, UTC; null when none is planned. */
	nextAttemptAt: string | null;
}

export interface Brake {
	/** Records that would go, deleted or with an account that somebody else has now. */
	records: number;
	/** Of these, deleted while their account stays. */
	deleted: number;
	/** Records held here now. */
	held: number;
	/** Accounts that somebody else has now, and accounts held here now. */
	leaving: number;
	heldAccounts: number;
	/** The accounts that lose records, those that leave whole first, the largest first; at most 20. */
	accounts: { name: string; records: number; leaves: boolean }[];
	/** Accounts beyond those. */
	moreAccounts: number;
	/** When it was noticed, UTC. */
	at: string;
	/** The person holds on to them: nothing is fetched until the office asks for less, or they are let go. */
	kept: boolean;
}

export interface UnsentChange {
	/** First group of the change: names it in the outbox methods. */
	group: number;
	at: string;
	label: string;
	entity: string;
	row_id: string;
	title: string;
	account_name: string | null;
	changes: { label: string; after: string | null }[];
	/** Refused by the server, with its reason code. */
	refused: string | null;
	count: number;
	urgent: boolean;
	/** The server may have it already (sent, answer lost): it can be neither moved nor taken back without a trace. */
	handedOver: boolean;
	/** `server`: needs a newer server. */
	waitsFor: 'server' | null;
	/** The server's refusal can be mended here by giving another value. */
	fixable: boolean;
}

/** A refused change with what a person needs to mend it. */
export interface RefusedChange {
	group: number;
	entity: string;
	row_id: string;
	title: string;
	reason: string;
	fields: {
		field: string;
		label: string;
		/** What the person had written. */
		value: unknown;
		/** What stands now. */
		standing: unknown;
		/** What is wrong with the value, in words; null when the field is not at fault. */
		problem: string | null;
	}[];
}

export type ReceiptKind =
	| 'sent'
	| 'received'
	| 'merged'
	| 'decide'
	| 'refused'
	/** A deletion of ours that lost against an edit: the record stays. */
	| 'kept'
	/** Sent after the account had gone to somebody else. */
	| 'late'
	| 'file'
	/** An account that came or went. */
	| 'scope'
	/** An account of which laptop and office did not hold the same. */
	| 'checked';

export interface ReceiptRow {
	id: number;
	startedAt: string;
	finishedAt: string;
	sent: number;
	received: number;
	merged: number;
	toDecide: number;
	refused: number;
	bytesUp: number;
	bytesDown: number;
	problem: SyncStatus['problem'];
	/** One line that says it: "merged: I-503 (priority yours, due date Ben Roth's)". */
	summary: string;
}

export interface ReceiptLine {
	kind: ReceiptKind;
	entity: string | null;
	rowId: string | null;
	accountName: string | null;
	title: string;
	detail: string;
	byName: string | null;
}

export interface ReceiptPage {
	receipt: ReceiptRow;
	lines: ReceiptLine[];
	/** Lines beyond those listed, by kind. */
	more: Partial<Record<ReceiptKind, number>>;
}

export interface ConflictRow extends Conflict {
	entity_label: string;
	field_label: string;
	record_title: string;
	/** "I-504" and the like; null when the record has no number. */
	record_ref: string | null;
	account_name: string | null;
	base_text: string | null;
	mine_text: string | null;
	theirs_text: string | null;
	mine_name: string | null;
	theirs_name: string | null;
	/** True when the laptop's own user made the later edit. */
	mine_is_me: boolean;
	/** The field as it is on this laptop now, which may be neither of the two, or hold both; null for a record that is not here. */
	standing: ConflictStanding | null;
}

export interface ConflictStanding {
	value: unknown;
	text: string | null;
	/** Whose edit it came from; null when that is not known here. */
	name: string | null;
	is_me: boolean;
	at: string | null;
}

/** A record whose visit or issue was deleted by somebody else, or never came. */
export interface HomelessRecord {
	entity: 'note' | 'attachment' | 'task' | 'attendee' | 'checklist_item';
	id: string;
	title: string;
	excerpt: string;
	account_id: string;
	account_name: string;
	/** What it belonged to. */
	lost: {
		entity: string;
		id: string;
		title: string | null;
		deletedAt: string | null;
		deletedBy: string | null;
		/** What went with it and comes back with it. */
		along: Counted[];
	};
	/** Of a note: its files, which stay when it is deleted. */
	files: number;
	/** Places on the same account that could take it. */
	places: { parent_type: string; parent_id: string; title: string }[];
}

export interface HandoverRow {
	id: string;
	account_id: string | null;
	account_name: string | null;
	from_name: string;
	kind: 'APPLIED' | 'HELD';
	summary: string;
	written_at: string | null;
	received_at: string;
	/** What is in it, record by record, as it was written. */
	records: HandedRecord[];
	/** Why it was held back, as the server's reason codes, each once. */
	reasons: string[];
	/** True when it is this laptop's user whose work it is. */
	mine: boolean;
}

/** A record in a hand-over: what was done with it and what was written in its fields. */
export interface HandedRecord {
	entity: string;
	id: string;
	/** "Issue". */
	kind: string;
	/** Null when its name is not known. */
	title: string | null;
	done: 'new' | 'changed' | 'deleted' | 'back';
	/** A `value` of null: emptied. */
	fields: { label: string; value: string | null }[];
}
