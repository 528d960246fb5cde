import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type HelloReply, helloRequest, PROTOCOL, SCHEMA } from '../../shared/sync/protocol.ts';
import { nextVersion } from '../../shared/sync/version.ts';
import { ApiError } from '../api-error.ts';
import { nameOf } from '../people.ts';
import { noteEvent } from '../security/audit-event.ts';
import { orderFor, ticketOf } from '../security/departure.ts';
import { inReach } from '../store/reach.ts';
import type { DeviceRow } from '../store/tables.ts';
import { nextSeq, type Trx } from '../store/transaction.ts';
import { insertRecords, updateRecords } from '../store/write-rows.ts';
import { accessOf } from './access.ts';
import { isPlainText } from './check-op.ts';
import type { Place } from './cursor.ts';
import { readPlace } from './pull.ts';
import { newRecord, writeRecord } from './record-state.ts';
import { SERVER_SHORT } from './server-short.ts';
import { knownAccounts, type SyncCore, type User } from './sync-core.ts';

type Hello = z.infer<typeof helloRequest>;

/**
 * Greets a device: registers it when new, and tells it whether the server lost groups (`replay`), whether its cursor
 * is of no use here (`rebootstrap`), or that it speaks another protocol (`upgrade`).
 * Throws ApiError 400 `bad_request`, 403 `no_access` for another user's device, 409 `short_taken`.
 */
export async function hello(core: SyncCore, user: User, body: unknown): Promise<HelloReply> {
	const base = {
		serverEpoch: core.epoch,
		protocol: PROTOCOL,
		schema: SCHEMA,
		now: core.clock().toISOString(),
		leaseDays: core.leaseDays,
		features: [...core.features],
		durableSeq: core.durableSeq?.(),
	};
	// Asked first, because a request of another protocol need not have the form this one knows.
	const spoken = z.object({ protocol: z.int() }).safeParse(body);
	if (spoken.success && spoken.data.protocol !== PROTOCOL)
		return {
			...base,
			user: await inReach(core.db, { user: user.id, how: 'read' }, (trx) => named(trx, user)),
			lastGroup: 0,
			nonce: '',
			directive: 'upgrade',
		};
	const parsed = helloRequest.safeParse(body);
	if (!parsed.success || !isPlainText(parsed.data.device))
		throw new ApiError(400, 'bad_request', 'The body is not a hello.');
	const request = parsed.data;
	const reply = await inReach(core.db, { user: user.id, how: 'write' }, async (trx) => {
		const seen = await readSeen(core, trx, { user, request });
		const device = await greetDevice(trx, request, { user, now: core.clock(), seenSeq: seen?.seq ?? 0 });
		const lastGroup = Number(device.last_group);
		await noteSession(trx, device.id, { user, now: core.clock() });
		const order = await orderFor(core, trx, device.id);
		const said = {
			...base,
			user: await named(trx, user),
			ticket: ticketOf(core, device.id),
			...(order ? { order } : {}),
		};
		core.crashPoint?.('hello:before-commit');
		return { ...said, lastGroup, nonce: device.nonce, directive: directiveFor(request, lastGroup, seen) };
	});
	core.crashPoint?.('hello:after-commit');
	return reply;
}

async function named(trx: Trx, { id }: User): Promise<HelloReply['user']> {
	return { id, name: await nameOf(trx, id) };
}

/** Remembers whose session this laptop's tokens are of, so that they end with it. */
async function noteSession(trx: Trx, device: string, { user, now }: { user: User; now: Date }): Promise<void> {
	if (!user.session) return;
	const seen = { device, seen_at: now.toISOString() };
	await trx
		.insertInto('device_session')
		.values({ sid: user.session, ...seen })
		.onConflict((conflict) => conflict.column('sid').doUpdateSet(seen))
		.execute();
}

/** Lost groups first: what is pulled before they are back would be the older state. */
function directiveFor(request: Hello, lastGroup: number, seen: Place | undefined): HelloReply['directive'] {
	if (lastGroup < request.lastAckedGroup) return 'replay';
	return request.cursor !== null && !seen ? 'rebootstrap' : 'ok';
}

/** The place the laptop's cursor stands for; undefined when there is none or it is of no use here, as when it is ahead of a store that was put back. */
async function readSeen(
	core: SyncCore,
	trx: Trx,
	{ user, request }: { user: User; request: Hello },
): Promise<Place | undefined> {
	if (request.cursor === null) return undefined;
	const access = await accessOf(trx, user.id);
	const accounts = request.schema > 1 ? undefined : knownAccounts(access);
	return readPlace(trx, request.cursor, {
		scope: { epoch: core.epoch, user: user.id, accounts },
		access,
		key: core.cursorKey,
	});
}

interface Greeting {
	user: User;
	now: Date;
	seenSeq: number;
}

async function greetDevice(trx: Trx, request: Hello, by: Greeting): Promise<DeviceRow> {
	const name = request.name.replaceAll('\0', '').toWellFormed();
	const known = await trx
		.selectFrom('device')
		.selectAll()
		.where('id', '=', request.device)
		.forUpdate()
		.executeTakeFirst();
	// A laptop that was never here has nothing to hand in.
	if (!known && by.user.isLeaving) throw new ApiError(401, 'revoked', 'The access of this person has ended.');
	if (!known) return registerDevice(trx, { ...request, name }, by);
	if (known.user_id !== by.user.id) throw new ApiError(403, 'no_access', 'This device belongs to another user.');
	if (known.short !== request.short) throw new ApiError(409, 'short_taken', 'This device has another short name here.');
	await trx
		.updateTable('device')
		.set({ name, schema: request.schema, seen_seq: by.seenSeq, last_seen_at: by.now.toISOString() })
		.where('id', '=', known.id)
		.execute();
	if (known.name !== name) await publishDevice(trx, { ...known, name }, by.now);
	return known;
}

async function registerDevice(trx: Trx, request: Hello, by: Greeting): Promise<DeviceRow> {
	const taken = await trx.selectFrom('device').select('id').where('short', '=', request.short).executeTakeFirst();
	if (taken || request.short === SERVER_SHORT)
		throw new ApiError(409, 'short_taken', 'Another device has this short name.');
	const at = by.now.toISOString();
	const device: DeviceRow = {
		id: request.device,
		short: request.short,
		user_id: by.user.id,
		name: request.name,
		last_group: 0,
		nonce: randomUUID(),
		previous_nonce: null,
		seen_seq: by.seenSeq,
		created_at: at,
		last_seen_at: at,
		schema: request.schema,
	};
	await trx.insertInto('device').values(device).execute();
	const seq = await publishDevice(trx, device, by.now);
	const { id, user_id: value } = device;
	await noteEvent(trx, { entity: 'device', id, what: '@registered', value, by: value, at: by.now }, seq);
	return device;
}

/** Lets every laptop know whose versions end in this short name. Returns the commit. */
async function publishDevice(trx: Trx, device: DeviceRow, now: Date): Promise<number> {
	const version = nextVersion(undefined, now.getTime(), SERVER_SHORT);
	const record = newRecord('device', device.id, {
		data: { short: device.short, user_id: device.user_id, name: device.name },
		versions: { '*': version },
		createdAt: device.created_at,
		createdBy: device.user_id,
	});
	const seq = await nextSeq(trx);
	const row = writeRecord(record, seq, 0);
	const found = await trx
		.selectFrom('record')
		.select('id')
		.where('entity', '=', 'device')
		.where('id', '=', device.id)
		.executeTakeFirst();
	await (found ? updateRecords : insertRecords)(trx, [row]);
	return seq;
}
