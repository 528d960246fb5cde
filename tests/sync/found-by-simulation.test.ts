import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchTransport, type Transport } from '../../electron/core/sync/reaching/transport.ts';
import { reassign } from '../../server/admin/reassign.ts';
import type { HelloReply } from '../../shared/sync/protocol.ts';
import { startCore, type TestCore } from '../support/core.ts';
import { SyncPair } from '../support/sync-pair.ts';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';

let two: TwoDevices;
beforeEach(async () => {
	two = await startTwoDevices();
});
afterEach(() => two.stop());

const newIssue = (title: string) => two.sam.ok('issues.create', { account_id: 'a-1', title });
const titles = async () => (await two.specialist.ok('issues.list', {})).map((issue) => issue.title).sort();

/** A second laptop with a copy of the SAM's profile. */
async function copyOfSam(): Promise<TestCore> {
	two.sam.core.store.raw.pragma('wal_checkpoint(TRUNCATE)');
	const file = join(two.specialist.folder, 'copy.db');
	copyFileSync(two.sam.file, file);
	return startCore({ file, userId: 'u-sam', server: { url: two.server.url, token: 'dev-sam' } });
}

describe('an import of more rows than a group may hold', () => {
	it('can be undone after it was sent, and holds nothing up', async () => {
		const path = join(two.sam.folder, 'export.csv');
		const lines = Array.from({ length: 620 }, (_, index) => `P-${index},Valve`);
		writeFileSync(path, ['Ref,Title', ...lines, ''].join('\n'));
		two.sam.core.registerFile('export', path);
		const mapping = ['patent_asset.client_ref', 'patent_asset.title'];
		const settings = { encoding: 'utf-8', delimiter: ',', sheet: null, headerRow: 1, mapping, dateStyles: {} };
		const { batchId } = await two.sam.ok('imports.commit', { file: 'export', account_id: 'a-1', settings });
		await two.settle();
		expect((await two.specialist.ok('assets.list', { account_id: 'a-1' })).total).toBe(620);
		await two.sam.ok('imports.undo', { batchId });
		await two.settle();
		expect((await two.specialist.ok('sync.status', {})).brake).toMatchObject({ records: 620 });
		await two.specialist.ok('sync.brake', { choice: 'apply' });
		await two.settle();
		expect(await two.sam.ok('sync.status', {})).toMatchObject({ state: 'acknowledged', unsent: 0 });
		expect((await two.specialist.ok('assets.list', { account_id: 'a-1' })).total).toBe(0);
	});
});

describe('a refused edit of a field that was empty', () => {
	it('is taken back on the laptop, which then shows what stands', async () => {
		const { id } = await two.sam.ok('tasks.create', { title: 'Mine alone', status: 'TODO' });
		await two.settle();
		await two.sam.ok('tasks.update', { id, patch: { account_id: 'a-foreign' } });
		await two.settle();
		const task = (await two.sam.ok('tasks.list', {})).find((row) => row.id === id);
		expect(task).toMatchObject({ title: 'Mine alone', account_id: null });
		expect(await two.sam.ok('sync.status', {})).toMatchObject({ unsent: 0, refused: 1 });
	});
});

