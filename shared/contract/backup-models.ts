/** Why a backup was made. `change`: before many records changed at once. `leave`: before accounts left this laptop. */
export type BackupKind = 'daily' | 'asked' | 'migration' | 'import' | 'change' | 'leave' | 'restore';

/** One complete backup, checked when it was made. */
export interface BackupLine {
	name: string;
	kind: BackupKind;
	/** UTC. */
	at: string;
	bytes: number;
}

export interface BackupList {
	/** Newest first. */
	backups: BackupLine[];
	folder: string;
	/** One is being made now. */
	busy: boolean;
	/** Why the last one could not be made, as a contract ErrorCode; null when it could. */
	problem: string | null;
	/** When the store was last read whole and found right, UTC; null before that in this run. */
	checkedAt: string | null;
	/** True once damage was found: nothing is written or synced any more. */
	damaged: boolean;
}

/** What would be different after going back to a backup. */
export interface BackupFacts {
	/** Records by kind, as a person calls them: "account", 15. */
	holds: { label: string; count: number }[];
	/** Records that were edited here or by colleagues since. Null when the present store cannot be read. */
	changedSince: number | null;
	/** Rows that came by imports since. */
	importedSince: number | null;
	/** Changes made here since that the office does not have yet, newest last. */
	unsentSince: LeftChange[];
}

/** One change of a person, in words. */
export interface LeftChange {
	/** UTC. */
	at: string;
	label: string;
	title: string;
	account_name: string | null;
}

export interface RestoreResult {
	/** The backup of what was there before; null when that could not be read. */
	before: string | null;
	/** Where the damaged file was put; null when there was none. */
	keptAside: string | null;
	/** Unsent changes that were taken over. */
	taken: number;
	/** Unsent changes that were left out, as asked; they are in `before`. */
	left: number;
	/** Unsent changes that could not be read any more; null when not even their number is known. */
	unread: number | null;
}

export interface ExportResult {
	/** The folder or file that was written. */
	name: string;
	rows: number;
	/** Bytes of files that were written with it. */
	files: number;
	/** Files of records that are not on this laptop. */
	filesElsewhere: number;
	/** Kinds of records of which something could not be read. */
	unreadable: string[];
	bytes: number;
	ms: number;
}
