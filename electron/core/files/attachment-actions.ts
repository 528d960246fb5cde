import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { decodeRow } from '../../../db/codec.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import { mediaTypeOf, plainFileName } from '../../../shared/domain/file-name.ts';
import { type Attachment, attachment as entity } from '../../../shared/entities/attachment.ts';
import type { ActionContext, CommandContext, Handlers } from '../handler.ts';
import { writeError } from '../write-error.ts';
import type { BlobName } from './blob-format.ts';
import type { BlobReader } from './blob-reader.ts';
import { previewOf } from './preview.ts';

type Handler<
	N extends
		| 'attachments.add'
		| 'attachments.paste'
		| 'attachments.saveCopy'
		| 'attachments.fetch'
		| 'attachments.preview'
		| 'files.now',
> = Handlers<N>[N];

interface Place {
	parent_type: Attachment['parent_type'];
	parent_id: string;
	internal?: boolean | undefined;
}

interface Source {
	name: string;
	bytes: AsyncIterable<Uint8Array>;
	/** Added to the bytes read of this source when progress is told. */
	before: number;
	total: number;
}

/** Reads files in one after the other; each stands by itself, so that a full disk or a cancel keeps those before it. */
export const addFiles: Handler<'attachments.add'> = async (context, { files, progressId: _, ...place }) => {
	const found: { file: string; size: number }[] = [];
	for (const token of files) {
		const file = context.pathOf(token);
		found.push({ file, size: await sizeOf(file) });
	}
	const total = found.reduce((sum, { size }) => sum + size, 0);
	const added: { id: string }[] = [];
	let before = 0;
	for (const { file, size } of found) {
		await context.files.folder.requireRoom(size);
		const bytes = readFrom(file);
		added.push(await addOne(context, place, { name: path.basename(file), bytes, before, total }));
		before += size;
	}
	return added;
};

export const pasteFile: Handler<'attachments.paste'> = async (context, { file_name, data, ...place }) => {
	const bytes = Buffer.from(data, 'base64');
	await context.files.folder.requireRoom(bytes.length);
	const pieces = (async function* () {
		yield bytes;
	})();
	return addOne(context, place, { name: file_name, bytes: pieces, before: 0, total: bytes.length });
};

/** Bytes first, synced and in their place; then the record and its place in the queue, together. */
async function addOne(context: ActionContext, place: Place, source: Source): Promise<{ id: string }> {
	const { files, signal, progress } = context;
	const taken = await files.folder.take(source.bytes, {
		signal,
		onBytes: (bytes) => progress({ stage: 'adding', done: source.before + bytes, total: source.total }),
	});
	let id = '';
	try {
		await files.keep(taken, () =>
			context.write({ label: 'File added', origin: 'local' }, async (command) => {
				id = await addRecord(command, place, { ...taken, name: source.name });
			}),
		);
	} catch (error) {
		await taken.discard();
		throw error;
	}
	return { id };
}

async function addRecord(context: CommandContext, place: Place, file: BlobName & { name: string }): Promise<string> {
	const { trx, newId, now, session, apply, touch } = context;
	const parent = await parentOf(context, place);
	const { sha256, size } = file;
	const at = now.toISOString();
	const here = { size, state: 'here', bytes_here: size, used_at: at } as const;
	await trx
		.insertInto('blob')
		.values({ sha256, ...here })
		.onConflict((conflict) => conflict.column('sha256').doUpdateSet(here))
		.execute();
	await trx
		.insertInto('blob_queue')
		.values({ sha256, direction: 'up', account_id: parent.account_id, attempts: 0 })
		.onConflict((conflict) => conflict.doNothing())
		.execute();
	await trx.deleteFrom('blob_queue').where('sha256', '=', sha256).where('direction', '=', 'down').execute();
	const id = newId();
	const file_name = plainFileName(file.name);
	const values = {
		...parent,
		parent_type: place.parent_type,
		parent_id: place.parent_id,
		internal: place.internal ?? parent.internal,
		file_name,
		media_type: mediaTypeOf(file_name),
		size,
		sha256,
		added_at: at,
		added_by: session.userId,
	};
	await apply({ kind: 'create', entity: 'attachment', id, values });
	touch('blob');
	return id;
}

