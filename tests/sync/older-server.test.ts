import { afterEach, beforeEach, expect, it } from 'vitest';
import { startCore, type TestCore } from '../support/core.ts';
import { startReleasedServer } from '../support/releases.ts';
import { startTestServer } from '../support/server.ts';
import { syncRecords } from '../support/sync-records.ts';

/** A server of the last release: it knows no files. */
let server: Awaited<ReturnType<typeof startReleasedServer>>;
let laptop: TestCore;
beforeEach(async () => {
	server = await startReleasedServer('0.1.0', syncRecords);
	laptop = await startCore({ userId: 'u-sam', server: { url: server.url, token: 'dev-sam' } });
	await laptop.ok('sync.now', {});
});
afterEach(async () => {
	await laptop.stop();
	await server.stop();
});

const paste = (parentType: 'issue' | 'note', id: string) =>
	laptop.ok('attachments.paste', {
		parent_type: parentType,
		parent_id: id,
		file_name: 'scan.txt',
		data: Buffer.from('scanned').toString('base64'),
	});

it('what needs a newer server waits, with what builds on it, while everything else flows', async () => {
	const { id } = await laptop.ok('issues.create', { account_id: 'a-1', title: 'Before' });
	const file = await paste('issue', id);
	await laptop.ok('attachments.rename', { id: file.id, file_name: 'renamed.txt' });
	await laptop.ok('issues.create', { account_id: 'a-1', title: 'After' });
	expect(await laptop.ok('sync.status', {})).toMatchObject({ unsent: 4, awaitingServer: 2 });
	const status = await laptop.ok('sync.now', {});
	expect(status).toMatchObject({ unsent: 2, awaitingServer: 2, refused: 0, problem: null, state: 'unsent' });
	const waiting = await laptop.ok('sync.unsent', {});
	expect(waiting.map(({ entity, waitsFor }) => [entity, waitsFor])).toEqual([
		['attachment', 'server'],
		['attachment', 'server'],
	]);
	await laptop.ok('issues.create', { account_id: 'a-1', title: 'Later still' });
	expect((await laptop.ok('sync.now', {})).unsent).toBe(2);
});

it('goes by itself once the server is of today', async () => {
	const { id } = await laptop.ok('issues.create', { account_id: 'a-1', title: 'With a file' });
	await paste('issue', id);
	await laptop.ok('issues.update', { id, patch: { priority: 'HIGH' } });
	await laptop.ok('sync.now', {});
	const { file, folder } = laptop;
	const url = await server.upgrade();
	await laptop.core.close();
	const later = await startCore({ file, userId: 'u-sam', server: { url, token: 'dev-sam' } });
	const status = await later.ok('sync.now', {});
	expect(status).toMatchObject({ unsent: 0, awaitingServer: 0, refused: 0, problem: null });
	const fresh = await startCore({ userId: 'u-specialist', server: { url, token: 'dev-specialist' } });
	await fresh.ok('sync.now', {});
	expect(await fresh.ok('attachments.list', { parent_type: 'issue', parent_id: id })).toMatchObject([
		{ file_name: 'scan.txt' },
	]);
	expect((await fresh.ok('issues.get', { id })).issue.priority).toBe('HIGH');
	await fresh.stop();
	await later.stop();
	laptop = await startCore({});
	expect(folder).not.toBe(laptop.folder);
});

it('a server of today makes nothing wait', async () => {
	const today = await startTestServer({ records: syncRecords });
	const other = await startCore({ userId: 'u-sam', server: { url: today.url, token: 'dev-sam' } });
	await other.ok('sync.now', {});
	const note = { parent_type: 'issue', parent_id: 'i-1', file_name: 'a.txt', data: 'YQ==' } as const;
	await other.ok('attachments.paste', note);
	expect(await other.ok('sync.now', {})).toMatchObject({ unsent: 0, awaitingServer: 0, refused: 0 });
	await other.stop();
	await today.stop();
});
