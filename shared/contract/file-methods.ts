import { z } from 'zod';
import { attachment } from '../entities/attachment.ts';
import { action, command, query } from './define.ts';
import type * as m from './file-models.ts';
import type { Created } from './models.ts';

const id = z.string().min(1).max(64);
const one = z.strictObject({ id });
const fileToken = z.string().min(1).max(64);
const progressId = z.string().max(64).optional();
const fileName = z.string().trim().min(1, 'is empty').max(255);
const parent = {
	parent_type: z.enum(Object.keys(attachment.fields.parent_type.values) as [m.AttachmentRow['parent_type']]),
	parent_id: id,
};
const choice = { kind: z.enum(['account', 'visit']), id };

/** 20 MB as base64: a picture from the clipboard. Larger things are files, and have tokens. */
const LONGEST_PASTE = 27_962_028;

/** Files that belong to records, and which of them are kept on this laptop. */
export const fileMethods = {
	'attachments.list': query(z.strictObject(parent), ['attachment', 'app_user', 'blob', 'outbox'])<m.AttachmentRow[]>(),
	/** Reads files in by their tokens; each is a record of its own once its bytes are on the disk. */
	'attachments.add': action(
		z.strictObject({
			...parent,
			files: z.array(fileToken).min(1).max(100),
			internal: z.boolean().optional(),
			progressId,
		}),
	)<Created[]>(),
	/** Something from the clipboard that is no file yet. */
	'attachments.paste': action(
		z.strictObject({ ...parent, file_name: fileName, data: z.base64().max(LONGEST_PASTE) }),
	)<Created>(),
	'attachments.rename': command('File renamed', z.strictObject({ id, file_name: fileName }))<void>(),
	'attachments.setInternal': command('File marked', z.strictObject({ id, internal: z.boolean() }))<void>(),
	'attachments.delete': command('File deleted', one)<void>(),
	/** Writes the file, no longer encrypted, where a save dialog said. */
	'attachments.saveCopy': action(z.strictObject({ id, target: fileToken }))<void>(),
	'attachments.fetch': action(z.strictObject({ id, progressId }))<void>(),
	'attachments.preview': action(one)<m.FilePreview>(),
	/** What waits, file by file: what is to be sent first. */
	'files.waiting': query(z.strictObject({}), ['attachment', 'blob', 'outbox', 'account', 'visit', 'issue', 'note'])<
		m.WaitingFile[]
	>(),
	/** Sends and fetches what waits, on a metered link too. */
	'files.now': action(z.strictObject({}))<void>(),
	'offline.list': query(z.strictObject({}), ['account', 'attachment', 'blob', 'note', 'visit'])<m.OfflineList>(),
	'offline.choose': command('Files for offline use chosen', z.strictObject({ ...choice, chosen: z.boolean() }))<void>(),
};
