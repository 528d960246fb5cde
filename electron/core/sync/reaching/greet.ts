import { readMeta, writeMeta } from '../../../../db/meta.ts';
import type { Store } from '../../../../db/open-store.ts';
import { renumber } from '../../../../db/outbox.ts';
import { type HelloReply, helloReply, type LeaveOrder, PROTOCOL, SCHEMA } from '../../../../shared/sync/protocol.ts';
import { newDeviceShort, newId } from '../../ids.ts';
import { startOver } from '../fetching/staging.ts';
import { lastAcked, replayAfter } from '../sending/push.ts';
import type { Round } from '../sync-round.ts';
import { ask } from './ask.ts';
import { TransportError } from './transport.ts';

/** Says hello and does what the server's answer asks for; returns its order to a laptop that has been put out. Throws TransportError. */
export async function greet(round: Round, attempt = 0): Promise<LeaveOrder | undefined> {
	const { store, session } = round;
	const body = {
		device: session.deviceId,
		short: session.deviceShort,
		name: round.deviceName,
		app: round.options.appVersion,
		protocol: PROTOCOL,
		schema: SCHEMA,
		lastAckedGroup: lastAcked(store),
		cursor: readMeta(store, 'cursor') ?? null,
	};
	try {
		const reply = await ask(round, '/v1/sync/hello', { body, schema: helloReply });
		await heed(round, reply);
		return reply.order;
	} catch (error) {
		if (attempt > 2 || !(error instanceof TransportError) || error.code !== 'short_taken') throw error;
		await round.dispatcher.exclusively(() => {
			session.deviceShort = newDeviceShort();
			writeMeta(store, 'device_short', session.deviceShort);
		});
		return greet(round, attempt + 1);
	}
}

async function heed(round: Round, reply: HelloReply): Promise<void> {
	const { store, session } = round;
	if (reply.directive === 'upgrade') throw new TransportError('upgrade', 'The server needs a newer Fieldbook.');
	// From here on the round speaks with this server and no other; the header said so when the answer came.
	if (reply.serverEpoch !== round.epoch)
		throw new TransportError('not_our_server', 'The answer and its mark are of two servers.');
	round.serverNow = reply.now;
	round.serverSchema = reply.schema;
	round.features = reply.features ?? [];
	round.durableSeq = reply.durableSeq;
	await round.dispatcher.exclusively(() => {
		session.userId = reply.user.id;
		writeMeta(store, 'user_id', reply.user.id);
		writeMeta(store, 'user_name', reply.user.name);
		// An order is proved by the ticket this laptop had; one that comes with a new ticket proves nothing.
		if (!reply.order || readMeta(store, 'ticket') === undefined) writeMeta(store, 'ticket', reply.ticket ?? null);
		if (!reply.order) round.lease.noteContact(reply.leaseDays ?? 0);
		writeMeta(store, 'server_schema', String(reply.schema));
		writeMeta(store, 'server_features', JSON.stringify(round.features));
		// Pushed under our name without our knowing: the answer was lost, or it was a copy of this profile.
		const isForeign = (readMeta(store, 'nonce') ?? reply.nonce) !== reply.nonce;
		writeMeta(store, 'nonce', reply.nonce);
		// Another epoch is a server restored from a backup, or another one: its cursor means nothing to us.
		const isOther = readMeta(store, 'server_epoch') !== reply.serverEpoch;
		if (reply.directive === 'rebootstrap' || isOther) startOver(store);
		writeMeta(store, 'server_epoch', reply.serverEpoch);
		if (isOther || isForeign || reply.directive === 'replay' || reply.directive === 'rebootstrap')
			writeMeta(store, 'went_back', '1');
		if (readMeta(store, 'went_back')) sendAgain(store, reply.lastGroup);
		// Groups the server has counted but whose answer was lost on the way need no second journey; the push would skip them.
	});
	if (reply.directive === 'fork') await becomeNewDevice(round);
}

/**
 * What a server that went back in time may have lost. The last group that both know goes along: if a copy of this profile
 * has meanwhile used its number, the server sees that the two differ, and none of ours is taken for the copy's.
 */
function sendAgain(store: Store, lastGroup: number): void {
	replayAfter(store, Math.max(0, Math.min(lastGroup, lastAcked(store)) - 1));
}

/** A copy of this profile has been at work: go on under a new name, so that neither swallows the other's edits. */
export async function becomeNewDevice(round: Round): Promise<void> {
	await round.dispatcher.exclusively(() => {
		round.session.deviceId = newId();
		round.session.deviceShort = newDeviceShort();
		writeMeta(round.store, 'device_id', round.session.deviceId);
		writeMeta(round.store, 'device_short', round.session.deviceShort);
		// The copy's groups may stand where the server has lost ours: all of them go again. Those it has it will know.
		if (readMeta(round.store, 'went_back')) replayAfter(round.store, 0);
		renumber(round.store);
	});
	await greet(round);
}
