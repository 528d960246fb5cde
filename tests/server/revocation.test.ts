import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addIdentities, addLogins } from '../../server/people.ts';
import { type DeviceSession, revoke } from '../../server/security/revoke.ts';
import type { LeaveOrder } from '../../shared/sync/protocol.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';
import { ISSUER, TestIssuer } from '../support/test-issuer.ts';

let server: TestServer;
let issuer: TestIssuer;
let now: Date;
let sam: RawDevice;

beforeEach(async () => {
	now = new Date('2026-11-23T08:00:00Z');
	issuer = await TestIssuer.start();
	server = await startTestServer({ records: syncRecords, clock: () => now, signIn: issuer.signIn() });
	await server.store.db.transaction().execute(async (trx) => {
		const people = { 'subject-sam': 'u-sam', 'subject-manager': 'u-manager', 'subject-admin': 'u-specialist' };
		const identities = Object.entries(people).map(([subject, userId]) => ({ issuer: ISSUER, subject, userId }));
		await addIdentities(trx, identities, now);
		await addLogins(trx, [{ userId: 'u-sam', accounts: [], reportsTo: 'u-manager' }], now);
	});
	sam = new RawDevice(server.url, await issuer.token({ sid: 'session-1' }), 'aaaaaaaa');
	sam.clockMs = () => now.getTime();
	await sam.hello();
});
afterEach(() => server.stop());

const put = (subject: { user: string } | { device: string }, revoked = true) =>
	revoke(server.store.db, { subject, revoked, by: null }, now);

const edit = (device: RawDevice, id: string) =>
	device.group([{ k: 'create', t: 'issue', id, hlc: device.hlc(), v: issueValues('a-1') }]);

async function leave(device: RawDevice, said: object, headers: Record<string, string> = {}) {
	const answer = await device.request<{ order?: LeaveOrder; error?: { code: string } }>(
		'/v1/sync/leave',
		{ device: device.device, ...said },
		headers,
	);
	return { status: answer.status, order: answer.body.order, code: answer.body.error?.code };
}

async function statusOf(device: RawDevice, path: string): Promise<number> {
	return (await device.request(path)).status;
}

test('a person who was put out hands in their work first and is told to go then; every other door is shut', async () => {
	const { body: before } = await sam.hello();
	expect(before.order).toBeUndefined();
	await put({ user: 'u-sam' });
	for (const path of ['/v1/sync/pull', '/v1/sync/poke', '/v1/sync/digest?account=a-1', '/v1/sessions'])
		expect([path, await statusOf(sam, path)]).toEqual([path, 401]);
	const { body } = await sam.hello();
	expect(body.order).toMatchObject({ kind: 'push-only', device: sam.device });
	expect(await leave(sam, { unsent: 2 })).toMatchObject({ status: 200, order: { kind: 'push-only' } });
	expect((await sam.send([edit(sam, 'i-91')])).status).toBe(200);
	expect((await sam.send([edit(sam, 'i-92')])).status).toBe(200);
	const { order } = await leave(sam, { unsent: 0 });
	expect(order?.kind).toBe('wipe');
	const mac = createHmac('sha256', before.ticket ?? '').update(`wipe ${sam.device} ${order?.at}`);
	expect(order?.mac).toBe(mac.digest('hex'));
	const { records } = await server.serverTables();
	expect(records['issue i-91']).toBeDefined();
	expect(records['issue i-92']).toBeDefined();
	// The order may not have been heard, and the laptop worked on since: that too is taken over first.
	expect((await sam.hello()).body.order?.kind).toBe('push-only');
	expect((await sam.send([edit(sam, 'i-93')])).status).toBe(200);
	expect((await leave(sam, { unsent: 0 })).order?.kind).toBe('wipe');
	expect((await server.serverTables()).records['issue i-93']).toBeDefined();
	expect((await leave(sam, { unsent: 0, wiped: true })).status).toBe(200);
	// From a laptop that says it holds nothing any more, nothing is taken.
	expect((await sam.hello()).body.order?.kind).toBe('wipe');
	expect((await sam.send([edit(sam, 'i-94')])).status).toBe(401);
	expect((await server.serverTables()).records['issue i-94']).toBeUndefined();
	expect(await states('u-sam')).toEqual(['wiped']);
});

