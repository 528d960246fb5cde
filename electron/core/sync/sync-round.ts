import type { z } from 'zod';
import { readMeta, writeMeta } from '../../../db/meta.ts';
import type { Store } from '../../../db/open-store.ts';
import { type HelloReply, helloReply, PROTOCOL, pushReply, SCHEMA } from '../../../shared/sync/protocol.ts';
import { newDeviceShort, newId } from '../ids.ts';
import { fetchAll, startOver } from './fetch-changes.ts';
import { acknowledge, countUnsent, nextGroups, pruneSent, renumber, replayAfter } from './push.ts';
import type { LoopState, SyncSetup } from './sync-loop.ts';
import { type Transport, TransportError } from './transport.ts';

export interface Round extends SyncSetup {
	transport: Transport;
	state: LoopState;
	signal: AbortSignal;
	deviceName: string;
	announce(): void;
	/** The server's time. What a sent group's age is told by: a laptop's clock may be a year ahead for an hour. */
	serverNow?: string;
}

/** How long acknowledged groups are kept to refill a server that went back in time (sync.md 3.7). */
const KEEP_SENT_MS = 30 * 86_400_000;

const remote = { label: 'Received', origin: 'remote' } as const;

/** One round: greet, send everything, fetch everything. Throws TransportError and leaves what was done done. */
export async function runRound(round: Round): Promise<void> {
	await greet(round);
	await sendAll(round);
	await fetchAll(round);
	await round.dispatcher.runUnit(remote, (unit) => {
		if (countUnsent(round.store).groups === 0) writeMeta(round.store, 'acknowledged_at', unit.at);
		writeMeta(round.store, 'pulled_at', unit.at);
		writeMeta(round.store, 'clock', round.clock.last ?? null);
		const now = Date.parse(round.serverNow ?? '');
		if (now > 0) pruneSent(round.store, new Date(now - KEEP_SENT_MS).toISOString());
		unit.touched.add('sync_state');
	});
}

async function ask<S extends z.ZodType>(
	round: Round,
	path: string,
	options: { body: unknown; schema: S },
): Promise<z.output<S>> {
	const { text } = await round.transport.request(path, { body: options.body, signal: round.signal });
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		throw new TransportError('bad_reply', 'The reply is not JSON; it may have been cut short.');
	}
	const parsed = options.schema.safeParse(json);
	if (!parsed.success) throw new TransportError('bad_reply', 'The reply does not have the agreed form.');
	return parsed.data;
}

async function greet(round: Round, attempt = 0): Promise<void> {
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
	} catch (error) {
		if (attempt > 2 || !(error instanceof TransportError) || error.code !== 'short_taken') throw error;
		await round.dispatcher.exclusively(() => {
			session.deviceShort = newDeviceShort();
			writeMeta(store, 'device_short', session.deviceShort);
		});
		await greet(round, attempt + 1);
	}
}

async function heed(round: Round, reply: HelloReply): Promise<void> {
	const { store, session } = round;
	if (reply.directive === 'upgrade') throw new TransportError('upgrade', 'The server needs a newer Fieldbook.');
	round.serverNow = reply.now;
	await round.dispatcher.exclusively(() => {
		session.userId = reply.user.id;
		writeMeta(store, 'user_id', reply.user.id);
		writeMeta(store, 'user_name', reply.user.name);
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

function lastAcked(store: Store): number {
	const last = store
		.statement('SELECT max(group_no) AS no FROM outbox WHERE sent_at IS NOT NULL AND group_no > 0')
		.get() as { no: number | null };
	return last.no ?? 0;
}

/**
 * What a server that went back in time may have lost. The last group that both know goes along: if a copy of this profile
 * has meanwhile used its number, the server sees that the two differ, and none of ours is taken for the copy's.
 */
function sendAgain(store: Store, lastGroup: number): void {
	replayAfter(store, Math.max(0, Math.min(lastGroup, lastAcked(store)) - 1));
}

/** A copy of this profile has been at work: go on under a new name, so that neither swallows the other's edits. */
async function becomeNewDevice(round: Round): Promise<void> {
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

async function sendAll(round: Round): Promise<void> {
	const { store, state } = round;
	state.total = countUnsent(store).groups;
	state.done = 0;
	for (let restarts = 0; restarts < 4; ) {
		const groups = await round.dispatcher.exclusively(() => takeGroups(round));
		if (groups.length === 0) return;
		if (state.total < state.done + groups.length) state.total = state.done + groups.length;
		round.announce();
		const isAgreed = await send(round, groups, restarts > 0);
		if (isAgreed) state.done += groups.length;
		else restarts += 1;
	}
	throw new TransportError('bad_reply', 'The server keeps asking for another order of groups.');
}

/**
 * The next groups, noted as handed over: from here on the server may know them, whether or not its answer arrives. The one
 * that shows whether the server still knows us as we are goes alone.
 */
function takeGroups(round: Round) {
	const all = nextGroups(round.store);
	const groups = readMeta(round.store, 'went_back') ? all.slice(0, 1) : all;
	const last = groups.at(-1)?.no;
	if (last && last > Number(readMeta(round.store, 'sent_through') ?? 0))
		writeMeta(round.store, 'sent_through', String(last));
	return groups;
}

/** Sends groups; false when the numbering had to be agreed anew and they must be taken again. */
async function send(round: Round, groups: ReturnType<typeof nextGroups>, isAgain: boolean): Promise<boolean> {
	const body = { device: round.session.deviceId, nonce: readMeta(round.store, 'nonce') ?? '', groups };
	try {
		const reply = await ask(round, '/v1/sync/push', { body, schema: pushReply });
		await round.dispatcher.runUnit(remote, (unit) => {
			const ackedThrough = Math.min(reply.ackedThrough, groups.at(-1)?.no ?? 0);
			acknowledge(round.store, { ...reply, ackedThrough }, round.serverNow ?? unit.at);
			writeMeta(round.store, 'nonce', reply.nonce);
			writeMeta(round.store, 'went_back', null);
			unit.touched.add('outbox');
		});
		return true;
	} catch (error) {
		const code = error instanceof TransportError ? error.code : undefined;
		if (code !== 'fork' && code !== 'gap') throw error;
		// The first time it may be a server that lost its last commits, and with them the nonce it gave us.
		await (code === 'fork' && isAgain ? becomeNewDevice(round) : greet(round));
		return false;
	}
}
