import type { CallError, ErrorCode } from '../../shared/contract/errors.ts';

/** What happened, what is safe, what to do next. Plain sentences; no code and no stack is shown unless copied. */
export interface ErrorWords {
	title: string;
	safe: string;
	next: string;
}

const saved = 'Everything saved before this is on this computer.';
const nothingImported = 'Nothing was imported. Your data is as it was.';

const words: Record<ErrorCode, ErrorWords> = {
	bad_input: {
		title: 'Something typed here cannot be saved',
		safe: 'What you typed is still on the screen.',
		next: 'Correct the marked field and save again.',
	},
	unknown_method: {
		title: 'This window is older than the app',
		safe: saved,
		next: 'Close Fieldbook and start it again.',
	},
	not_found: {
		title: 'This record is no longer here',
		safe: 'It was deleted here or on another computer; its history is kept.',
		next: 'Go back to the list.',
	},
	office_owned: {
		title: 'The office keeps this field',
		safe: 'Nothing was changed.',
		next: 'Ask for the change in the office system; the next import brings it here.',
	},
	store_locked: { title: 'The workbook is locked', safe: saved, next: 'Unlock it with your passphrase.' },
	wrong_key: {
		title: 'The key does not open this workbook',
		safe: 'Nothing was changed. The workbook stays encrypted on this computer.',
		next: 'Sign in to this computer as the person who made the workbook, then start Fieldbook again.',
	},
	store_newer: {
		title: 'This workbook was made by a newer Fieldbook',
		safe: 'Nothing was opened and nothing was changed.',
		next: 'Update Fieldbook on this computer, then start it again.',
	},
	store_damaged: {
		title: 'The workbook file is damaged',
		safe: 'Fieldbook has stopped writing to it, so nothing gets worse.',
		next: 'Go back to a backup. The damaged file is kept beside it, and what the server has acknowledged is safe on the server.',
	},
	backup_damaged: {
		title: 'This backup is damaged',
		safe: 'Nothing was changed. The workbook is as it was.',
		next: 'Choose another backup.',
	},
	store_in_use: {
		title: 'Fieldbook is already open',
		safe: 'Another Fieldbook holds this workbook, so this one keeps its hands off.',
		next: 'Use the other window, or close it and start again.',
	},
	disk_full: {
		title: 'The disk is full',
		safe: `${saved} The last change was not written.`,
		next: 'Free some space, then try again.',
	},
	io_error: {
		title: 'The disk did not answer',
		safe: `${saved} The last change may be missing.`,
		next: 'Check that the disk is connected and writable, then try again.',
	},
	nothing_to_undo: {
		title: 'There is nothing to undo',
		safe: 'Nothing was changed.',
		next: 'Only your own changes on this computer can be undone; the history of a record shows all of them.',
	},
	cannot_undo: {
		title: 'This can no longer be undone',
		safe: 'A later change rests on it. Nothing was changed.',
		next: 'Change the record by hand; its history shows the earlier value.',
	},
	note_damaged: {
		title: 'Part of this note cannot be read',
		safe: 'It was set aside, not deleted, and nothing is written over it.',
		next: 'Go on in a new note with the words of a version that can be read.',
	},
	file_gone: { title: 'The file is no longer there', safe: nothingImported, next: 'Choose the file again.' },
	file_unread: {
		title: 'The file could not be read',
		safe: 'It was not added. Files added before it are kept.',
		next: 'Check that it is still there and not open elsewhere, then add it again.',
	},
	file_not_here: {
		title: 'The file is not on this computer',
		safe: 'Its record is, and the office keeps the file.',
		next: 'Fetch it first.',
	},
	file_not_there: {
		title: 'The office does not have this file yet',
		safe: 'It is on the computer of whoever added it, and is sent from there.',
		next: 'Fieldbook asks for it again by itself.',
	},
	file_damaged: {
		title: 'The file on this computer is damaged',
		safe: 'Nothing of it was shown or saved. The record is as it was.',
		next: 'Fetch it again from the office.',
	},
	wrong_file: {
		title: 'What came was not the file',
		safe: 'It was thrown away; nothing else was changed.',
		next: 'Fetch it again. If it comes back, tell your administrator.',
	},
	file_empty: { title: 'The file is empty', safe: nothingImported, next: 'Export it again, then choose it here.' },
	file_too_large: {
		title: 'The file is too large to read',
		safe: nothingImported,
		next: 'Split the export, for example by country, and import the parts.',
	},
	file_not_readable: {
		title: 'The file cannot be read',
		safe: nothingImported,
		next: 'Open it in a spreadsheet, save it as CSV or XLSX, and choose that file.',
	},
	file_wrong_kind: {
		title: 'The file is not what its name says',
		safe: nothingImported,
		next: 'Save it as CSV or XLSX and choose that file.',
	},
	file_password: {
		title: 'The file is protected by a password',
		safe: nothingImported,
		next: 'Save a copy without a password and choose that file.',
	},
	file_no_rows: {
		title: 'The file has a header and no rows',
		safe: nothingImported,
		next: 'Check the export, then choose the file again.',
	},
	file_too_wide: {
		title: 'The file has more columns than can be read',
		safe: nothingImported,
		next: 'Leave out the columns you do not need and export it again.',
	},
	cancelled: { title: 'Cancelled', safe: 'Nothing was changed.', next: 'Start again when you are ready.' },
	offline: {
		title: 'The server cannot be reached',
		safe: saved,
		next: 'Go on working. Changes are sent when the network is back.',
	},
	server_error: {
		title: 'The server could not do this',
		safe: saved,
		next: 'Fieldbook tries again by itself. Go on working.',
	},
	signed_out: {
		title: 'You are signed out',
		safe: saved,
		next: 'Sign in when you are online. Unsent changes are kept and sent then.',
	},
	leaving: {
		title: 'This computer has left Fieldbook',
		safe: 'Everything saved before this was handed in to your office.',
		next: 'Call your administrator.',
	},
	lease_over: {
		title: 'Connect once to open the workbook',
		safe: saved,
		next: 'Go online and connect. What you wrote is sent with that contact.',
	},
	internal: {
		title: 'Fieldbook could not do this',
		safe: saved,
		next: 'Try again. If it comes back, copy the details and send them to support.',
	},
};

/** The words for a code; a code this version does not know reads like an internal failure. */
export function errorWords(code: string): ErrorWords {
	return words[code as ErrorCode] ?? words.internal;
}

/** One line for places with little room: the problem as core names it for a field, otherwise title and next step. */
export function errorLine(error: CallError, label?: string): string {
	const problem = error.details?.problems?.[0];
	if (problem && label) return `${label} ${problem.message}.`;
	const { title, next } = errorWords(error.code);
	return `${title}. ${next}`;
}

/** What "Copy details" puts on the clipboard: enough to find the cause, no client text. */
export function errorDetails(error: CallError): string {
	const fields = (error.details?.problems ?? []).map((problem) => `${problem.field}: ${problem.message}`);
	return [`Code: ${error.code}`, `Message: ${error.message}`, ...fields, `At: ${new Date().toISOString()}`].join('\n');
}
