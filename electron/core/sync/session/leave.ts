import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { readMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import { type LeaveOrder, leaveOrder } from '../../../../shared/sync/protocol.ts';
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
 * follows when nothing is. Throws TransportError; the next round goes on from there.
 */
export async function leaveOffice(round: Round, order: LeaveOrder): Promise<void> {
	proveOrder(round, order);
	let said = order;
	if (order.kind === 'push-only') {
		await sendAll({ ...round, scope: 'all' });
		const body = { device: round.session.deviceId, unsent: countLeft(round.store) };
		({ order: said } = await ask(round, '/v1/sync/leave', { body, schema: reply }));
		proveOrder(round, said);
	}
	if (said.kind !== 'wipe') return;
	const ticket = readMeta(round.store, 'ticket') ?? '';
	round.obey({
		confirm: {
			path: '/v1/sync/leave',
			authorization: `Device ${round.session.deviceId}:${ticket}`,
			body: JSON.stringify({ device: round.session.deviceId, unsent: 0, wiped: true }),
		},
	});
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