test('a laptop without any token left shows its ticket, which opens nothing while it may stay', async () => {
	const { body } = await sam.hello();
	const headers = { authorization: `Device ${sam.device}:${body.ticket}` };
	const hello = {
		device: sam.device,
		short: sam.short,
		name: 'x',
		app: '1',
		protocol: 1,
		schema: 2,
		lastAckedGroup: 0,
		cursor: null,
	};
	expect((await sam.request('/v1/sync/hello', hello, headers)).status).toBe(401);
	await put({ user: 'u-sam' });
	const greeted = await sam.request<{ order: LeaveOrder; nonce: string }>('/v1/sync/hello', hello, headers);
	expect(greeted.body.order.kind).toBe('push-only');
	const groups = [edit(sam, 'i-94')];
	const pushed = await sam.request('/v1/sync/push', { device: sam.device, nonce: greeted.body.nonce, groups }, headers);
	expect(pushed.status).toBe(200);
	expect((await sam.request('/v1/sync/pull', undefined, headers)).status).toBe(401);
	expect((await sam.request('/v1/sessions', undefined, headers)).status).toBe(401);
	const wrong = { authorization: `Device ${sam.device}:${'0'.repeat(64)}` };
	expect((await sam.request('/v1/sync/hello', hello, wrong)).status).toBe(401);
});

test('one laptop of two is put out: its session ends with it, the other works on', async () => {
	const other = new RawDevice(server.url, await issuer.token({ sid: 'session-2' }), 'cccccccc');
	await other.hello();
	await put({ device: sam.device });
	expect(await statusOf(sam, '/v1/sync/pull')).toBe(401);
	expect((await sam.hello()).body.order?.kind).toBe('push-only');
	expect(await statusOf(other, '/v1/sync/pull')).toBe(200);
	expect((await other.hello()).body.order).toBeUndefined();
	expect(await leave(other, { unsent: 0 })).toMatchObject({ status: 409, code: 'not_leaving' });
});

test('a laptop that always has more to send is told to go after a week; one that was out of reach meanwhile is not', async () => {
	await put({ device: sam.device });
	await sam.hello();
	now = new Date(now.getTime() + 8 * 86_400_000);
	const later = new RawDevice(server.url, await issuer.token({ sid: 'session-1' }), 'aaaaaaaa');
	later.clockMs = () => now.getTime();
	expect((await later.hello()).body.order?.kind).toBe('push-only');
	expect((await later.send([edit(later, 'i-96')])).status).toBe(200);
	for (let n = 0; n < 100; n++) await later.hello();
	expect((await later.hello()).body.order?.kind).toBe('wipe');
	expect((await later.send([edit(later, 'i-97')])).status).toBe(401);
	expect((await leave(later, { unsent: 5 })).order?.kind).toBe('wipe');
});

test('who was put out by mistake comes in again', async () => {
	await put({ user: 'u-sam' });
	await sam.hello();
	await put({ user: 'u-sam' }, false);
	expect((await sam.hello()).body.order).toBeUndefined();
	expect(await statusOf(sam, '/v1/sync/pull')).toBe(200);
	expect((await sam.send([edit(sam, 'i-95')])).status).toBe(200);
});

test('who was told to go, did not hear it and is let in again works on', async () => {
	await put({ user: 'u-sam' });
	await sam.hello();
	await leave(sam, { unsent: 0 });
	await put({ user: 'u-sam' }, false);
	expect((await sam.hello()).body.order).toBeUndefined();
	expect((await sam.send([edit(sam, 'i-97')])).status).toBe(200);
});

