import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildServer } from '../../server/app.ts';
import { seedLogins } from '../../server/seed.ts';
import { ROLES, type Role } from '../../server/sync/permissions.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues } from '../support/sync-records.ts';
import { TestIssuer } from '../support/test-issuer.ts';

/**
 * Who may do what at each address, for something of their own and for something of somebody else's. What a role may do
 * with each kind of record behind push and pull is permissions.test.ts.
 */

type Who = 'NOBODY' | Role;
type Place = 'own' | 'foreign';
const EVERYBODY: readonly Who[] = ['NOBODY', ...ROLES];

let server: TestServer;
let folder: string;
const bytes = randomBytes(100);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const devices = new Map<Who, RawDevice>();
/** Uploads that have begun, by account. */
const uploads = new Map<Place, string>();
let serial = 0;

const base64 = (text: string) => Buffer.from(text).toString('base64');
const attachment = (account: Place) => ({
	t: 'attachment' as const,
	id: `file-${account}`,
	v: {
		account_id: account,
		parent_type: 'issue',
		parent_id: `issue-${account}`,
		file_name: 'x.bin',
		size: bytes.length,
		sha256,
		added_at: '2026-11-23T08:00:00.000Z',
		added_by: 'u-owner',
	},
});

beforeAll(async () => {
	folder = fs.mkdtempSync(path.join(tmpdir(), 'fieldbook-matrix-'));
	const issuer = await TestIssuer.start();
	const places = ['own', 'foreign'] as const;
	server = await startTestServer({
		blobDir: folder,
		signIn: issuer.signIn(),
		accounts: { 'u-sam': [], 'u-specialist': [], 'u-manager': [] },
		records: [
			...[...ROLES, 'owner'].map((role) => ({ t: 'app_user' as const, id: `u-${role}`, v: { name: role, role } })),
			...places.map((id) => ({ t: 'account' as const, id, v: { account_no: id, name: id } })),
			...places.map((id) => ({ t: 'issue' as const, id: `issue-${id}`, v: issueValues(id) })),
			...places.map(attachment),
		],
	});
	const people = ROLES.map((role) => ({ userId: `u-${role}`, token: `token-of-${role}`, accounts: ['own'] }));
	const report = { userId: 'u-report', token: 'token-of-report', accounts: [], reportsTo: 'u-MANAGER' };
	const owner = { userId: 'u-owner', token: 'token-of-owner', accounts: [...places] };
	await seedLogins(server.store.db, [...people, report, owner], new Date());
	for (const who of [...EVERYBODY, 'owner'] as Who[]) {
		devices.set(
			who,
			new RawDevice(
				server.url,
				who === 'NOBODY' ? 'nobody-token' : `token-of-${who}`,
				`dev${who.toLowerCase()}`.padEnd(8, '0').slice(0, 8),
			),
		);
		await devices.get(who)?.hello();
	}
	const report1 = new RawDevice(server.url, 'token-of-report', 'report00');
	await report1.hello();
	for (const place of places) uploads.set(place, await beginUpload(place));
});
afterAll(async () => {
	await server.stop();
	fs.rmSync(folder, { recursive: true, force: true });
});

async function beginUpload(account: Place): Promise<string> {
	const reply = await send('owner' as Who, 'POST /v1/blobs', { headers: uploadOf(account) });
	return reply.headers.get('location') ?? '';
}

const TUS = { 'tus-resumable': '1.0.0' };
const uploadOf = (account: string) => ({
	...TUS,
	'upload-length': String(bytes.length),
	'upload-metadata': `sha256 ${base64(sha256)},account ${base64(account)}`,
});

interface Sent {
	headers?: Record<string, string>;
	body?: unknown;
}

/** `line`: method and address, with a blank between. */
async function send(who: Who, line: string, { headers = {}, body }: Sent = {}): Promise<Response> {
	const [method = '', to = ''] = line.split(' ');
	const over = new AbortController();
	const isJson = body !== undefined && !(body instanceof Uint8Array);
	const reply = await fetch(server.url + to, {
		method,
		headers: {
			...(who === 'NOBODY' ? {} : { authorization: `Bearer ${devices.get(who)?.token}` }),
			...(isJson ? { 'content-type': 'application/json' } : {}),
			...headers,
		},
		...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : (body as Uint8Array<ArrayBuffer>) }),
		signal: over.signal,
	});
	// Streams of pokes do not end by themselves.
	if (reply.ok && to.startsWith('/v1/sync/poke')) over.abort();
	return reply;
}

