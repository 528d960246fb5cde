import { writeMeta } from '../../../db/meta.ts';
import type { Unit } from '../../../db/unit.ts';
import type { CrashPoint } from './crash-points.ts';
import { fetchAll } from './fetching/fetch-changes.ts';
import { greet } from './reaching/greet.ts';
import { type Transport, TransportError } from './reaching/transport.ts';
import type { ReceiptWriter } from './reporting/receipts.ts';
import { type LogStep, writeSyncLog } from './reporting/sync-log.ts';
import type { SendScope } from './sending/outbox-order.ts';
import { countUnsent, pruneSent } from './sending/push.ts';
import { sendAll } from './sending/send-changes.ts';
import { leaveOffice } from './session/leave.ts';
import type { Surroundings } from './surroundings.ts';
import type { LoopState, SyncSetup } from './sync-loop.ts';

/** One attempt at bringing laptop and server in step, and what it has learnt so far. */
export interface Round extends SyncSetup {
	transport: Transport;
	outside: Surroundings;
	state: LoopState;
	signal: AbortSignal;
	deviceName: string;
	/** What of the queue goes. */
	scope: SendScope;
	/** False: nothing is fetched (a metered link, or one change sent alone). */
	isFetching: boolean;
	receipt: ReceiptWriter;
	/** Bytes on the wire so far. */
	traffic: { up: number; down: number };
	steps: LogStep[];
	announce(): void;
	/** Something came through: the watchdog starts counting anew. */
	noteProgress(): void;
	crash(point: CrashPoint): void;
	/** Writes the round's last notes, also of one that was called off. */
	conclude(work: (unit: Unit) => void): Promise<void>;
	/** The server that answered the greeting. */
	epoch: string | undefined;
	/** The newest schema that server knows, and what else it can do. */
	serverSchema: number;
	features: string[];
	/** Everything up to this commit survives the loss of the server's machine; undefined: all of it. */
	durableSeq: number | undefined;
	/** The server's time. What a sent group's age is told by: a laptop's clock may be a year ahead for an hour. */
	serverNow?: string;
}

/** How long acknowledged groups are kept to refill a server that went back in time. */
const KEEP_SENT_MS = 30 * 86_400_000;

/**
 * One round: greet, send, fetch. Throws TransportError and leaves what was done done, with a receipt of it.
 */
export async function runRound(round: Round): Promise<void> {
	try {
		const order = await greet(round);
		if (order) return (await leaveOffice(round, order)) ? undefined : await conclude(round, null);
		await sendAll(round);
		const isFetched = round.isFetching && (await fetchAll(round));
		round.crash('round:done');
		await conclude(round, null, isFetched);
	} catch (error) {
		// The store may be the very thing that fails; the reason of the round's end is what must be told.
		await conclude(round, error instanceof TransportError ? error.problem : 'store').catch(() => undefined);
		throw error;
	}
}

async function conclude(round: Round, problem: LoopState['problem'], isFetched = false): Promise<void> {
	const { store } = round;
	if (!store.raw.open) return;
	await round.conclude((unit) => {
		round.receipt.finish(unit, problem);
		writeSyncLog(store, { at: unit.at, steps: round.steps, problem });
		writeMeta(store, 'clock', round.clock.last ?? null);
		round.lease.noteClock();
		if (problem !== null) return;
		if (countUnsent(store).groups === 0) writeMeta(store, 'acknowledged_at', unit.at);
		if (isFetched) writeMeta(store, 'pulled_at', unit.at);
		const now = Date.parse(round.serverNow ?? '');
		if (now > 0) pruneSent(store, new Date(now - KEEP_SENT_MS).toISOString(), round.durableSeq);
		unit.touched.add('sync_state');
	});
}
