import { readMeta, writeMeta } from '../../../../db/meta.ts';
import { type Group, LIMITS, pushReply } from '../../../../shared/sync/protocol.ts';
import { ask } from '../reaching/ask.ts';
import { becomeNewDevice, greet } from '../reaching/greet.ts';
import { TransportError } from '../reaching/transport.ts';
import type { Round } from '../sync-round.ts';
import { acknowledge, countUnsent, takeGroups } from './push.ts';

const remote = { label: 'Received', origin: 'remote' } as const;

/** Operations in one push on a network that carries hardly anything. */
const FEWEST_OPS = 20;

/** Sends what the round is for, a push at a time; returns how many groups went. Throws TransportError and leaves what was done done. */
export async function sendAll(round: Round): Promise<number> {
	const { store, state } = round;
	state.total = countUnsent(store).groups;
	state.done = 0;
	for (let restarts = 0; restarts < 4; ) {
		const groups = await round.dispatcher.exclusively(() => takeNext(round));
		if (groups.length === 0) return state.done;
		round.crash('push:built');
		if (state.total < state.done + groups.length) state.total = state.done + groups.length;
		round.announce();
		const isAgreed = await send(round, groups, restarts > 0);
		if (isAgreed) state.done += groups.length;
		else restarts += 1;
	}
	throw new TransportError('bad_reply', 'The server keeps asking for another order of groups.');
}

/** The next groups. The one that shows whether a server that went back still knows us as we are goes alone. */
function takeNext({ store, state, scope, serverSchema }: Round): Group[] {
	const size = { ops: state.opsPerPush, scope, schema: serverSchema };
	return takeGroups(store, readMeta(store, 'went_back') ? { ...size, groups: 1 } : size);
}

/** Sends groups; false when the numbering had to be agreed anew and they must be taken again. */
async function send(round: Round, groups: Group[], isAgain: boolean): Promise<boolean> {
	const body = { device: round.session.deviceId, nonce: readMeta(round.store, 'nonce') ?? '', groups };
	try {
		const reply = await ask(round, '/v1/sync/push', { body, schema: pushReply });
		round.crash('push:sent');
		await round.dispatcher.runUnit(remote, (unit) => {
			const ackedThrough = Math.min(reply.ackedThrough, groups.at(-1)?.no ?? 0);
			const settled = acknowledge(round.store, { ...reply, ackedThrough }, round.serverNow ?? unit.at);
			round.receipt.noteSettled(unit, settled);
			writeMeta(round.store, 'nonce', reply.nonce);
			writeMeta(round.store, 'went_back', null);
			unit.touched.add('outbox');
			round.crash('ack:before');
		});
		round.crash('ack:after');
		round.state.seenThrough = Math.max(round.state.seenThrough, reply.seq);
		growPush(round);
		return true;
	} catch (error) {
		const code = error instanceof TransportError ? error.code : undefined;
		if (code !== 'fork' && code !== 'gap') {
			if (error instanceof TransportError && error.problem === 'unreachable') shrinkPush(round);
			throw error;
		}
		// The first time it may be a server that lost its last commits, and with them the nonce it gave us.
		await (code === 'fork' && isAgain ? becomeNewDevice(round) : greet(round));
		return false;
	}
}

/** A push that did not get through is tried at half the size: a hotel's network may carry that. */
function shrinkPush({ state }: Round): void {
	state.opsPerPush = Math.max(FEWEST_OPS, Math.floor(state.opsPerPush / 2));
	state.goodPushes = 0;
}

function growPush({ state }: Round): void {
	state.goodPushes += 1;
	if (state.goodPushes < 2) return;
	state.opsPerPush = Math.min(LIMITS.opsPerPush, state.opsPerPush * 2);
	state.goodPushes = 0;
}
