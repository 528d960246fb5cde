import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawDevice } from '../support/raw-device.ts';
import { SyncPair } from '../support/sync-pair.ts';
import { issueValues } from '../support/sync-records.ts';

/** Text that once made databases, shells, pages and sheets do what it says; here it is text. */
const SEEDS = [
	"' OR '1'='1",
	"'; drop table record; --",
	"\\'; drop table record; --",
	"') ; delete from field_history ; --",
	'1; select pg_sleep(10)',
	"'||(select hash from user_token limit 1)||'",
	"' union select cursor_key from meta --",
	'"; drop schema public cascade; --',
	"x' and extractvalue(1, concat(0x7e, version()))--",
	'$$; drop table record; $$',
	'$1',
	'#{7*7}',
	'{{7*7}}',
	'%27%20OR%201%3D1',
	'%s%n%x',
	'\\u0027 or 1=1',
	'ʼ or 1=1',
	'＇ or 1=1',
	"{'$ne': null}",
	'[object Object]',
	'__proto__',
	'../../../../etc/passwd',
	'..%2f..%2fetc%2fpasswd',
	'; cat /etc/passwd',
	'`id`',
	'$(id)',
	'<script>alert(1)</script>',
	'"><img src=x onerror=alert(1)>',
	'=cmd|/c calc!A0',
	'*)(uid=*))(|(uid=*',
	'NULL',
	'nan',
	'\r\nset-cookie: a=b',
	'a\tb',
	'%',
	'_',
	'a\\',
	"/*' or 1=1 */",
	'-- ',
	'#',
	'null::jsonb',
	"'::json->>'a'",
	'\ud83d\ude00\u202egnp.exe',
	'İ̇',
	'\u2400',
	"1' AND 1=CAST((SELECT current_user) AS int)--",
	"'; set role postgres; --",
	"'; set fieldbook.how = 'office'; --",
	"fieldbook_app'; reset role; --",
	"', true), set_config('fieldbook.how', 'office', true) --",
];
const around = [
	(text: string) => text,
	(text: string) => `x${text}`,
	(text: string) => `${text}x`,
	(text: string) => `'${text}'`,
	(text: string) => `"${text}"`,
	(text: string) => `(${text})`,
	(text: string) => `${text}; ${text}`,
	(text: string) => `\\${text}`,
	(text: string) => text.toUpperCase(),
	(text: string) => `${text}\n--`,
];
const payloads = SEEDS.flatMap((seed) => around.map((wrap) => wrap(seed)));

let pair: SyncPair;
let sam: RawDevice;

beforeAll(async () => {
	pair = await SyncPair.start();
	({ sam } = pair);
});
afterAll(() => pair.server.stop());

test('500 texts come back as they were sent, and are nothing but text', async () => {
	expect(payloads).toHaveLength(500);
	const before = Object.keys((await pair.server.serverTables()).records).length;
	for (let start = 0; start < payloads.length; start += 50) {
		const ops = payloads.slice(start, start + 50).map((title, n) => ({
			k: 'create',
			t: 'issue',
			id: `text-${start + n}`,
			hlc: sam.hlc(),
			v: { ...issueValues('a-1'), title },
		}));
		expect(await sam.push(ops)).toEqual([]);
	}
	const { records } = await pair.server.serverTables();
	expect(Object.keys(records)).toHaveLength(before + payloads.length);
	for (const [n, title] of payloads.entries()) expect(records[`issue text-${n}`]?.v.title).toBe(title);
});

describe('in the place of', () => {
	const forbidden = { headers: { authorization: 'Bearer dev-sam' } };
	const ask = async (to: string) => {
		const reply = await fetch(pair.server.url + to, forbidden);
		return { status: reply.status, text: await reply.text() };
	};

	test.each([
		['an account', (text: string) => `/v1/sync/digest?account=${text}`, [400, 403]],
		['a person', (text: string) => `/v1/sessions?user=${text}`, [400, 403]],
		['a cursor', (text: string) => `/v1/sync/pull?cursor=${text}`, [400, 409]],
		['a number', (text: string) => `/v1/sync/pull?max=${text}`, [400]],
		['an address', (text: string) => `/v1/blobs/${text}`, [400, 404]],
	] as const)('%s each is refused', async (_, place, statuses) => {
		for (const payload of payloads.filter((_, n) => n % 5 === 0)) {
			const { status, text } = await ask(place(encodeURIComponent(payload)));
			expect([payload, statuses.includes(status as never)]).toEqual([payload, true]);
			expect(text).not.toMatch(/syntax|relation|column|postgres|user_token/i);
		}
	});

	test('ids and fields of a push each is refused, and leaves nothing', async () => {
		const before = Object.keys((await pair.server.serverTables()).records).length;
		for (const payload of payloads.filter((_, n) => n % 10 === 0)) {
			const results = await sam.push([
				{ k: 'set', t: 'issue', id: payload, hlc: sam.hlc(), f: { title: { v: 'x', base: null } } },
				{ k: 'set', t: payload, id: 'i-1', hlc: sam.hlc(), f: {} },
				{ k: 'set', t: 'issue', id: 'i-1', hlc: sam.hlc(), f: { [payload]: { v: 'x', base: null } } },
			]);
			expect([payload, results.map((result) => result.s)]).toEqual([payload, ['refused', 'refused', 'refused']]);
		}
		expect(Object.keys((await pair.server.serverTables()).records)).toHaveLength(before);
	});
});

test('what the server says of a record nobody else can say', async () => {
	const own = [
		'id',
		'seq',
		'ord',
		'created_by',
		'created_at',
		'deleted_at',
		'versions',
		'holder',
		'account',
		'user_id',
		'device',
	];
	for (const name of own) {
		const results = await sam.push([
			{ k: 'set', t: 'issue', id: 'i-1', hlc: sam.hlc(), f: { [name]: { v: 'u-specialist', base: null } } },
			{
				k: 'create',
				t: 'issue',
				id: `own-${name}`,
				hlc: sam.hlc(),
				v: { ...issueValues('a-1'), [name]: 'u-specialist' },
			},
		]);
		expect([name, results.map((result) => result.s)]).toEqual([name, ['refused', 'refused']]);
	}
});
