import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isTimeToForget } from '../../server/forget-nightly.ts';
import { topSeq } from '../../server/store/transaction.ts';
import { forgetOld } from '../../server/sync/forget-old.ts';
import { startCore, type TestCore } from '../support/core.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

const DAY = 86_400_000;

let server: TestServer;
let day: number;
const cores: TestCore[] = [];
const clock = () => new Date(Date.now() + day * DAY);
beforeEach(async () => {
	day = 0;
	server = await startTestServer({ records: syncRecords, clock, leaseDays: 0 });
});
afterEach(async () => {
	for (const core of cores.splice(0)) await core.stop();
	await server.stop();
});

async function laptop(): Promise<TestCore> {
	const core = await startCore({ userId: 'u-sam', server: { url: server.url, token: 'dev-sam' }, now: clock });
	cores.push(core);
	await core.ok('sync.now', {});
	return core;
}

async function device(): Promise<RawDevice> {
	const raw = new RawDevice(server.url, 'dev-specialist', 'bbbbbbbb');
	raw.schema = 2;
	await raw.hello();
	return raw;
}

const forget = () => forgetOld(server.store.db, clock());
const count = async (table: string) => {
	const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
		server.store.db,
	);
	return rows[0]?.n;
};
const issues = (core: TestCore) =>
	core.core.store.raw.prepare('SELECT id FROM issue WHERE deleted_at IS NULL ORDER BY id').pluck().all();

/** A colleague makes and deletes records, some of them long ago. */
async function deleteSome(colleague: RawDevice, id: string): Promise<void> {
	await colleague.push([{ k: 'create', t: 'issue', id, hlc: colleague.hlc(), v: issueValues('a-1') }]);
	await colleague.push([{ k: 'delete', t: 'issue', id, hlc: colleague.hlc(), base: colleague.hlc() }]);
}

describe('what is only kept for laptops that have been away', () => {
	test('goes after four hundred days and not before, and what happened stays', async () => {
		const colleague = await device();
		await deleteSome(colleague, 'i-old');
		await colleague.push([{ k: 'text', t: 'note', id: 'n-1', hlc: colleague.hlc(), field: 'body', u: 'AQID' }]);
		await colleague.push([
			{ k: 'set', t: 'issue', id: 'nowhere', hlc: colleague.hlc(), f: { title: { v: 'x', base: null } } },
		]);
		day = 200;
		await deleteSome(colleague, 'i-new');
		const [history, refused] = [await count('field_history'), await count('quarantine')];
		day = 399;
		expect(await forget()).toEqual({ groups: 0, commits: 0, tombstones: 0, held: 0 });
		day = 401;
		const gone = await forget();
		expect(gone).toMatchObject({ groups: 4, tombstones: 1, held: 1 });
		expect(gone.commits).toBeGreaterThan(0);
		expect(await forget()).toEqual({ groups: 0, commits: 0, tombstones: 0, held: 0 });
		expect(await count('push_group')).toBe(2);
		expect([await count('field_history'), await count('quarantine')]).toEqual([history, refused]);
		expect(Object.keys((await server.serverTables()).records)).toContain('issue i-new');
		expect(Object.keys((await server.serverTables()).records)).not.toContain('issue i-old');
		expect((await server.serverTables()).texts).toEqual({ 'note n-1 body': ['AQID'] });
	});

	test('goes of a server at rest too, but for the last answer and the newest name', async () => {
		await deleteSome(await device(), 'i-old');
		const top = await topSeq(server.store.db);
		day = 1000;
		expect(await forget()).toMatchObject({ groups: 1, tombstones: 1, commits: top - 1 });
		expect(await count('push_group')).toBe(1);
		expect(await count('commit_tag')).toBe(1);
	});

	test('is not missed by a laptop that was here within that time, nor by one that comes later and starts over', async () => {
		const [fresh, away] = [await laptop(), await laptop()];
		const colleague = await device();
		await colleague.push([{ k: 'create', t: 'issue', id: 'i-old', hlc: colleague.hlc(), v: issueValues('a-1') }]);
		await fresh.ok('sync.now', {});
		await away.ok('sync.now', {});
		expect(issues(away)).toContain('i-old');
		await away.ok('issues.update', { id: 'i-1', patch: { root_cause: 'Typed far away' } });
		day = 1;
		await colleague.push([{ k: 'delete', t: 'issue', id: 'i-old', hlc: colleague.hlc(), base: colleague.hlc() }]);
		day = 30;
		await fresh.ok('sync.now', {});
		const cursor = () => fresh.core.store.raw.prepare("SELECT value FROM meta WHERE key = 'cursor'").pluck().get();
		day = 410;
		await deleteSome(colleague, 'i-new');
		expect((await forget()).tombstones).toBe(1);
		const kept = cursor();
		expect(await fresh.ok('sync.now', {})).toMatchObject({ state: 'acknowledged' });
		expect(kept).not.toBe(cursor());
		expect(await away.ok('sync.now', {})).toMatchObject({ state: 'acknowledged' });
		const all = Object.entries((await server.serverTables()).records);
		const standing = all
			.filter(([key, { deleted }]) => key.startsWith('issue ') && !deleted)
			.map(([key]) => key.slice(6));
		expect(issues(away)).toEqual(standing.sort());
		expect(issues(fresh)).toEqual(standing.sort());
		expect((await server.serverTables()).records['issue i-1']?.v.root_cause).toBe('Typed far away');
	});

	test('leaves a laptop that fetches for the first time to come to the end, page by page', async () => {
		const colleague = await device();
		for (let n = 0; n < 3; n++) await deleteSome(colleague, `i-${n}-old`);
		day = 401;
		await deleteSome(colleague, 'i-new');
		await forget();
		const reader = new RawDevice(server.url, 'dev-sam', 'cccccccc');
		reader.schema = 2;
		await reader.hello();
		const seen = new Set<string>();
		for (let more = true, pages = 0; more && pages < 50; pages++) {
			const query = new URLSearchParams({
				max: '1',
				schema: '2',
				marks: '1',
				...(reader.cursor ? { cursor: reader.cursor } : {}),
			});
			const { status, body } = await reader.request<string>(`/v1/sync/pull?${query}`);
			expect(status).toBe(200);
			const lines = body
				.trimEnd()
				.split('\n')
				.map((line) => JSON.parse(line) as { id?: string; end?: true; cursor?: string; more?: boolean });
			for (const { id } of lines) if (id) seen.add(id);
			const end = lines.at(-1);
			reader.cursor = end?.cursor ?? null;
			more = end?.more ?? false;
		}
		expect(seen).toContain('i-1');
		expect(seen).toContain('i-new');
	});
});

test('it is time once a night, and by day only when two nights were missed', () => {
	const at = (time: string) => new Date(`2026-11-${time}Z`);
	expect(isTimeToForget(at('24T02:00:00'), at('23T12:00:00'))).toBe(false);
	expect(isTimeToForget(at('24T02:00:00'), at('23T02:30:00'))).toBe(true);
	expect(isTimeToForget(at('24T12:00:00'), at('23T02:30:00'))).toBe(false);
	expect(isTimeToForget(at('24T12:00:00'), at('22T02:30:00'))).toBe(true);
});