test('the audit says who was put out by whom, and how far their laptop came', async () => {
	await put({ user: 'u-sam' });
	await put({ user: 'u-sam' });
	await sam.hello();
	await leave(sam, { unsent: 0 });
	await leave(sam, { unsent: 0, wiped: true });
	await put({ user: 'u-sam' }, false);
	const rows = await server.store.db
		.selectFrom('field_history')
		.selectAll()
		.where('field', 'like', '@%')
		.where('row_id', 'in', ['u-sam', sam.device])
		.orderBy('line')
		.execute();
	expect(rows.map(({ entity, field, value, by_user }) => [entity, field, value, by_user])).toEqual([
		['device', '@registered', 'u-sam', 'u-sam'],
		['app_user', '@revoked', true, null],
		['device', '@told_to_go', { unsent: 0 }, 'u-sam'],
		['device', '@wiped', true, 'u-sam'],
		['app_user', '@revoked', false, null],
	]);
});

test('who may put whom out', async () => {
	const token = async (sub: string, roles: string[] = []) =>
		new RawDevice(server.url, await issuer.token({ sub, roles }), 'dddddddd');
	const ask = async (device: RawDevice, body: object) => (await device.request('/v1/admin/revoke', body)).status;
	const colleague = await token('subject-admin');
	expect(await ask(colleague, { user: 'u-sam' })).toBe(403);
	expect(await ask(colleague, { user: 'u-nobody' })).toBe(403);
	expect(await ask(colleague, { device: sam.device })).toBe(403);
	expect(await ask(sam, { user: 'u-sam' })).toBe(403);
	const manager = await token('subject-manager');
	expect(await ask(manager, { user: 'u-specialist' })).toBe(403);
	expect(await ask(manager, { user: 'u-sam' })).toBe(200);
	expect(await ask(manager, { user: 'u-sam', revoked: false })).toBe(200);
	const administrator = await token('subject-admin', ['fieldbook-admin']);
	expect(await ask(administrator, { user: 'u-nobody' })).toBe(404);
	expect(await ask(administrator, { user: 'u-sam', extra: 1 })).toBe(400);
	expect(await ask(administrator, { device: sam.device })).toBe(200);
});

test('a person sees their laptops and ends a lost one; others see nothing of it', async () => {
	const { body } = await sam.request<{ sessions: DeviceSession[] }>('/v1/sessions');
	expect(body.sessions).toMatchObject([{ device: sam.device, name: 'Laptop aaaaaaaa', state: 'open' }]);
	const colleague = new RawDevice(server.url, await issuer.token({ sub: 'subject-admin' }), 'dddddddd');
	expect(await statusOf(colleague, '/v1/sessions?user=u-sam')).toBe(403);
	expect((await colleague.request('/v1/sessions/end', { device: sam.device })).status).toBe(403);
	expect((await colleague.request('/v1/sessions/end', { device: 'device-nobody' })).status).toBe(403);
	const second = new RawDevice(server.url, await issuer.token({ sid: 'session-2' }), 'cccccccc');
	expect((await second.request('/v1/sessions/end', { device: sam.device })).status).toBe(200);
	expect(await states('u-sam')).toEqual(['ended']);
	expect(await statusOf(sam, '/v1/sync/pull')).toBe(401);
	await sam.hello();
	expect(await states('u-sam')).toEqual(['asked']);
});

test('a stream of pokes ends with the token it was opened with', async () => {
	now = new Date();
	const token = await issuer.token({ exp: Math.floor(Date.now() / 1000) + 1 });
	const reply = await fetch(`${server.url}/v1/sync/poke`, { headers: { authorization: `Bearer ${token}` } });
	expect(reply.status).toBe(200);
	const started = Date.now();
	await reply.text();
	expect(Date.now() - started).toBeLessThan(5000);
});

async function states(user: string): Promise<string[]> {
	const administrator = new RawDevice(
		server.url,
		await issuer.token({ sub: 'subject-admin', roles: ['fieldbook-admin'] }),
		'eeeeeeee',
	);
	const { body } = await administrator.request<{ sessions: DeviceSession[] }>(`/v1/sessions?user=${user}`);
	return body.sessions.map(({ state }) => state);
}
