import type { Client } from 'pg';
import { COMMIT_CHANNEL, seqInNote } from './transaction.ts';

/** A connection that broke is tried again after this long, then twice as long each time up to the most. */
const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 30_000;

/** Named in pg_locks while a server watches a store; `--restore` wants to be alone. The second half is the schema's. */
export const SERVING_LOCK = 7_301_965;

/**
 * Hears of every commit on a connection of its own, which is opened again when it breaks; what may have been missed
 * meanwhile counts as one commit. While it stands, no other process can restore the store.
 * Throws when the first connection fails, or when the store is being restored.
 */
export async function watchPostgres(
	connect: () => Client,
	listener: (seq: number) => void,
): Promise<() => Promise<void>> {
	let isOver = false;
	let retry: NodeJS.Timeout | undefined;
	let client = await listen(connect(), listener);
	const onBroken = (waitMs: number) => {
		if (isOver) return;
		retry = setTimeout(() => {
			listen(connect(), listener).then(
				(next) => {
					if (isOver) return void next.end();
					client = next;
					client.once('end', () => onBroken(FIRST_WAIT_MS));
					listener(Number.MAX_SAFE_INTEGER);
				},
				() => onBroken(Math.min(waitMs * 2, MOST_WAIT_MS)),
			);
		}, waitMs);
		retry.unref();
	};
	client.once('end', () => onBroken(FIRST_WAIT_MS));
	return async () => {
		isOver = true;
		clearTimeout(retry);
		await client.end().catch(() => undefined);
	};
}

async function listen(client: Client, listener: (seq: number) => void): Promise<Client> {
	// The end that follows is what counts; without a listener it would end the process.
	client.on('error', () => undefined);
	await client.connect();
	try {
		const { rows } = await client.query<{ schema: string; alone: boolean }>(
			'select current_schema() as schema, pg_try_advisory_lock_shared($1, hashtext(current_schema())) as alone',
			[SERVING_LOCK],
		);
		if (!rows[0]?.alone) throw new Error('The store is being restored. Start the server when that is done.');
		client.on('notification', ({ payload = '' }) => {
			if (payload.startsWith(`${rows[0]?.schema} `)) listener(seqInNote(payload));
		});
		await client.query(`listen ${COMMIT_CHANNEL}`);
		return client;
	} catch (error) {
		await client.end();
		throw error;
	}
}
