import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeBackup } from '../../server/backup/backup-file.ts';
import { restorePglite, restorePostgres } from '../../server/backup/restore.ts';
import { startCore, type TestCore } from '../support/core.ts';
import { createDatabase } from '../support/postgres.ts';
import { RawDevice } from '../support/raw-device.ts';
import { type ServerTables, startTestServer, type TestServer, type TestServerOptions } from '../support/server.ts';
import { syncRecords } from '../support/sync-records.ts';

const postgres = process.env.DATABASE_URL_TEST;

let folder: string;
let place: { url: string } | { dir: string };
let server: TestServer;
let sam: TestCore;
let specialist: TestCore;

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'fieldbook-restored-'));
	place = postgres ? { url: await createDatabase(postgres) } : { dir: join(folder, 'store') };
	server = await start();
	sam = await startCore({ userId: 'u-sam', server: { url: server.url, token: 'dev-sam' } });
	specialist = await startCore({ userId: 'u-specialist', server: { url: server.url, token: 'dev-specialist' } });
	await settle();
});
afterEach(async () => {
	await sam.stop();
	await specialist.stop();
	await server.stop();
	rmSync(folder, { recursive: true, force: true });
});

const start = (over: TestServerOptions = {}) => startTestServer({ records: syncRecords, ...place, ...over });

async function settle(): Promise<void> {
	for (const laptop of [sam, specialist, sam, specialist, sam]) await laptop.ok('sync.now', {});
}

/** Backs the server up while it runs. */
async function backUp(): Promise<string> {
	const file = join(folder, 'yesterday.jsonl.gz');
	await writeBackup(server.store.db, file, { now: new Date() });
	return file;
}

/** Ends the server, puts its store back, and starts it again at the same address. */
async function putBack(file: string): Promise<void> {
	const { port, epoch } = server;
	await server.stop();
	if ('url' in place) await restorePostgres(place, file, new Date());
	else await restorePglite(place.dir, file, new Date());
	server = await start({ port });
	expect(server.epoch).not.toBe(epoch);
}

/** What a person has: values, deletions and typed words. Whose laptop registered is none of it. */
async function held(): Promise<Pick<ServerTables, 'texts'> & { records: Record<string, unknown> }> {
	const { records, texts } = await server.serverTables();
	const kept = Object.entries(records).filter(([key]) => !/^(device|conflict) /.test(key));
	return { texts, records: Object.fromEntries(kept.map(([key, { v, deleted }]) => [key, { v, deleted }])) };
}

async function type(laptop: TestCore, id: string, word: string): Promise<void> {
	const Y = await import('yjs');
	const { state } = await laptop.ok('notes.get', { id });
	const doc = new Y.Doc();
	Y.applyUpdate(doc, Buffer.from(state, 'base64'));
	const before = Y.encodeStateVector(doc);
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText(word)]);
	doc.getXmlFragment('default').insert(0, [paragraph]);
	await laptop.ok('notes.append', { id, update: Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString('base64') });
}

// Putting the embedded store back takes seconds: there the first test stands for all.
describe('a server put back to yesterday', { timeout: 60_000 }, () => {
	it('is refilled by its laptops with all it had acknowledged since', async () => {
		const before = await sam.ok('issues.create', { account_id: 'a-1', title: 'Before' });
		const doomed = await sam.ok('issues.create', { account_id: 'a-1', title: 'Deleted later' });
		await type(specialist, 'n-1', 'yesterday');
		await settle();
		const file = await backUp();

		await sam.ok('issues.update', { id: before.id, patch: { title: 'After', priority: 'HIGH' } });
		await specialist.ok('issues.create', { account_id: 'a-2', title: 'Made after' });
		await type(specialist, 'n-1', 'today');
		await settle();
		await specialist.ok('issues.update', { id: before.id, patch: { due_date: '2026-12-24' } });
		await sam.ok('issues.delete', { id: doomed.id });
		await type(sam, 'n-1', 'tonight');
		await settle();
		const acknowledged = await held();
		expect(JSON.stringify(acknowledged)).toContain('Made after');
		for (const laptop of [sam, specialist])
			expect(await laptop.ok('sync.status', {})).toMatchObject({ state: 'acknowledged', unsent: 0 });

		await putBack(file);
		expect(await held()).not.toEqual(acknowledged);
		await settle();
		expect(await held()).toEqual(acknowledged);
		for (const laptop of [sam, specialist]) {
			expect(await laptop.ok('sync.status', {})).toMatchObject({ state: 'acknowledged', unsent: 0, refused: 0 });
			expect(await laptop.ok('conflicts.list', {})).toEqual([]);
			expect((await laptop.ok('issues.list', {})).map(({ title }) => title).sort()).toEqual(
				['After', 'Late invoice', 'Late invoice', 'Made after'].sort(),
			);
		}
		const fresh = new RawDevice(server.url, 'dev-manager', 'ffffffff');
		const ids = (await fresh.pull()).rows.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids).toEqual(expect.arrayContaining([before.id]));
	});

	it.skipIf(!postgres)('takes what was made meanwhile and after, in the order it was made', async () => {
		const issue = await sam.ok('issues.create', { account_id: 'a-1', title: '1' });
		await settle();
		const file = await backUp();
		for (const title of ['2', '3']) await sam.ok('issues.update', { id: issue.id, patch: { title } });
		await settle();
		await sam.ok('issues.update', { id: issue.id, patch: { title: '4, while it was down' } });
		await putBack(file);
		await specialist.ok('issues.update', { id: issue.id, patch: { priority: 'URGENT' } });
		await settle();
		await sam.ok('issues.update', { id: issue.id, patch: { root_cause: 'after' } });
		await settle();
		for (const laptop of [sam, specialist]) {
			const { issue: now, conflicts } = await laptop.ok('issues.get', { id: issue.id });
			expect(now).toMatchObject({ title: '4, while it was down', priority: 'URGENT', root_cause: 'after' });
			expect(conflicts).toEqual([]);
		}
		// The server's own history has each of them once.
		const rows = await server.store.db
			.selectFrom('field_history')
			.select(['field', 'outcome'])
			.where('row_id', '=', issue.id)
			.where('field', '=', 'title')
			.execute();
		expect(rows).toHaveLength(3);
	});

	it.skipIf(!postgres)('twice over loses nothing either', async () => {
		const file = await backUp();
		await sam.ok('issues.create', { account_id: 'a-1', title: 'First' });
		await settle();
		await putBack(file);
		await specialist.ok('issues.create', { account_id: 'a-1', title: 'Second' });
		await settle();
		await putBack(file);
		await settle();
		const titles = (await specialist.ok('issues.list', {})).map(({ title }) => title);
		expect(titles).toEqual(expect.arrayContaining(['First', 'Second']));
		expect(Object.values((await held()).records)).toHaveLength(syncRecords.length + 2 + 2);
	});
});
