import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type DigestReply, type DigestRow, DigestSum, differingTables } from '../../shared/sync/digest.ts';
import { writeVersions } from '../../shared/sync/version.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

type Dump = Record<string, DigestRow[]>;

function digestOf(dump: Dump) {
	const sum = new DigestSum();
	for (const [table, rows] of Object.entries(dump)) for (const row of rows) sum.addRow(table, row);
	return sum.tables();
}

/** Sameness as a person would say it: the same records with the same values, in whatever order; what is deleted does not count. */
function normal(dump: Dump): string {
	const row = ({ id, v, fv }: DigestRow) =>
		JSON.stringify([
			id,
			Object.entries(v)
				.filter(([, value]) => value !== null)
				.sort(),
			fv,
		]);
	const tables = Object.entries(dump)
		.map(([name, rows]) => [name, rows.filter(({ del }) => !del)] as const)
		.filter(([, rows]) => rows.length > 0);
	return JSON.stringify(tables.map(([name, rows]) => [name, rows.map(row).sort()]).sort());
}

const value = fc.oneof(
	fc.constantFrom(null, '', 'a', '0', 0, 1, -1, true, false),
	fc.string({ unit: 'binary', maxLength: 4 }),
	fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 }),
);
const row = fc.record({
	id: fc.constantFrom('r-1', 'r-2', 'r-3'),
	v: fc.dictionary(fc.constantFrom('title', 'status', 'note'), value, { maxKeys: 3 }),
	fv: fc.constantFrom(
		'018f00000000000000aaaaaaaa',
		writeVersions({ '*': 'a', title: 'b' }),
		writeVersions({ '*': 'a', title: 'c' }),
	),
	del: fc.boolean(),
});
const dump = fc.dictionary(fc.constantFrom('issue', 'task'), fc.uniqueArray(row, { selector: ({ id }) => id }));

describe('the sum', () => {
	test('is equal exactly when what is summed up is equal', () => {
		fc.assert(
			fc.property(dump, dump, (one, two) => {
				expect(differingTables(digestOf(one), digestOf(two)).length === 0).toBe(normal(one) === normal(two));
			}),
			{ numRuns: 2000 },
		);
	});

	test('sees every single change', () => {
		fc.assert(
			fc.property(dump, row, fc.nat(), (one, changed, at) => {
				const rows = one.issue ?? [];
				const kept = rows.filter(({ id }) => id !== changed.id);
				const two = { ...one, issue: at % 3 === 0 ? kept : [...kept, changed] };
				expect(differingTables(digestOf(one), digestOf(two)).length === 0).toBe(normal(one) === normal(two));
			}),
			{ numRuns: 2000 },
		);
	});

	test('does not look at order, neither of rows nor of keys nor of versions', () => {
		fc.assert(
			fc.property(dump, (one) => {
				const turned = Object.entries(one).map(([table, rows]) => [
					table,
					rows.toReversed().map((it) => ({ ...it, v: Object.fromEntries(Object.entries(it.v).reverse()) })),
				]);
				expect(digestOf(Object.fromEntries(turned.reverse()) as Dump)).toEqual(digestOf(one));
			}),
		);
		const sum = (fv: string) => digestOf({ issue: [{ id: 'r-1', v: { a: { x: 1, y: 2 } }, fv, del: false }] });
		expect(sum('{"*":"a","title":"b"}')).toEqual(sum('{"title":"b","*":"a"}'));
	});

	test('does not look at the form of an amount, nor at half a pair of surrogates', () => {
		const sum = (v: DigestRow['v']) => digestOf({ renewal_event: [{ id: 'r-1', v, fv: 'a', del: false }] });
		for (const same of ['470.5000', '0470.5', '470.50001'])
			expect(sum({ official_fee: same })).toEqual(sum({ official_fee: '470.50' }));
		expect(sum({ official_fee: '-0.00' })).toEqual(sum({ official_fee: '0' }));
		expect(sum({ official_fee: '-470.5' })).not.toEqual(sum({ official_fee: '470.5' }));
		expect(sum({ note: 'a\ud800' })).toEqual(sum({ note: 'a\ufffd' }));
	});

	test('rows that are there twice do not cancel out', () => {
		const one = { id: 'r-1', v: {}, fv: 'a', del: false };
		const two = { ...one, id: 'r-2' };
		const sum = (rows: DigestRow[]) => digestOf({ issue: rows }).issue;
		expect(sum([one, one, one, two])?.xor64).toBe(sum([one, two])?.xor64);
		expect(sum([one, one])).not.toEqual(sum([two, two]));
		expect(sum([one, one])?.xor64).toBe(sum([two, two])?.xor64);
	});

	test('a hundred thousand rows of one letter each have a hundred thousand hashes', () => {
		const seen = new Set<string>();
		for (let index = 0; index < 100_000; index++) {
			const sum = new DigestSum();
			sum.addText({ t: 'note', id: `n-${index}`, field: 'body', y: 'AQID' });
			seen.add(sum.tables().text_update?.sum64 ?? '');
		}
		expect(seen.size).toBe(100_000);
	});
});

