import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues, syncRecords } from '../support/sync-records.ts';

let server: TestServer;
let devices: RawDevice[];

beforeEach(async () => {
	server = await startTestServer({ records: syncRecords });
	devices = Array.from({ length: 6 }, (_, index) => new RawDevice(server.url, 'dev-sam', `device0${index}`));
	for (const device of devices) await device.hello();
});
afterEach(() => server.stop());

const ROUNDS = 25;

async function work(device: RawDevice, index: number): Promise<void> {
	for (let round = 0; round < ROUNDS; round++) {
		const create = (nth: number) => ({
			k: 'create',
			t: 'issue',
			id: `d${index}-${round}-${nth}`,
			hlc: device.hlc(),
			v: issueValues('a-1'),
		});
		// All meet in one record, each in another order of the ids, so that locks are waited for.
		const shared = { k: 'set', t: 'issue', id: 'i-1', hlc: device.hlc(), f: { priority: { v: 'HIGH', base: null } } };
		const text = { k: 'text', t: 'note', id: 'n-1', hlc: device.hlc(), field: 'body', u: 'AQID' };
		await device.push(index % 2 ? [create(0), shared, text, create(1)] : [text, create(0), create(1), shared]);
	}
}

test('who pulls while others push misses nothing, and sees numbers only in their order', async () => {
	const reader = new RawDevice(server.url, 'dev-specialist', 'readerrr');
	await reader.hello();
	const seen = new Set<string>();
	const texts = new Set<string>();
	let highest = 0;
	const readOn = async () => {
		const page = await reader.page(reader.cursor, 7);
		for (const row of [...page.rows, ...page.texts]) {
			expect(row.seq).toBeGreaterThanOrEqual(highest);
			highest = row.seq;
		}
		for (const row of page.rows) seen.add(row.id);
		for (const text of page.texts) texts.add(text.hlc);
		reader.cursor = page.cursor;
		return page.more;
	};
	let isWorking = true;
	const reading = (async () => {
		while (isWorking) await readOn();
	})();
	await Promise.all(devices.map(work));
	isWorking = false;
	await reading;
	while (await readOn());
	const expected = devices.flatMap((_, index) =>
		Array.from({ length: ROUNDS }, (__, round) => [`d${index}-${round}-0`, `d${index}-${round}-1`]).flat(),
	);
	expect(expected.filter((id) => !seen.has(id))).toEqual([]);
	expect(texts.size).toBe(devices.length * ROUNDS);
}, 60_000);

test('commits have numbers without holes, one each', async () => {
	await Promise.all(devices.map(work));
	const { rows } = await sql<{ seq: number }>`select distinct seq from push_group order by seq`.execute(
		server.store.db,
	);
	const numbers = rows.map((row) => Number(row.seq));
	expect(numbers).toHaveLength(devices.length * ROUNDS);
	expect(numbers.at(-1)! - numbers[0]!).toBe(numbers.length - 1);
}, 60_000);

test('two devices that create the same id at once: one is first, the other is told', async () => {
	const [one, two] = devices as [RawDevice, RawDevice];
	for (let round = 0; round < 10; round++) {
		const create = (device: RawDevice) => ({
			k: 'create',
			t: 'issue',
			id: `same-${round}`,
			hlc: device.hlc(),
			v: { ...issueValues('a-1'), title: device.short },
		});
		const results = await Promise.all([one.push([create(one)]), two.push([create(two)])]);
		expect(results.flat().map((result) => result.reason)).toEqual(['id_taken']);
	}
}, 60_000);
