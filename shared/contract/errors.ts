/** The ways a call can fail. The words a person reads are chosen in the renderer by code. */
export type ErrorCode =
	| 'bad_input'
	| 'unknown_method'
	| 'not_found'
	| 'office_owned'
	| 'store_locked'
	| 'wrong_key'
	| 'store_newer'
	| 'store_damaged'
	| 'store_in_use'
	| 'backup_damaged'
	| 'disk_full'
	| 'io_error'
	| 'nothing_to_undo'
	| 'cannot_undo'
	| 'note_damaged'
	| 'file_gone'
	| 'file_unread'
	| 'file_not_here'
	| 'file_not_there'
	| 'file_damaged'
	| 'wrong_file'
	| 'file_empty'
	| 'file_too_large'
	| 'file_not_readable'
	| 'file_wrong_kind'
	| 'file_password'
	| 'file_no_rows'
	| 'file_too_wide'
	| 'cancelled'
	| 'offline'
	| 'server_error'
	| 'signed_out'
	/** The laptop has been without a contact for too long: it opens again after the next one. */
	| 'lease_over'
	/** The laptop was put out and has handed in everything; nothing more is written on it. */
	| 'leaving'
	| 'internal';

/** One thing wrong with an input: where, and what. `row` counts from 1 as the person sees it in the file. */
export interface Problem {
	field: string;
	message: string;
	row?: number;
}

export interface CallError {
	code: ErrorCode;
	message: string;
	details?: { problems?: Problem[]; [key: string]: unknown };
}

export type CallResult<T> = { ok: true; value: T } | { ok: false; error: CallError };

/** Thrown inside core; crosses to the renderer as a value. */
export class CoreError extends Error {
	readonly code: ErrorCode;
	readonly details: CallError['details'];
	constructor(code: ErrorCode, message: string, details?: CallError['details']) {
		super(message);
		this.code = code;
		this.details = details;
	}
}
