import { randomUUID } from 'node:crypto';
import { ApiError } from '../api-error.ts';
import { inReach } from '../store/reach.ts';
import type { BlobUploadRow } from '../store/tables.ts';
import type { Trx } from '../store/transaction.ts';
import type { SyncCore, User } from '../sync/sync-core.ts';
import { type BlobRef, hasOrHad, isHeldNear, referencesToBring } from './blob-access.ts';
import type { BlobDisk } from './blob-disk.ts';

export interface BlobLimits {
	/** Bytes of the largest file taken. */
	maxBytes: number;
	/** Files one person may have under way. */
	maxOpenUploads: number;
}

export interface Announced extends BlobRef {
	/** Bytes. */
	size: number;
}

export interface Progress {
	id: string;
	offset: number;
	size: number;
}

/** How long an upload nobody goes on with is kept. */
const KEEP_MS = 7 * 86_400_000;

/**
 * Uploads that can be cut anywhere: the file on disk is the truth about how far one has come. The database only knows
 * whose it is and what it shall be. A file counts once it is whole, checked, synced and in its place, not before.
 */
export class Uploads {
	readonly #core: SyncCore;
	readonly #disk: BlobDisk;
	readonly #limits: BlobLimits;
	/** Requests that are writing now, by upload: a newer one of the same upload takes over from a connection that hangs. */
	readonly #writing = new Map<string, { stop: AbortController; ended: Promise<unknown> }>();
	readonly #finishing = new Map<string, Promise<void>>();

	constructor(core: SyncCore, disk: BlobDisk, limits: BlobLimits) {
		this.#core = core;
		this.#disk = disk;
		this.#limits = limits;
	}

