import type { Attachment } from '../entities/attachment.ts';

/**
 * Where the bytes of a file are. `here`: whole and checked. `waiting`, `sending`: here, the office has yet to get it.
 * `office`: not here. `queued`, `fetching`: on its way here. `damaged`: what is here is not what was written.
 */
export type FileState = 'here' | 'waiting' | 'sending' | 'office' | 'queued' | 'fetching' | 'damaged';

export interface AttachmentRow
	extends Pick<
		Attachment,
		| 'id'
		| 'account_id'
		| 'parent_type'
		| 'parent_id'
		| 'file_name'
		| 'media_type'
		| 'size'
		| 'added_at'
		| 'added_by'
		| 'internal'
	> {
	added_by_name: string | null;
	state: FileState;
	/** 0 to 100 while some of it has been sent or has come; null otherwise. */
	percent: number | null;
	/** Why it waits, as a code the renderer has words for; null when nothing is wrong. */
	problem: string | null;
	/** True until the office has the bytes: then this laptop holds the only copy it knows of. */
	onlyHere: boolean;
	/** The record itself is not sent yet. */
	unsent: boolean;
}

/** A file on its way between this laptop and the office. */
export interface WaitingFile
	extends Pick<
		AttachmentRow,
		| 'id'
		| 'account_id'
		| 'parent_type'
		| 'parent_id'
		| 'file_name'
		| 'media_type'
		| 'size'
		| 'state'
		| 'percent'
		| 'problem'
		| 'unsent'
	> {
	direction: 'up' | 'down';
	account_name: string | null;
	/** The name of the record that it belongs to. */
	parent_title: string;
	/** When it is tried again, UTC; null: as soon as it can go. */
	nextAt: string | null;
	/** Chosen to be kept on this laptop. */
	kept: boolean;
}

/** Shown inside the app; anything else can be saved as a copy. */
export type FilePreview =
	| { kind: 'image'; mediaType: string; base64: string }
	| { kind: 'text'; text: string; cut: boolean }
	| { kind: 'none' };

export interface OfflineChoice {
	kind: 'account' | 'visit';
	id: string;
	title: string;
	account_name: string;
	/** Files that belong to it, and how many of them are here. */
	files: number;
	here: number;
	/** Bytes of all of them. */
	bytes: number;
}

export interface OfflineList {
	choices: OfflineChoice[];
	/** Bytes of files on this laptop. */
	usedBytes: number;
	/** Bytes kept of files nobody chose; longest unused go first. */
	budgetBytes: number;
}
