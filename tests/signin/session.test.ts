import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMeta, writeMeta } from '../../db/meta.ts';
import type { Departure } from '../../electron/core/sync/session/leave.ts';
import { signIn } from '../../electron/main/sign-in/sign-in.ts';
import { type OwnIssuer, startIssuer } from '../../server/issuer/issuer.ts';
import { addIdentities } from '../../server/people.ts';
import { tokenVerifier } from '../../server/security/access-token.ts';
import { revoke } from '../../server/security/revoke.ts';
import type { SignedIn } from '../../shared/contract/session.ts';
import { startCore, type TestCore } from '../support/core.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { syncRecords } from '../support/sync-records.ts';
import { TestBrowser } from './browser.ts';

const DAY_MS = 86_400_000;

let server: TestServer;
let issuer: OwnIssuer;
let laptop: TestCore;
/** Days that the laptop's clock is ahead. */
let days: number;
/** What stands between the laptop and the world. */
let way: typeof fetch;

beforeEach(async () => {
	days = 0;
	way = fetch;
	issuer = await startIssuer({
		people: ['u-sam', 'u-specialist'].map((id) => ({ id, name: id, role: '' })),
		isOut: async (id) => {
			const rows = await server.store.db.selectFrom('revoked_user').select('user_id').execute();
			return rows.some((row) => row.user_id === id);
		},
	});
	server = await startTestServer({
		records: syncRecords,
		signIn: { verify: tokenVerifier(issuer, { fetch, now: Date.now }), place: issuer },
	});
	await server.store.db.transaction().execute((trx) => {
		const identities = ['u-sam', 'u-specialist'].map((id) => ({ issuer: issuer.issuer, subject: id, userId: id }));
		return addIdentities(trx, identities, new Date());
	});
	laptop = await startCore({
		userId: 'u-sam',
		server: { url: server.url },
		now: () => new Date(Date.now() + days * DAY_MS),
		surroundings: {
			now: () => Date.now(),
			random: () => 0.5,
			after: (ms, work) => {
				const timer = setTimeout(work, ms);
				return () => clearTimeout(timer);
			},
			fetch: (input, init) => way(input, init),
		},
	});
});
afterEach(async () => {
	await laptop.stop();
	await issuer.close();
	await server.stop();
});

async function signedInAs(person: string): Promise<SignedIn> {
	const place = await laptop.ok('session.place', {});
	const opened = Promise.withResolvers<string>();
	const openBrowser = (url: string) => {
		opened.resolve(url);
		return true;
	};
	const done = signIn({ place, openBrowser, signal: new AbortController().signal });
	await new TestBrowser().signIn(await opened.promise, person);
	return done;
}

const signInAs = async (person: string) => laptop.core.signIn(await signedInAs(person));
const sync = () => laptop.ok('sync.now', {});
const meta = (key: Parameters<typeof readMeta>[1]) => readMeta(laptop.core.store, key);

async function newIssue(title: string): Promise<void> {
	await laptop.ok('issues.create', { account_id: 'a-1', title });
}

/** The access token has ended: the next request needs a new one. */
const outlive = () => {
	days += 0.01;
};
const isToken = (input: Parameters<typeof fetch>[0]) => String(input).endsWith('/token');

test('signed in by the browser, the laptop syncs; the refresh token is in the store and in no answer to a window', async () => {
	expect((await sync()).problem).toBe('signed_out');
	expect((await laptop.ok('session.status', {})).state).toBe('signed_out');
	expect(await signInAs('u-sam')).toBe(true);
	const status = await sync();
	expect([status.state, status.problem]).toEqual(['acknowledged', null]);
	const session = await laptop.ok('session.status', {});
	expect(session).toMatchObject({ state: 'signed_in', name: expect.any(String) });
	const { refreshToken } = JSON.parse(meta('session') ?? '') as { refreshToken: string };
	for (const method of ['session.status', 'sync.status', 'app.info', 'session.place'] as const)
		expect(JSON.stringify(await laptop.ok(method, {}))).not.toContain(refreshToken);
});

test('the token is renewed when it has ended, and the new refresh token is stored first', async () => {
	await signInAs('u-sam');
	const before = meta('session');
	outlive();
	expect((await sync()).problem).toBeNull();
	expect(meta('session')).not.toBe(before);
});

test('a lost answer does not sign the traveller out: the token before is good until its successor was used', async () => {
	await signInAs('u-sam');
	for (let times = 0; times < 3; times++) {
		outlive();
		way = async (input, init) => {
			const reply = await fetch(input, init);
			if (isToken(input)) throw new TypeError('fetch failed');
			return reply;
		};
		expect((await sync()).problem).toBe('unreachable');
		expect((await laptop.ok('session.status', {})).state).toBe('signed_in');
	}
	way = fetch;
	expect((await sync()).problem).toBeNull();
	outlive();
	expect((await sync()).problem).toBeNull();
});