	/**
	 * Begins an upload, or finds the one the person has under way for the same file. When an account they see holds the
	 * bytes, it is whole at once. Throws ApiError 404 for an account they do not see, 409 `no_record` when no attachment
	 * there refers to the file, 403 `read_only`, 413, 429.
	 */
	async begin(user: User, file: Announced): Promise<Progress> {
		if (file.size > this.#limits.maxBytes) throw new ApiError(413, 'too_large', 'Files of this size are not taken.');
		await this.#requireReference(user, file);
		const row = (await this.#open(user, file)) ?? (await this.#create(user, file));
		if (await this.#isHere(user, file)) await this.#note(row);
		else if (row.size === 0) await this.#finish(row);
		else if (row.finished_at !== null) await this.#reopen(row);
		return this.progress(user, row.id);
	}

	/** How far an upload has come, by what is on disk. One whose last byte came just before a crash is finished first. */
	async progress(user: User, id: string): Promise<Progress> {
		await this.#takeOver(id);
		const row = await this.#find(user, id);
		const { size } = row;
		if (await this.#isFinished(row)) return { id, size, offset: size };
		const offset = await this.#disk.arrived(id);
		if (offset >= size) await this.#finish(row);
		return { id, size, offset: Math.min(offset, size) };
	}

	/** Takes bytes. Throws ApiError 404, 409 `wrong_offset`, 413, 460 `wrong_checksum` when the whole is another file. */
	async append(user: User, id: string, from: { offset: number; body: AsyncIterable<Uint8Array> }): Promise<Progress> {
		const { offset, size } = await this.progress(user, id);
		if (offset !== from.offset) throw new ApiError(409, 'wrong_offset', `The upload is at byte ${offset}.`);
		const reached = await this.#write(id, from.body, { offset, size });
		const row = await this.#find(user, id);
		await this.#touch(row);
		if (reached === size && row.finished_at === null) await this.#finish(row);
		return { id, size, offset: reached };
	}

	/** Gives an upload up. */
	async cancel(user: User, id: string): Promise<void> {
		await this.#takeOver(id);
		await this.#find(user, id);
		await this.#as(user.id, (trx) => trx.deleteFrom('blob_upload').where('id', '=', id).execute());
		await this.#disk.discard(id);
	}

	/** Removes uploads nobody has gone on with for a week, and what crashes left on the disk. */
	async sweep(): Promise<void> {
		const { db, clock } = this.#core;
		const now = clock().getTime();
		const { old, rest } = await inReach(db, { user: null, how: 'office' }, async (trx) => ({
			old: await trx
				.deleteFrom('blob_upload')
				.where('touched_at', '<', new Date(now - KEEP_MS).toISOString())
				.returning('id')
				.execute(),
			rest: await trx.selectFrom('blob_upload').select('id').execute(),
		}));
		for (const { id } of old) await this.#disk.discard(id);
		const known = new Set(rest.map(({ id }) => id));
		await this.#disk.sweep(now, (id) => known.has(id));
	}

	async #requireReference(user: User, file: Announced): Promise<void> {
		if (!(await hasOrHad(this.#core, user, file.account)))
			throw new ApiError(404, 'not_found', 'There is no such account, or it is not yours.');
		const references = await referencesToBring(this.#core, user, file);
		if (references.length === 0)
			throw new ApiError(409, 'no_record', 'No attachment of this account refers to this file.');
		if (!references.some(({ isWritable }) => isWritable))
			throw new ApiError(403, 'read_only', 'This attachment is not yours to change.');
		if (!references.some(({ size }) => size === file.size))
			throw new ApiError(409, 'wrong_size', 'The attachment gives another size.');
	}

	async #write(id: string, body: AsyncIterable<Uint8Array>, range: { offset: number; size: number }): Promise<number> {
		const stop = new AbortController();
		const work = this.#disk.receive(id, until(stop.signal, body), range);
		const entry = { stop, ended: work.catch(() => undefined) };
		this.#writing.set(id, entry);
		try {
			return await work;
		} finally {
			if (this.#writing.get(id) === entry) this.#writing.delete(id);
		}
	}

	async #takeOver(id: string): Promise<void> {
		const writing = this.#writing.get(id);
		writing?.stop.abort(new ApiError(409, 'taken_over', 'A newer request goes on with this upload.'));
		await writing?.ended;
	}

	async #find(user: User, id: string): Promise<BlobUploadRow> {
		const row = await this.#as(user.id, (trx) =>
			trx.selectFrom('blob_upload').selectAll().where('id', '=', id).where('user_id', '=', user.id).executeTakeFirst(),
		);
		if (!row || !(await hasOrHad(this.#core, user, row.account_id)))
			throw new ApiError(404, 'no_upload', 'There is no such upload.');
		return { ...row, size: Number(row.size) };
	}

	async #open(user: User, file: Announced): Promise<BlobUploadRow | undefined> {
		const row = await this.#as(user.id, (trx) =>
			trx
				.selectFrom('blob_upload')
				.selectAll()
				.where('user_id', '=', user.id)
				.where('account_id', '=', file.account)
				.where('sha256', '=', file.sha256)
				.executeTakeFirst(),
		);
		return row && { ...row, size: Number(row.size) };
	}

	async #create(user: User, file: Announced): Promise<BlobUploadRow> {
		const { n } = await this.#as(user.id, (trx) =>
			trx
				.selectFrom('blob_upload')
				.select((eb) => eb.fn.countAll<number>().as('n'))
				.where('user_id', '=', user.id)
				.where('finished_at', 'is', null)
				.executeTakeFirstOrThrow(),
		);
		if (Number(n) >= this.#limits.maxOpenUploads)
			throw new ApiError(429, 'too_many', 'Too many files are under way; finish some first.');
		const at = this.#core.clock().toISOString();
		const row: BlobUploadRow = {
			id: randomUUID(),
			user_id: user.id,
			account_id: file.account,
			sha256: file.sha256,
			size: file.size,
			created_at: at,
			touched_at: at,
			finished_at: null,
		};
		await this.#as(user.id, (trx) =>
			trx
				.insertInto('blob_upload')
				.values(row)
				.onConflict((conflict) => conflict.doNothing())
				.execute(),
		);
		return (await this.#open(user, file)) ?? row;
	}

	/** True when the bytes need not come again: an account this person sees holds them, and they are on the disk. */
	async #isHere(user: User, file: Announced): Promise<boolean> {
		return (await isHeldNear(this.#core, user, file.sha256)) && (await this.#disk.sizeOf(file.sha256)) === file.size;
	}

	async #isFinished(row: BlobUploadRow): Promise<boolean> {
		return row.finished_at !== null && (await this.#disk.sizeOf(row.sha256)) === row.size;
	}

	/** Done twice it does no harm; done by two requests at once it is done once. */
	#finish(row: BlobUploadRow): Promise<void> {
		const under = this.#finishing.get(row.id);
		if (under) return under;
		const work = this.#keep(row).finally(() => this.#finishing.delete(row.id));
		this.#finishing.set(row.id, work);
		return work;
	}

	async #keep(row: BlobUploadRow): Promise<void> {
		if (!(await this.#disk.keep(row.id, row.sha256))) {
			await this.#disk.discard(row.id);
			throw new ApiError(
				460,
				'wrong_checksum',
				'The bytes are not those of the file. Nothing was kept; send it again.',
			);
		}
		this.#core.crashPoint?.('blob:before-row');
		await this.#note(row);
		this.#core.crashPoint?.('blob:after-row');
		await this.#disk.discard(row.id);
	}

	/** The account holds the file from here on. */
	async #note({ id, user_id, sha256, size, account_id }: BlobUploadRow): Promise<void> {
		const at = this.#core.clock().toISOString();
		await this.#as(user_id, async (trx) => {
			await trx
				.insertInto('blob')
				.values({ sha256, size, created_at: at })
				.onConflict((conflict) => conflict.doNothing())
				.execute();
			await trx
				.insertInto('blob_account')
				.values({ sha256, account_id })
				.onConflict((conflict) => conflict.doNothing())
				.execute();
			await trx.updateTable('blob_upload').set({ finished_at: at, touched_at: at }).where('id', '=', id).execute();
		});
	}

	/** The folder has lost a file that was there: it has to come again. */
	async #reopen({ id, user_id }: BlobUploadRow): Promise<void> {
		await this.#disk.discard(id);
		await this.#as(user_id, (trx) =>
			trx.updateTable('blob_upload').set({ finished_at: null }).where('id', '=', id).execute(),
		);
	}

	async #touch({ id, user_id }: BlobUploadRow): Promise<void> {
		const at = this.#core.clock().toISOString();
		await this.#as(user_id, (trx) =>
			trx.updateTable('blob_upload').set({ touched_at: at }).where('id', '=', id).execute(),
		);
	}

	#as<T>(user: string, work: (trx: Trx) => Promise<T>): Promise<T> {
		return inReach(this.#core.db, { user, how: 'write' }, work);
	}
}

/** The same bytes until the line is cut or somebody else takes over: then the request ends where it is. */
async function* until(signal: AbortSignal, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	const source = body[Symbol.asyncIterator]();
	const cut = () => {
		throw new ApiError(400, 'cut_short', 'The bytes stopped coming. Those that came are kept.');
	};
	const stopped = new Promise<never>((_, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason), { once: true });
	});
	stopped.catch(() => undefined);
	for (;;) {
		const next = await Promise.race([source.next().catch(cut), stopped]);
		if (next.done) return;
		yield next.value;
	}
}