describe('a copied profile', () => {
	it('is not told that an edit has arrived which only its copy has sent', async () => {
		await newIssue('Both');
		await two.settle();
		const copy = await copyOfSam();
		await newIssue('From the original');
		await copy.ok('issues.create', { account_id: 'a-1', title: 'From the copy' });
		// The original's push, which holds only what both know, is answered after the copy's.
		const raw = two.sam.core.store.raw;
		raw.prepare('UPDATE outbox SET sent_at = NULL WHERE group_no = 1').run();
		await copy.ok('sync.now', {});
		await two.settle();
		await copy.ok('sync.now', {});
		await two.settle();
		expect(await titles()).toEqual(['Both', 'From the copy', 'From the original']);
		await copy.stop();
	});

	it('undoes the newest thing done, not one of the other numbering, and still shows what was refused', async () => {
		for (const title of ['1', '2', '3']) await newIssue(title);
		await two.sam.ok('contacts.create', { account_id: 'a-foreign', full_name: 'Refused' });
		await two.settle();
		const copy = await copyOfSam();
		await newIssue('From the original');
		await two.settle();
		const { id } = await copy.ok('issues.create', { account_id: 'a-1', title: 'From the copy' });
		await copy.ok('sync.now', {});
		expect(await copy.ok('undo.last', {})).toMatchObject({ row_id: id });
		expect(await copy.ok('sync.unsent', {})).toMatchObject([{ label: 'Issue deleted' }, { title: 'Refused' }]);
		await copy.stop();
	});

	it('whose clock was set back gives other versions than its original', async () => {
		await newIssue('Both');
		await two.sam.core.store.raw.prepare("UPDATE outbox SET hlc = 'ffffffffff0000000' || substr(hlc, 18)").run();
		const copy = await copyOfSam();
		const versions = new Set<string>();
		for (const device of [copy, two.sam]) {
			if (device === two.sam) await two.sam.reopen();
			const { id } = await device.ok('issues.create', { account_id: 'a-1', title: 'Another' });
			const row = device.core.store.raw.prepare('SELECT fv FROM issue WHERE id = ?').get(id) as { fv: string };
			versions.add(row.fv);
		}
		expect(versions.size).toBe(2);
		await copy.stop();
	});
});

describe('a request that the network delivers twice', () => {
	it('does not use up the nonce that its first reply handed out', async () => {
		const { sam, server, createOp } = await SyncPair.start();
		const [nonce, groups] = [sam.nonce, [sam.group([createOp(sam, 'i-8')])]];
		await sam.send(groups);
		const handedOut = sam.nonce;
		sam.nonce = nonce;
		await sam.send(groups);
		sam.nonce = handedOut;
		expect((await sam.send([sam.group([createOp(sam, 'i-9')])])).status).toBe(200);
		await server.stop();
	});
});

describe('a conflict that the server has lost', () => {
	it('is asked about no more', async () => {
		const { id } = await newIssue('Disputed');
		await two.settle();
		await two.sam.ok('issues.update', { id, patch: { root_cause: 'Ours' } });
		await two.specialist.ok('issues.update', { id, patch: { root_cause: 'Theirs' } });
		await two.settle();
		expect(await two.sam.ok('conflicts.list', {})).toHaveLength(1);
		const { db } = two.server.store;
		await db.deleteFrom('record').where('entity', '=', 'conflict').execute();
		await db.updateTable('commit_tag').set({ tag: 'of another past' }).execute();
		await two.settle();
		expect(await two.sam.ok('conflicts.list', {})).toEqual([]);
		expect(await two.sam.ok('sync.status', {})).toMatchObject({ state: 'acknowledged', unsent: 0 });
	});
});

describe('a clock that jumps a year ahead', () => {
	it('does not let the laptop forget what a restored server will need', async () => {
		let ahead = 0;
		const now = () => new Date(Date.now() + ahead);
		const laptop = await startCore({ userId: 'u-sam', server: { url: two.server.url, token: 'dev-sam' }, now });
		await laptop.ok('sync.now', {});
		for (const title of ['1', '2']) await laptop.ok('issues.create', { account_id: 'a-1', title });
		await laptop.ok('sync.now', {});
		ahead = 365 * 86_400_000;
		// So long after the last contact nothing is written before the next one.
		await laptop.ok('sync.now', {});
		await laptop.ok('issues.create', { account_id: 'a-1', title: '3' });
		await laptop.ok('sync.now', {});
		expect(laptop.core.store.raw.prepare('SELECT count(*) FROM outbox').pluck().get()).toBe(3);
		await laptop.stop();
	});
});

