import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { reassign } from '../../server/admin/reassign.ts';
import { startCore, type TestCore } from '../support/core.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let sam: TestCore;
/** What the laptop holds of the edited issue each time that something is about to be sent. */
const pushed: unknown[] = [];
const titleNow = () => sam.core.store.raw.prepare("SELECT title FROM issue WHERE id = 'i-1'").pluck().get();

beforeEach(async () => {
	server = await startTestServer({
		records: [
			...syncRecords,
			// Enough beside them that an account may leave without the person being asked.
			...Array.from({ length: 300 }, (_, n) => ({ t: 'issue' as const, id: `other-${n}`, v: issueValues('a-2') })),
		],
		accounts: { 'u-sam': ['a-1', 'a-2'], 'u-specialist': [], 'u-manager': [] },
	});
	sam = await startCore({
		userId: 'u-sam',
		server: { url: server.url, token: 'dev-sam' },
		crashPoint: (point) => {
			if (point === 'push:built') pushed.push(titleNow());
		},
	});
	await sam.ok('sync.now', {});
});
afterEach(async () => {
	await sam.stop();
	await server.stop();
});

const give = (from: string, to: string) =>
	reassign(server.store.db, { account: 'a-1', from, to, by: null }, new Date());

/** Every table and row of the store that still speaks of the account or of one of these records. */
function traces(ids: readonly string[], words: readonly string[]): string[] {
	const { raw } = sam.core.store;
	const tables = raw
		.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_text%'")
		.pluck()
		.all() as string[];
	const found: string[] = [];
	for (const table of tables) {
		// What was sent is kept until the server has it for good; a receipt and a hand-over keep their words.
		if (['outbox', 'outbox_op', 'receipt', 'receipt_line', 'handover'].includes(table)) continue;
		for (const row of raw.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[]) {
			const text = JSON.stringify(row);
			if ([...ids, ...words].some((part) => text.includes(part))) found.push(`${table}: ${text}`);
		}
	}
	for (const word of words) {
		const hits = raw.prepare('SELECT count(*) FROM search_text WHERE search_text MATCH ?').pluck().get(`"${word}"`);
		if (hits !== 0) found.push(`search: ${word}`);
		// Also in what the index has dropped and not yet written anew.
		const blobs = raw.prepare('SELECT block FROM search_text_data').pluck().all() as Buffer[];
		if (blobs.some((block) => block.includes(Buffer.from(word.toLowerCase().slice(0, 8)))))
			found.push(`index: ${word}`);
	}
	return found;
}

function typing(text: string): string {
	const doc = new Y.Doc();
	doc.getXmlFragment('default').insert(0, [new Y.XmlText(text)]);
	return Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64');
}

describe('an account that was given to somebody else', () => {
	it('leaves the laptop without a trace, and the others stay', async () => {
		const id = (
			await sam.ok('notes.create', {
				account_id: 'a-1',
				parent_type: 'account',
				parent_id: 'a-1',
				title: 'Zweigstelle',
			})
		).id;
		await sam.ok('notes.append', { id, update: typing('Xylophonkonzert besprochen') });
		await sam.ok('sync.now', {});
		expect(traces(['a-1'], ['Xylophonkonzert'])).not.toEqual([]);
		await give('u-sam', 'u-specialist');
		expect(await sam.ok('sync.now', {})).toMatchObject({ state: 'acknowledged', brake: null });
		expect(traces(['"a-1"', '"i-1"', '"n-1"', '"v-1"', '"c-1"', '"p-1"', id], ['Xylophonkonzert', 'Norrland'])).toEqual(
			[],
		);
		expect((await sam.ok('issues.list', {})).every((issue) => issue.account_id === 'a-2')).toBe(true);
	});

	it('leaves only after unsent work has been sent and answered, which the new owner then has', async () => {
		await sam.ok('issues.update', { id: 'i-1', patch: { title: 'Written on the train' } });
		const { id } = await sam.ok('issues.create', { account_id: 'a-1', title: 'Made on the train' });
		await give('u-sam', 'u-specialist');
		// It cannot be sent yet.
		server.setFault({ kind: 'down', path: '/push' });
		await sam.ok('sync.now', {});
		expect((await sam.ok('issues.get', { id: 'i-1' })).issue.title).toBe('Written on the train');
		server.setFault(null);
		await sam.ok('sync.now', {});
		expect(await sam.ok('sync.status', {})).toMatchObject({ unsent: 0, refused: 0 });
		expect(traces(['"a-1"', '"i-1"', id], ['Norrland'])).toEqual([]);
		const { records } = await server.serverTables();
		expect(records['issue i-1']?.v.title).toBe('Written on the train');
		expect(records[`issue ${id}`]?.v.title).toBe('Made on the train');
	});

	it('waits for an edit that slipped in while it was about to leave', async () => {
		await give('u-sam', 'u-specialist');
		server.setFault({ kind: 'slow', delayMs: 300, path: '/pull', times: 1 });
		const round = sam.ok('sync.now', {});
		// The edit is made while the page that takes the account away is on its way.
		await new Promise((resolve) => setTimeout(resolve, 150));
		await sam.ok('issues.update', { id: 'i-1', patch: { title: 'At the last moment' } });
		pushed.length = 0;
		await round;
		expect(pushed).toEqual(['At the last moment']);
		const { records } = await server.serverTables();
		expect(records['issue i-1']?.v.title).toBe('At the last moment');
		expect(traces(['"a-1"', '"i-1"'], ['Norrland'])).toEqual([]);
	});

	it('comes back whole when it is given back', async () => {
		await give('u-sam', 'u-specialist');
		await sam.ok('sync.now', {});
		await give('u-specialist', 'u-sam');
		await sam.ok('sync.now', {});
		expect((await sam.ok('issues.get', { id: 'i-1' })).account_name).toBe('Norrland Turbines');
		expect((await sam.ok('accounts.list', {})).map((account) => account.id).sort()).toEqual(['a-1', 'a-2']);
	});
});