/** The account a file belongs to follows from its record; it is for colleagues until somebody says otherwise, like that. */
async function parentOf({ trx }: CommandContext, { parent_type, parent_id }: Place) {
	if (parent_type === 'note') {
		const note = await trx
			.selectFrom('note')
			.select(['account_id', 'internal'])
			.where('id', '=', parent_id)
			.where('deleted_at', 'is', null)
			.executeTakeFirst();
		if (note) return { account_id: note.account_id, internal: note.internal !== 0 };
	} else {
		const row = await trx
			.selectFrom(parent_type)
			.select(parent_type === 'account' ? 'id as account_id' : 'account_id')
			.where('id', '=', parent_id)
			.where('deleted_at', 'is', null)
			.executeTakeFirst();
		if (row) return { account_id: row.account_id, internal: true };
	}
	throw new CoreError('not_found', 'The record this file should belong to is not here.');
}

async function sizeOf(file: string): Promise<number> {
	try {
		const found = await stat(file);
		if (found.isFile()) return found.size;
	} catch {
		// Said below, whatever the system calls it.
	}
	throw unread();
}

async function* readFrom(file: string): AsyncGenerator<Uint8Array> {
	const stream = createReadStream(file, { highWaterMark: 262_144 });
	try {
		for await (const chunk of stream) yield chunk as Buffer;
	} catch {
		throw unread();
	} finally {
		stream.destroy();
	}
}

function unread(): CoreError {
	return new CoreError('file_unread', 'The file could not be read.');
}

/** Writes the file where a dialog said, whole or not at all. */
export const saveCopy: Handler<'attachments.saveCopy'> = async (context, { id, target }) => {
	const place = context.pathOf(target);
	// Under a name that is nobody else's: a browser calls its own downloads "name.part".
	const part = `${place}.${randomUUID()}.part`;
	await readAttachment(context, id, async (reader) => {
		try {
			await writeCopy(part, reader);
			await rename(part, place);
		} catch (error) {
			await rm(part, { force: true });
			throw writeError(error);
		}
	});
};

async function writeCopy(part: string, reader: BlobReader): Promise<void> {
	let handle: FileHandle | undefined;
	try {
		handle = await open(part, 'wx', 0o600);
		for await (const frame of reader.stream()) {
			for (let at = 0; at < frame.length; ) at += (await handle.write(frame, at)).bytesWritten;
		}
		await handle.sync();
	} finally {
		await handle?.close();
	}
}

export const previewFile: Handler<'attachments.preview'> = async (context, { id }) =>
	readAttachment(context, id, (reader) => previewOf(reader));

export const fetchNow: Handler<'attachments.fetch'> = async (context, { id }) => {
	const { sha256, size, account_id } = await attachmentOf(context, id);
	await context.files.fetch(
		{ sha256, size, account: account_id },
		{ signal: context.signal, onBytes: (done) => context.progress({ stage: 'fetching', done, total: size }) },
	);
};

export const runFilesNow: Handler<'files.now'> = ({ files }) => files.runNow();

/** Opens an attachment's bytes for reading. Damage is noted, so that the list says it too, and thrown as `file_damaged`. */
async function readAttachment<T>(
	context: ActionContext,
	id: string,
	work: (reader: BlobReader) => Promise<T>,
): Promise<T> {
	const { sha256, size } = await attachmentOf(context, id);
	let reader: BlobReader | undefined;
	try {
		reader = await context.files.folder.open(sha256);
		const result = await work(reader);
		await context.files.noteUsed(sha256);
		return result;
	} catch (error) {
		if (error instanceof CoreError && error.code === 'file_damaged') await context.files.noteDamaged({ sha256, size });
		throw error;
	} finally {
		await reader?.close();
	}
}

async function attachmentOf({ read }: ActionContext, id: string): Promise<Attachment> {
	const row = await read(({ db }) =>
		db.selectFrom('attachment').selectAll().where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst(),
	);
	if (!row) throw new CoreError('not_found', 'This file is not on this laptop.');
	return decodeRow<Attachment>(entity, row);
}
