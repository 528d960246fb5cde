import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { readMeta, writeMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import { type LeaveOrder, leaveOrder } from '../../../../shared/sync/protocol.ts';
import { LEAVING } from '../../stopped.ts';
import { ask } from '../reaching/ask.ts';
import { TransportError } from '../reaching/transport.ts';
import { countUnsent } from '../sending/push.ts';
import { sendAll } from '../sending/send-changes.ts';
import type { Round } from '../sync-round.ts';

/** This laptop has been put out, and everything it held to send has been taken over: what it holds is to be destroyed. */
export interface Departure {
	/** What tells the server that it was done. */
	confirm: { path: string; authorization: string; body: string };
}

const reply = z.object({ order: leaveOrder });

/**
 * Hands in what is unsent, says how much is left (files go by themselves, meanwhile and later), and obeys the order that
 * follows when nothing is; true when it did. From the moment that nothing is left nothing more is written, unless the
 * office cannot be told so. Throws TransportError; the next round goes on from there.
 */
export async function leaveOffice(round: Round, order: LeaveOrder): Promise<boolean> {
	proveOrder(round, order);
	if (order.kind === 'wipe') return obey(round);
	await sendAll({ ...round, scope: 'all' });
	const unsent = await round.dispatcher.alone(() => {
		const left = countLeft(round.store);
		if (left === 0) round.dispatcher.stopWriting(LEAVING);
		return left;
	});
	try {
		const body = { device: round.session.deviceId, unsent };
		const { order: said } = await ask(round, '/v1/sync/leave', { body, schema: reply });
		proveOrder(round, said);
		if (said.kind === 'wipe') return await obey(round);
	} catch (error) {
		round.dispatcher.goOnWriting();
		throw error;
	}
	round.dispatcher.goOnWriting();
	return false;
}

/** What is left of the way is noted first: it is gone to its end whatever stops this run of the program. */
async function obey(round: Round): Promise<true> {
	const { dispatcher, session, store } = round;
	const departure: Departure = {
		confirm: {
			path: '/v1/sync/leave',
			authorization: `Device ${session.deviceId}:${readMeta(store, 'ticket') ?? ''}`,
			body: JSON.stringify({ device: session.deviceId, unsent: 0, wiped: true }),
		},
	};
	await dispatcher.alone(() => {
		dispatcher.stopWriting(LEAVING);
		writeMeta(store, 'departure', JSON.stringify(departure));
	});
	round.obey(departure);
	return true;
}

/** The departure that an earlier run of the program did not bring to its end. */
export function readDeparture(store: Store): Departure | undefined {
	const text = readMeta(store, 'departure');
	return text === undefined ? undefined : (JSON.parse(text) as Departure);
}

/** Only the server that gave this laptop its ticket can order it to go. */
function proveOrder({ store, session }: Round, { kind, device, at, mac }: LeaveOrder): void {
	const own = createHmac('sha256', readMeta(store, 'ticket') ?? '').update(`${kind} ${device} ${at}`);
	const wanted = Buffer.from(own.digest('hex'));
	const shown = Buffer.from(mac);
	const isTrue = wanted.length === shown.length && timingSafeEqual(wanted, shown);
	if (!isTrue || device !== session.deviceId)
		throw new TransportError('not_our_server', 'An order to leave that is not our server’s.');
}

function countLeft(store: Store): number {
	const files = store.statement("SELECT count(*) FROM blob_queue WHERE direction = 'up'").pluck().get() as number;
	return countUnsent(store).groups + files;
}
