import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reassign } from '../../server/admin/reassign.ts';
import { startCore, type TestCore } from '../support/core.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

const ROWS = 620;

let server: TestServer;
let sam: TestCore;
beforeEach(async () => {
	server = await startTestServer({
		records: [
			...syncRecords,
			// Enough beside it that an account with an import may leave without the person being asked.
			...Array.from({ length: 9000 }, (_, n) => ({ t: 'issue' as const, id: `other-${n}`, v: issueValues('a-2') })),
		],
		accounts: { 'u-sam': ['a-1', 'a-2'], 'u-specialist': [], 'u-manager': [] },
	});
	sam = await startCore({ userId: 'u-sam', server: { url: server.url, token: 'dev-sam' } });
	await sam.ok('sync.now', {});
});
afterEach(async () => {
	await sam.stop();
	await server.stop();
});

const raw = () => sam.core.store.raw;
const give = () =>
	reassign(server.store.db, { account: 'a-1', from: 'u-sam', to: 'u-specialist', by: null }, new Date());
const cases = () => raw().prepare('SELECT count(*) FROM patent_asset WHERE import_batch_id IS NOT NULL').pluck().get();

/** Imports cases of the account that is going to leave. */
async function importCases(): Promise<void> {
	const path = join(sam.folder, 'export.csv');
	const lines = Array.from({ length: ROWS }, (_, index) => `P-${index},Valve`);
	writeFileSync(path, ['Ref,Title', ...lines, ''].join('\n'));
	const file = randomUUID();
	sam.core.registerFile(file, path);
	const mapping = ['patent_asset.client_ref', 'patent_asset.title'];
	const settings = { encoding: 'utf-8', delimiter: ',', sheet: null, headerRow: 1, mapping, dateStyles: {} };
	await sam.ok('imports.commit', { file, account_id: 'a-1', settings });
	expect(cases()).toBe(ROWS);
}

/** Every table that still speaks of the account; what was sent is kept for a server that loses it. */
function tablesWith(text: string): string[] {
	const tables = raw()
		.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_text%'")
		.pluck()
		.all() as string[];
	return tables.filter(
		(table) =>
			!['outbox', 'outbox_op', 'receipt', 'receipt_line', 'handover'].includes(table) &&
			JSON.stringify(raw().prepare(`SELECT * FROM ${table}`).all()).includes(text),
	);
}

async function expectTakenOver(): Promise<void> {
	const { records } = await server.serverTables();
	const there = Object.entries(records).filter(
		([key, { v }]) => key.startsWith('patent_asset ') && v.account_id === 'a-1',
	);
	expect(there).toHaveLength(ROWS + 1);
	expect(cases()).toBe(0);
	expect(tablesWith('"a-1"')).toEqual([]);
	expect((await sam.ok('sync.status', {})).unsent).toBe(0);
}

describe('an import into an account that goes to somebody else', () => {
	it('is sent before the account leaves, and leaves with it', async () => {
		await importCases();
		await give();
		await sam.ok('sync.now', {});
		await expectTakenOver();
		const [receipt] = await sam.ok('receipts.list', { text: '', offset: 0, limit: 1 });
		const { lines } = await sam.ok('receipts.get', { id: receipt?.id ?? 0 });
		expect(lines.filter(({ kind }) => kind === 'late').length).toBeGreaterThan(0);
	});

	it('leaves also when only a pull from the start shows that the account has gone', async () => {
		await importCases();
		const { id } = await sam.ok('issues.create', { account_id: 'a-1', title: 'Made on the train' });
		await give();
		raw().prepare("UPDATE meta SET value = 'another' WHERE key = 'server_epoch'").run();
		await sam.ok('sync.now', {});
		await sam.ok('sync.now', {});
		await expectTakenOver();
		expect(raw().prepare('SELECT 1 FROM issue WHERE id = ?').get(id)).toBeUndefined();
	});

	it('is not sent again when a server that lost it asks for everything', async () => {
		await importCases();
		await give();
		await sam.ok('sync.now', {});
		await sam.ok('sync.now', {});
		raw().prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('went_back', '1')").run();
		raw().exec('UPDATE outbox SET sent_at = NULL');
		await sam.ok('sync.now', {});
		await sam.ok('sync.now', {});
		await expectTakenOver();
	});
});

describe('cases of an import that the office refuses', () => {
	it('are shown with the refusal, each, and are kept with it when their account goes', async () => {
		await importCases();
		const ids = raw()
			.prepare('SELECT id FROM patent_asset WHERE import_batch_id IS NOT NULL ORDER BY id')
			.pluck()
			.all() as string[];
		const some = [ids[0], ids[7], ids[ROWS - 1]];
		const spoil = raw().prepare("UPDATE patent_asset SET country = 'much too long' WHERE id = ?");
		for (const id of some) spoil.run(id);
		await sam.ok('sync.now', {});
		expect(await sam.ok('sync.status', {})).toMatchObject({ refused: 3, unsent: 0 });
		await give();
		await sam.ok('sync.now', {});
		expect(cases()).toBe(0);
		const kept = raw().prepare('SELECT row_id, op FROM outbox_op WHERE refused IS NOT NULL ORDER BY row_id').all();
		expect(kept).toEqual(some.map((id) => ({ row_id: id, op: expect.stringContaining('much too long') })));
		const [change] = await sam.ok('sync.unsent', {});
		expect(change).toMatchObject({ refused: 'bad_value', count: expect.any(Number) });
		await sam.ok('sync.dismiss', { group: change?.group ?? 0 });
		expect((await sam.ok('sync.status', {})).refused).toBe(0);
	});
});