describe('the server', () => {
	let server: TestServer;
	afterEach(() => server.stop());

	async function start() {
		server = await startTestServer({ records: syncRecords, accounts: { 'u-manager': ['a-2'] } });
		const sam = new RawDevice(server.url, 'dev-sam', 'aaaaaaaa');
		await sam.hello();
		return sam;
	}

	const ask = (device: RawDevice, account: string) =>
		device.request<DigestReply & { error: { code: string } }>(`/v1/sync/digest?account=${account}`);

	/** What a laptop works out from the pages it pulled. */
	async function ownDigest(device: RawDevice, account: string) {
		const { rows, texts } = await device.pull();
		const sum = new DigestSum();
		const mine = rows.filter((it) => it.id === account || it.v.account_id === account);
		for (const { t, id, v, fv, del } of mine) sum.addRow(t, { id, v, fv, del: del !== null });
		for (const { t, id, field, y } of texts)
			if (mine.some((it) => it.id === id && it.del === null)) sum.addText({ t, id, field, y });
		return sum.tables();
	}

	test('sums up what its pages say, after edits, deletions and typing', async () => {
		const sam = await start();
		await sam.push([
			{ k: 'create', t: 'issue', id: 'i-9', hlc: sam.hlc(), v: { ...issueValues('a-1'), title: 'Größe \u2028 "x"' } },
			{ k: 'set', t: 'issue', id: 'i-1', hlc: sam.hlc(), f: { title: { v: 'New', base: null } } },
			{ k: 'set', t: 'issue', id: 'i-1', hlc: sam.hlc(), f: { due_date: { v: null, base: null } } },
			{ k: 'delete', t: 'issue', id: 'i-2', hlc: sam.hlc(), base: sam.hlc() },
			{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u: 'AQID' },
		]);
		for (const account of ['a-1', 'a-2']) {
			const { body } = await ask(sam, account);
			sam.cursor = null;
			expect(body).toMatchObject({ account, tables: await ownDigest(sam, account) });
			expect(body.tables.issue?.rows).toBe(account === 'a-1' ? 2 : undefined);
		}
		expect((await ask(sam, 'a-1')).body.tables.text_update?.rows).toBe(1);
	});

	test('differs as soon as anything is there that was not pulled', async () => {
		const sam = await start();
		const before = (await ask(sam, 'a-1')).body;
		const base = (await server.serverTables()).records['issue i-1']?.fv['*'];
		await sam.push([{ k: 'set', t: 'issue', id: 'i-1', hlc: sam.hlc(), f: { title: { v: 'New', base } } }]);
		const after = (await ask(sam, 'a-1')).body;
		expect(differingTables(before.tables, after.tables)).toEqual(['issue']);
		expect(after.seq).toBe(before.seq + 1);
		await sam.push([{ k: 'text', t: 'note', id: 'n-1', hlc: sam.hlc(), field: 'body', u: 'AQID' }]);
		expect(differingTables(after.tables, (await ask(sam, 'a-1')).body.tables)).toContain('text_update');
	});

	test('says nothing of an account that is not theirs, nor whether there is one', async () => {
		await start();
		const manager = new RawDevice(server.url, 'dev-manager', 'cccccccc');
		expect((await ask(manager, 'a-2')).status).toBe(200);
		for (const account of ['a-1', 'a-none'])
			expect(await ask(manager, account)).toMatchObject({ status: 403, body: { error: { code: 'no_access' } } });
		expect((await manager.request('/v1/sync/digest')).status).toBe(400);
		expect((await manager.hello()).body.features).toContain('digest');
	});
});
