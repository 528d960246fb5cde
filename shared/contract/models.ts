import type { Account } from '../entities/account.ts';
import type { AppUser } from '../entities/app-user.ts';
import type { Conflict } from '../entities/conflict.ts';
import type { Contact } from '../entities/contact.ts';
import type { Issue } from '../entities/issue.ts';
import type { Note } from '../entities/note.ts';
import type { PatentAsset } from '../entities/patent-asset.ts';
import type { RenewalEvent } from '../entities/renewal-event.ts';
import type { Task } from '../entities/task.ts';
import type { Attendee, ChecklistItem, Visit } from '../entities/visit.ts';

/** Shapes that queries answer with. Plain values; instants are UTC ISO strings, days are local dates. */

export interface AppInfo {
	user: { id: string; name: string; time_zone: string | null } | null;
	device: { id: string; name: string };
	/** True for the fictional sample workspace, which unlocks itself. */
	sample: boolean;
	version: string;
	store: { encrypted: boolean; cipher: string; path: string; sizeBytes: number };
	counts: { accounts: number; assets: number; issues: number };
}

export interface AccountRow
	extends Pick<Account, 'id' | 'account_no' | 'name' | 'city' | 'country' | 'tier' | 'status' | 'time_zone'> {
	assets: number;
	open_issues: number;
	urgent_issues: number;
	/** Renewals without an instruction whose cut-off is within 90 days or past. */
	undecided: number;
	next_cutoff: string | null;
	next_visit_at: string | null;
	next_visit_zone: string | null;
	/** When somebody last wrote a note, met the client or answered an issue. */
	last_contact_at: string | null;
}

export interface AccountPage {
	account: Account;
	sam: string | null;
	specialist: string | null;
	figures: Omit<AccountRow, keyof Account>;
}

/** What a person may do on an account. */
export interface AccountRights {
	account_name: string;
	/** Who looks after the account, when that is somebody else and known here. */
	keeper: string | null;
	/** Kinds of records that this person reads and does not change. */
	onlyRead: string[];
}

export interface IssueRow
	extends Pick<
		Issue,
		'id' | 'ref_no' | 'title' | 'type' | 'status' | 'priority' | 'due_date' | 'account_id' | 'owner_id' | 'updated_at'
	> {
	account_name: string;
	owner_name: string | null;
	/** Open conflicts on this issue. */
	conflicts: number;
	unsent: boolean;
}

export interface IssuePage {
	issue: Issue;
	account_name: string;
	owner_name: string | null;
	contact_name: string | null;
	asset: Pick<PatentAsset, 'id' | 'title' | 'client_ref' | 'grant_no'> | null;
	conflicts: Conflict[];
	unsent: boolean;
}

export interface HistoryLine {
	/** Names the line in `history.restore`. */
	id: string;
	at: string;
	by: string | null;
	by_name: string | null;
	entity: string;
	row_id: string;
	/** `created`, `deleted`, `restored`, or the field that changed. */
	field: string;
	label: string;
	/** Values in the words a person sees (enum labels, names of colleagues). */
	before: string | null;
	after: string | null;
	origin: 'local' | 'remote' | 'import';
	sent: boolean;
	/** For the value of one side of a conflict: it waits for a decision, or the other value was chosen. */
	conflict: 'waiting' | 'not_chosen' | null;
	/** More than typed: it was decided in a conflict, or is a value that the field has had before. */
	how: 'decided' | 'put_back' | null;
	/** A long text, shown with its words marked. */
	long: boolean;
	/** Which of the two values can be given to the field again: not the one that stands, and none of the office's. */
	restorable: { before: boolean; after: boolean };
}

export interface VisitRow
	extends Pick<
		Visit,
		| 'id'
		| 'account_id'
		| 'purpose'
		| 'type'
		| 'status'
		| 'place'
		| 'starts_at'
		| 'ends_at'
		| 'time_zone'
		| 'local_start'
		| 'local_end'
	> {
	account_name: string;
	checklist_done: number;
	checklist_total: number;
	attendees: number;
	notes: number;
}

export interface VisitPage {
	visit: Visit;
	account_name: string;
	attendees: Attendee[];
	checklist: ChecklistItem[];
	notes: NoteRow[];
	open_issues: IssueRow[];
	renewals: RenewalRow[];
}