async function answer(reply: Response): Promise<string> {
	if (reply.ok) return String(reply.status);
	const text = await reply.text().catch(() => '');
	const code = text.startsWith('{') ? (JSON.parse(text) as { error?: { code?: string } }).error?.code : undefined;
	return code ? `${reply.status} ${code}` : String(reply.status);
}

type Ask = (who: Who, place: Place) => Promise<string>;
/** What each role is answered; `else` is for the others who are signed in. */
type Expected = Partial<Record<Who, string>> & { else: string };
interface Row {
	ask: Ask;
	own: Expected;
	foreign: Expected;
}

const OUT = '401 signed_out';
const all = (value: string): Expected => ({ NOBODY: value, else: value });
const person = (value: string, over: Partial<Expected> = {}): Expected => ({ NOBODY: OUT, else: value, ...over });
const at =
	(method: string, to: (place: Place, who: Who) => string, with_: (place: Place, who: Who) => Sent = () => ({})): Ask =>
	async (who, place) =>
		answer(await send(who, `${method} ${to(place, who)}`, with_(place, who)));
const open = (to: string): Row => ({ ask: at('GET', () => to), own: all('200'), foreign: all('200') });
const deviceOf = (place: Place, who: Who) =>
	(place === 'own' ? devices.get(who)?.device : devices.get('owner' as Who)?.device) ?? '';

