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

interface Load {
	/** Creations in one push of the even devices; the odd ones make one, so that late numbers can be done early. */
	large: number;
	/** All edit one record besides, each in another order, so that locks are waited for. */
	shared?: boolean;
}

async function work(device: RawDevice, index: number, { large, shared }: Load): Promise<string[]> {
	const ids: string[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		const mine = Array.from({ length: index % 2 ? 1 : large }, (_, nth) => `d${index}-${round}-${nth}`);
		const hlc = device.hlc();
		const creates = mine.map((id) => ({ k: 'create', t: 'issue', id, hlc, v: issueValues('a-1') }));
		const common = shared
			? [
					{ k: 'set', t: 'issue', id: 'i-1', hlc: device.hlc(), f: { priority: { v: 'HIGH', base: null } } },
					{ k: 'text', t: 'note', id: 'n-1', hlc: device.hlc(), field: 'body', u: 'AQID' },
				]
			: [];
		await device.push(index % 2 ? [...creates, ...common] : [...common.reverse(), ...creates]);
		ids.push(...mine);
	}
	return ids;
}

test.each<[string, Load]>([
	// Only PostgreSQL runs transactions beside each other; PGlite has one connection.
	['who each work on their own', { large: process.env.DATABASE_URL_TEST ? 150 : 10 }],
	['who meet in one record', { large: 3, shared: true }],
])(
	'who pulls while others push misses nothing and sees numbers only in their order: devices %s',
	async (_, load) => {
		const reader = new RawDevice(server.url, 'dev-specialist', 'readerrr');
		await reader.hello();
		const seen = new Set<string>();
		const texts = new Set<string>();
		let highest = 0;
		const readOn = async () => {
			const page = await reader.page(reader.cursor);
			for (const row of [...page.rows, ...page.texts])
				if (row.seq < highest) throw new Error(`${row.seq} after ${highest}`);
			highest = Math.max(highest, ...page.rows.map((row) => row.seq));
			for (const row of page.rows) seen.add(row.id);
			for (const text of page.texts) texts.add(text.hlc);
			reader.cursor = page.cursor;
			return page.more;
		};
		let isWorking = true;
		const reading = (async () => {
			while (isWorking) await readOn();
		})();
		const made = (await Promise.all(devices.map((device, index) => work(device, index, load)))).flat();
		isWorking = false;
		await reading;
		while (await readOn());
		expect(made.filter((id) => !seen.has(id))).toEqual([]);
		expect(texts.size).toBe(load.shared ? devices.length * ROUNDS : 0);
	},
	60_000,
);

test('commits have numbers without holes, one each', async () => {
	await Promise.all(devices.map((device, index) => work(device, index, { large: 3, shared: true })));
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