test('1,000 crashes between the answer and the store leave the traveller signed in', async () => {
	const { refreshTokenGrant, discovery, allowInsecureRequests, None } = await import('openid-client');
	const configuration = await discovery(new URL(issuer.issuer), issuer.clientId, undefined, None(), {
		execute: [allowInsecureRequests],
	});
	let { refreshToken: kept } = await signedInAs('u-sam');
	let random = 7;
	for (let n = 0; n < 1000; n++) {
		const reply = await refreshTokenGrant(configuration, kept);
		random = (random * 48_271) % 2_147_483_647;
		// A crash: what came is gone, the next start has the one before.
		const isCrash = random % 2 === 0;
		if (!isCrash) kept = reply.refresh_token ?? '';
	}
	await expect(refreshTokenGrant(configuration, kept)).resolves.toBeDefined();
}, 60_000);

test('a copied refresh token is noticed: whoever uses the old one after its successor ends the session for both', async () => {
	await signInAs('u-sam');
	const { refreshToken: stolen } = JSON.parse(meta('session') ?? '') as { refreshToken: string };
	for (let n = 0; n < 2; n++) {
		outlive();
		await sync();
	}
	const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: stolen, client_id: issuer.clientId });
	expect((await fetch(`${issuer.issuer}/token`, { method: 'POST', body })).status).toBe(400);
	outlive();
	expect((await sync()).problem).toBe('signed_out');
	expect((await laptop.ok('session.status', {})).state).toBe('expired');
});

test('an expired session touches neither the work nor the queue; signing in again sends what waited', async () => {
	await signInAs('u-sam');
	await sync();
	await newIssue('Before');
	await sync();
	way = async (input, init) =>
		isToken(input) ? Response.json({ error: 'invalid_grant' }, { status: 400 }) : fetch(input, init);
	outlive();
	await newIssue('While signed out');
	const status = await sync();
	expect(status).toMatchObject({ problem: 'signed_out', unsent: 1 });
	await newIssue('And another');
	await laptop.reopen();
	expect(await laptop.ok('sync.status', {})).toMatchObject({ problem: 'signed_out', unsent: 2 });
	way = fetch;
	expect(await signInAs('u-sam')).toBe(true);
	expect(await sync()).toMatchObject({ problem: null, unsent: 0 });
	const titles = Object.values((await server.serverTables()).records).map(({ v }) => v.title);
	expect(titles).toEqual(expect.arrayContaining(['Before', 'While signed out', 'And another']));
});

test('an issuer or a server that cannot be reached is being offline, not being signed out', async () => {
	await signInAs('u-sam');
	outlive();
	way = async () => {
		throw new TypeError('fetch failed');
	};
	expect((await sync()).problem).toBe('unreachable');
	way = async (input, init) => (isToken(input) ? new Response('<html>', { status: 502 }) : fetch(input, init));
	expect((await sync()).problem).toBe('unreachable');
	expect((await laptop.ok('session.status', {})).state).toBe('signed_in');
});

test('another person cannot sign in to this workbook', async () => {
	await signInAs('u-sam');
	await sync();
	expect(await signInAs('u-specialist')).toBe(false);
	await laptop.ok('session.signOut', {});
	expect((await laptop.ok('session.status', {})).state).toBe('signed_out');
	expect(await signInAs('u-specialist')).toBe(false);
	expect(await signInAs('u-sam')).toBe(true);
});

test('signing out gives the session back to the issuer', async () => {
	await signInAs('u-sam');
	const { refreshToken } = JSON.parse(meta('session') ?? '') as { refreshToken: string };
	await laptop.ok('session.signOut', {});
	const body = new URLSearchParams({
		grant_type: 'refresh_token',
		refresh_token: refreshToken,
		client_id: issuer.clientId,
	});
	expect((await fetch(`${issuer.issuer}/token`, { method: 'POST', body })).status).toBe(400);
	expect((await sync()).problem).toBe('signed_out');
});

test('a laptop that was put out hands in its work and is then told to go, also when it is signed out', async () => {
	await signInAs('u-sam');
	await sync();
	await newIssue('Written before it was known');
	await laptop.ok('session.signOut', {});
	await revoke(server.store.db, { subject: { user: 'u-sam' }, revoked: true, by: null }, new Date());
	const departures: Departure[] = [];
	laptop.core.onDeparture((departure) => departures.push(departure));
	await sync();
	expect(departures).toHaveLength(1);
	expect(await titlesThere()).toContain('Written before it was known');
	const { path, authorization, body } = departures[0]?.confirm ?? { path: '', authorization: '', body: '' };
	const confirmed = await fetch(server.url + path, {
		method: 'POST',
		headers: { authorization, 'content-type': 'application/json' },
		body,
	});
	expect(confirmed.status).toBe(200);
});