export interface NoteRow
	extends Pick<Note, 'id' | 'account_id' | 'title' | 'at' | 'internal' | 'parent_type' | 'parent_id'> {
	/** First 200 characters of the text. */
	excerpt: string;
	author_name: string | null;
	unsent: boolean;
}

export interface NotePage {
	note: Note;
	account_name: string;
	/** The whole Yjs document, base64. */
	state: string;
	/** True when the stored text could not be read and was set aside: show read-only, never write back. */
	damaged: boolean;
}

export interface TimelineLine {
	kind: 'note' | 'issue' | 'visit' | 'import';
	id: string;
	at: string;
	title: string;
	detail: string;
	who: string | null;
	internal: boolean;
}

export interface RenewalRow
	extends Pick<
		RenewalEvent,
		| 'id'
		| 'asset_id'
		| 'account_id'
		| 'fee_no'
		| 'due_date'
		| 'free_until'
		| 'grace_end'
		| 'client_cutoff'
		| 'status'
		| 'official_fee'
		| 'service_fee'
		| 'currency'
	> {
	title: string | null;
	client_ref: string | null;
	number: string | null;
	country: string | null;
}

export type AssetRow = Pick<
	PatentAsset,
	| 'id'
	| 'client_ref'
	| 'title'
	| 'country'
	| 'app_no'
	| 'grant_no'
	| 'pub_no'
	| 'filing_date'
	| 'grant_date'
	| 'expiry_date'
	| 'status'
	| 'watch'
>;

export interface AssetPage {
	asset: PatentAsset;
	account_name: string;
	renewals: RenewalRow[];
}

export type ContactRow = Contact;
export type UserRow = Pick<AppUser, 'id' | 'name' | 'email' | 'role' | 'time_zone'>;
export interface TaskRow extends Task {
	account_name: string | null;
	assignee_name: string | null;
}

export interface SearchHit {
	entity: 'account' | 'contact' | 'issue' | 'visit' | 'note' | 'patent_asset' | 'task';
	id: string;
	account_id: string | null;
	title: string;
	detail: string;
}

/** What a column of a file may become. */
export type ImportTarget = { entity: 'patent_asset' | 'renewal_event'; field: string };

export type DateStyle = 'ymd' | 'dmy' | 'mdy' | 'auto';

export interface ImportColumn {
	index: number;
	header: string;
	/** "patent_asset.filing_date", or null when the column is left out. */
	target: string | null;
	/** 0 to 1: how sure the guess is; 1 when remembered or chosen. */
	confidence: number;
	samples: string[];
	/** Only for dates: the styles seen, with counts, and the order used for ambiguous ones. */
	dateStyle?: DateStyle;
	dateStylesSeen?: Record<string, number>;
}

export interface ImportSettings {
	encoding: string;
	delimiter: string | null;
	sheet: string | null;
	/** Row number of the header, from 1; 0 when the file has none. */
	headerRow: number;
	/** Column index → "entity.field" or null. */
	mapping: (string | null)[];
	dateStyles: Record<number, DateStyle>;
}

export interface ImportReject {
	row: number;
	field: string;
	value: string;
	reason: string;
}

export interface ImportPreview {
	fileName: string;
	kind: 'csv' | 'xlsx';
	sizeBytes: number;
	settings: ImportSettings;
	encodings: string[];
	sheets: string[];
	columns: ImportColumn[];
	/** The first rows as text, header excluded. */
	sample: string[][];
	rows: number;
	ready: number;
	rejected: number;
	rejects: ImportReject[];
	/** True when the mapping was remembered from this client's earlier import. */
	remembered: boolean;
	warnings: string[];
	targets: { value: string; label: string; group: string }[];
	/** Set when something must be decided before importing, e.g. no column identifies a case. */
	blocked: string | null;
}

export interface ImportProgress {
	stage: 'reading' | 'checking' | 'writing' | 'undoing' | 'adding' | 'fetching' | 'copying' | 'restoring' | 'exporting';
	done: number;
	total: number | null;
}

export interface ImportResult {
	batchId: string;
	rows: number;
	assets: number;
	renewals: number;
	rejected: number;
	rejects: ImportReject[];
	ms: number;
}

export interface ImportRow {
	id: string;
	file_name: string;
	status: string;
	rows_ok: number;
	rows_rejected: number;
	started_at: string;
	undoable: boolean;
}

export interface UndoResult {
	label: string;
	/** The record to show after the undo, when there is one. */
	entity: string | null;
	row_id: string | null;
}

export interface Created {
	id: string;
}