describe('a server that lost its last commits without knowing', () => {
	it('gets them again, and nobody misses what came under the same numbers since', async () => {
		const { db } = two.server.store;
		const shared = await newIssue('Before');
		await two.settle();
		const top = (await db.selectFrom('counter').select('seq').executeTakeFirstOrThrow()).seq;
		const device = await db.selectFrom('device').selectAll().where('user_id', '=', 'u-sam').executeTakeFirstOrThrow();
		await newIssue('Lost');
		await two.sam.ok('sync.now', {});
		await two.specialist.ok('sync.now', {});
		// What a power cut does to a store that was never flushed.
		await db.deleteFrom('record').where('seq', '>', top).execute();
		await db.deleteFrom('push_group').where('seq', '>', top).execute();
		await db.deleteFrom('commit_tag').where('seq', '>', top).execute();
		await db.updateTable('counter').set({ seq: top }).execute();
		const { last_group, nonce, previous_nonce } = device;
		await db.updateTable('device').set({ last_group, nonce, previous_nonce }).where('id', '=', device.id).execute();
		await two.sam.ok('issues.update', { id: shared.id, patch: { title: 'After' } });
		await two.settle();
		expect(await titles()).toEqual(['After', 'Lost']);
		const { records } = await two.server.serverTables();
		expect(Object.keys(records).filter((key) => key.startsWith('issue '))).toHaveLength(2);
		expect(await db.selectFrom('device').select('id').execute()).toHaveLength(2);
	});
});

describe('a server that becomes newer while a laptop is on its way', () => {
	it('sends afterwards what it had no words for before', async () => {
		const server = { url: two.server.url, token: 'dev-specialist' };
		const today = fetchTransport(server);
		let isOld = true;
		const transport: Transport = {
			request: async (path, options) => {
				const reply = await today.request(path, options);
				if (!isOld || !path.endsWith('/hello')) return reply;
				const { features: _features, durableSeq: _durable, ...said } = JSON.parse(reply.text) as HelloReply;
				return { ...reply, text: JSON.stringify({ ...said, schema: 1 }) };
			},
		};
		const laptop = await startCore({ userId: 'u-specialist', server, transport });
		await laptop.ok('sync.now', {});
		const { id } = await newIssue('With a file');
		const file = { parent_type: 'issue', parent_id: id, file_name: 'scan.txt', data: 'YQ==' } as const;
		await two.sam.ok('attachments.paste', file);
		await two.sam.ok('sync.now', {});
		await laptop.ok('sync.now', {});
		expect(await laptop.ok('attachments.list', { parent_type: 'issue', parent_id: id })).toEqual([]);
		isOld = false;
		await laptop.ok('sync.now', {});
		expect(await laptop.ok('attachments.list', { parent_type: 'issue', parent_id: id })).toMatchObject([
			{ file_name: 'scan.txt' },
		]);
		await laptop.stop();
	});
});

describe('a pull from the start that broke off half way', () => {
	it('does not keep what has gone since', async () => {
		const { raw } = two.sam.core.store;
		raw.exec(`DELETE FROM meta WHERE key = 'cursor'; INSERT INTO meta (key, value) VALUES ('staging', '1');
			INSERT INTO pull_seen (entity, id) SELECT 'account', id FROM account`);
		const gone = { account: 'a-2', from: 'u-sam', to: 'u-manager', by: null };
		await reassign(two.server.store.db, gone, new Date());
		await two.sam.ok('sync.now', {});
		expect((await two.sam.ok('accounts.list', {})).map(({ id }) => id)).toEqual(['a-1']);
	});
});

describe('a record that was taken back before it was sent', () => {
	it('leaves no words behind that its account could not take along', async () => {
		const { id } = await newIssue('Never sent');
		const { raw } = two.sam.core.store;
		const group = raw.prepare('SELECT max(group_no) FROM outbox').pluck().get() as number;
		await two.sam.ok('outbox.undo', { group });
		expect(raw.prepare('SELECT count(*) FROM history WHERE row_id = ?').pluck().get(id)).toBe(0);
	});
});