const matrix: Readonly<Record<string, Row>> = {
	'GET /v1/health': open('/v1/health'),
	'GET /v1/openapi.json': open('/v1/openapi.json'),
	'GET /v1/sign-in': open('/v1/sign-in'),
	'POST /v1/sync/hello': {
		ask: at(
			'POST',
			() => '/v1/sync/hello',
			(place, who) => ({
				body: {
					device: deviceOf(place, who),
					short: devices.get(place === 'own' ? who : ('owner' as Who))?.short,
					name: 'x',
					app: '1',
					protocol: 1,
					schema: 2,
					lastAckedGroup: 0,
					cursor: null,
				},
			}),
		),
		own: person('200'),
		foreign: person('403 no_access'),
	},
	'POST /v1/sync/push': { ask: pushTitle, own: person('applied'), foreign: person('no_access, unchanged') },
	'GET /v1/sync/pull': { ask: pullOf, own: person('seen'), foreign: person('not there') },
	'GET /v1/sync/digest': {
		ask: at('GET', (place) => `/v1/sync/digest?account=${place}`),
		own: person('200'),
		foreign: person('403 no_access'),
	},
	'GET /v1/sync/poke': { ask: at('GET', () => '/v1/sync/poke'), own: person('200'), foreign: person('200') },
	'POST /v1/sync/leave': {
		ask: at(
			'POST',
			() => '/v1/sync/leave',
			(place, who) => ({ body: { device: deviceOf(place, who), unsent: 0 } }),
		),
		own: person('409 not_leaving'),
		foreign: person('409 not_leaving'),
	},
	'GET /v1/sessions': {
		ask: at('GET', (place) => (place === 'own' ? '/v1/sessions' : '/v1/sessions?user=u-report')),
		own: person('200'),
		foreign: person('403 no_access', { MANAGER: '200' }),
	},
	'POST /v1/sessions/end': {
		ask: endSession,
		own: person('200'),
		foreign: person('403 no_access'),
	},
	'POST /v1/admin/revoke': {
		ask: at(
			'POST',
			() => '/v1/admin/revoke',
			(place) => ({ body: { user: place === 'own' ? 'u-report' : 'u-owner', revoked: false } }),
		),
		own: person('403 no_access', { MANAGER: '200' }),
		foreign: person('403 no_access'),
	},
	'POST /v1/admin/reassign': {
		ask: at(
			'POST',
			() => '/v1/admin/reassign',
			(place) => ({ body: { account: place, from: 'u-SAM', to: 'u-nobody' } }),
		),
		own: person('403 no_access', { MANAGER: '404 not_found' }),
		foreign: person('403 no_access'),
	},
	'POST /v1/blobs': {
		ask: at(
			'POST',
			() => '/v1/blobs',
			(place) => ({ headers: uploadOf(place) }),
		),
		own: person('201'),
		foreign: person('404 not_found'),
	},
	'HEAD /v1/blobs/uploads/{id}': upload('HEAD', () => ({ headers: TUS })),
	'PATCH /v1/blobs/uploads/{id}': upload('PATCH', () => ({
		headers: { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
		body: new Uint8Array(bytes.subarray(0, 10)),
	})),
	'DELETE /v1/blobs/uploads/{id}': upload('DELETE', () => ({ headers: TUS })),
	'GET /v1/blobs/{sha256}': {
		ask: at('GET', (place) => `/v1/blobs/${sha256}?account=${place}`),
		own: person('404 not_here_yet'),
		foreign: person('404 not_found'),
	},
	'HEAD /v1/blobs/{sha256}': {
		ask: at('HEAD', (place) => `/v1/blobs/${sha256}?account=${place}`),
		own: { NOBODY: '401', else: '404' },
		foreign: { NOBODY: '401', else: '404' },
	},
};

/** One's own upload, begun for this; the foreign one is the owner's. */
function upload(method: string, with_: () => Sent): Row {
	const ask: Ask = async (who, place) => {
		const begun = await send(who, 'POST /v1/blobs', { headers: uploadOf('own') });
		const to =
			place === 'own' ? (begun.headers.get('location') ?? '/v1/blobs/uploads/none') : (uploads.get('own') ?? '');
		const said = await answer(await send(who, `${method} ${to}`, with_()));
		if (begun.ok) await send(who, `DELETE ${begun.headers.get('location')}`, { headers: TUS });
		return said;
	};
	const done = method === 'HEAD' ? '200' : '204';
	const [out, none] = method === 'HEAD' ? ['401', '404'] : [OUT, '404 no_upload'];
	return { ask, own: { NOBODY: out, else: done }, foreign: { NOBODY: out, else: none } };
}

async function pushTitle(who: Who, place: Place): Promise<string> {
	const device = devices.get(who) as RawDevice;
	const title = `written by ${who} ${++serial}`;
	const op = { k: 'set', t: 'issue', id: `issue-${place}`, hlc: device.hlc(), f: { title: { v: title, base: null } } };
	const { status, body } = await device.send([device.group([op])]);
	if (status !== 200) return `${status} ${body.error?.code}`;
	const [result] = body.results;
	const stands = (await server.serverTables()).records[`issue issue-${place}`]?.v.title;
	if (result?.s === 'refused') return `${result.reason}, ${stands === title ? 'changed all the same' : 'unchanged'}`;
	return 'applied';
}

async function pullOf(who: Who, place: Place): Promise<string> {
	const reply = await send(who, 'GET /v1/sync/pull?schema=2');
	if (!reply.ok) return answer(reply);
	return (await reply.text()).includes(`"t":"issue","id":"issue-${place}"`) ? 'seen' : 'not there';
}

/** A laptop made for it, so that the others stay. */
async function endSession(who: Who, place: Place): Promise<string> {
	const token = devices.get(place === 'own' ? who : ('owner' as Who))?.token ?? '';
	const lost = new RawDevice(server.url, token, `lost${++serial}`.padEnd(8, '0'));
	await lost.hello();
	return answer(await send(who, 'POST /v1/sessions/end', { body: { device: lost.device } }));
}

async function routes(): Promise<string[]> {
	const app = await buildServer({
		db: server.store.db,
		clock: () => new Date(),
		blobDir: folder,
		watchCommits: async () => async () => undefined,
	});
	const { paths } = (await app.inject({ url: '/v1/openapi.json' })).json<{ paths: Record<string, object> }>();
	await app.close();
	return Object.entries(paths).flatMap(([to, methods]) =>
		Object.keys(methods).map((method) => `${method.toUpperCase()} ${to}`),
	);
}

test('every route has its row, and no row is of a route that is gone', async () => {
	expect(Object.keys(matrix).sort()).toEqual((await routes()).sort());
});

const cells = Object.entries(matrix).flatMap(([route, row]) =>
	EVERYBODY.flatMap((who) => (['own', 'foreign'] as const).map((place) => ({ route, who, place, row }))),
);

test.each(cells)('$route by $who for what is $place', async ({ who, place, row }) => {
	expect(await row.ask(who, place)).toBe(row[place][who] ?? row[place].else);
});

test('what is somebody else’s is answered like what is not there', async () => {
	const lines = ['/v1/sync/digest?account=@', `/v1/blobs/${sha256}?account=@`, '/v1/sessions?user=@'];
	for (const to of lines) {
		const foreign = await send('SAM', `GET ${to.replace('@', to.includes('user') ? 'u-owner' : 'foreign')}`);
		const missing = await send('SAM', `GET ${to.replace('@', 'nowhere')}`);
		expect([foreign.status, await foreign.text()]).toEqual([missing.status, await missing.text()]);
	}
	for (const account of ['foreign', 'nowhere']) {
		const reply = await send('SAM', 'POST /v1/blobs', { headers: uploadOf(account) });
		expect(await answer(reply)).toBe('404 not_found');
	}
});