const isLeave = (input: Parameters<typeof fetch>[0]) => String(input).endsWith('/v1/sync/leave');
const titlesThere = async () => Object.values((await server.serverTables()).records).map(({ v }) => v.title);

test('nothing is written between "that is all" and the end, unless the office did not hear it', async () => {
	await signInAs('u-sam');
	await sync();
	await revoke(server.store.db, { subject: { user: 'u-sam' }, revoked: true, by: null }, new Date());
	const departures: Departure[] = [];
	laptop.core.onDeparture((departure) => departures.push(departure));
	const meanwhile: string[] = [];
	way = async (input, init) => {
		if (!isLeave(input)) return fetch(input, init);
		meanwhile.push((await laptop.refused('issues.create', { account_id: 'a-1', title: 'Too late' })).code);
		// The order was given, and is lost on its way.
		await fetch(input, init);
		throw new TypeError('fetch failed');
	};
	expect((await sync()).problem).toBe('unreachable');
	expect(meanwhile).toEqual(['leaving']);
	expect(departures).toHaveLength(0);
	await newIssue('After the order was lost');
	way = fetch;
	await sync();
	expect(departures).toHaveLength(1);
	expect(await titlesThere()).toContain('After the order was lost');
	expect(await titlesThere()).not.toContain('Too late');
	expect((await laptop.refused('issues.create', { account_id: 'a-1', title: 'Too late' })).code).toBe('leaving');
});

test('an order that was obeyed but not carried out is carried out at the next start, without a contact', async () => {
	await signInAs('u-sam');
	await sync();
	await revoke(server.store.db, { subject: { user: 'u-sam' }, revoked: true, by: null }, new Date());
	await sync();
	way = async () => {
		throw new TypeError('fetch failed');
	};
	await laptop.reopen();
	const departures: Departure[] = [];
	laptop.core.onDeparture((departure) => departures.push(departure));
	expect(departures).toHaveLength(1);
	expect((await laptop.refused('issues.create', { account_id: 'a-1', title: 'Too late' })).code).toBe('leaving');
});

test('an order that our server has not signed destroys nothing', async () => {
	await signInAs('u-sam');
	await sync();
	const departures: Departure[] = [];
	laptop.core.onDeparture((departure) => departures.push(departure));
	const order = { kind: 'wipe', device: meta('device_id'), at: new Date().toISOString(), mac: '0'.repeat(64) };
	const ticket = '1'.repeat(64);
	way = async (input, init) => {
		const reply = await fetch(input, init);
		if (!String(input).endsWith('/hello')) return reply;
		const said = (await reply.json()) as object;
		const headers = { 'x-fieldbook-server': server.epoch };
		return Response.json({ ...said, ticket, order }, { headers });
	};
	expect((await sync()).problem).toBe('not_our_server');
	expect(departures).toHaveLength(0);
});

test('the lease: a warning in the last week, then locked until one contact; nothing is deleted and the clock does not help', async () => {
	await signInAs('u-sam');
	await sync();
	const lease = async () => (await laptop.ok('session.status', {})).lease;
	expect(await lease()).toMatchObject({ state: 'ok', daysLeft: 30 });
	await newIssue('Offline');
	way = async () => {
		throw new TypeError('fetch failed');
	};
	days = 22.5;
	expect(await lease()).toMatchObject({ state: 'ok', daysLeft: 8 });
	days = 23;
	expect(await lease()).toMatchObject({ state: 'soon', daysLeft: 7 });
	days = 30.1;
	expect(await lease()).toMatchObject({ state: 'over', daysLeft: 0 });
	expect((await laptop.refused('issues.list', {})).code).toBe('lease_over');
	expect((await laptop.refused('accounts.list', {})).code).toBe('lease_over');
	await sync();
	days = 1;
	expect(await lease()).toMatchObject({ state: 'over' });
	await laptop.reopen();
	expect((await laptop.refused('accounts.list', {})).code).toBe('lease_over');
	expect((await laptop.ok('sync.status', {})).unsent).toBe(1);
	way = fetch;
	expect((await sync()).unsent).toBe(0);
	expect(await lease()).toMatchObject({ state: 'ok', daysLeft: 30 });
	expect(await laptop.ok('accounts.list', {})).toBeDefined();
});

test('a laptop whose server wants no lease works for ever', async () => {
	await signInAs('u-sam');
	await sync();
	writeMeta(laptop.core.store, 'lease_days', null);
	await laptop.reopen();
	days = 4000;
	expect((await laptop.ok('session.status', {})).lease.state).toBe('none');
	expect(await laptop.ok('accounts.list', {})).toBeDefined();
});
