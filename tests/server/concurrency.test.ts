import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reassign } from '../../server/admin/reassign.ts';
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

test('an account goes to and fro while its people push: each edit is applied once, in time or late', async () => {
	const people = await Promise.all(
		[
			['dev-sam', 'personaa'],
			['dev-specialist', 'personbb'],
		].map(async ([token = '', short = '']) => {
			const device = new RawDevice(server.url, token, short);
			device.schema = 2;
			await device.hello();
			await device.pull();
			return device;
		}),
	);
	const { db } = server.store;
	await db
		.updateTable('assignment')
		.set({ to_seq: 1, to_ord: 0, to_at: new Date().toISOString() })
		.where('user_id', '=', 'u-specialist')
		.execute();
	let isWorking = true;
	const handing = (async () => {
		for (let round = 0; isWorking; round++) {
			const [from, to] = round % 2 ? ['u-specialist', 'u-sam'] : ['u-sam', 'u-specialist'];
			await reassign(db, { account: 'a-1', from: from as string, to: to as string, by: null }, new Date());
			await setTimeout(5);
		}
	})();
	const answers = await Promise.all(
		people.map(async (device) => {
			const results = [];
			for (let round = 0; round < ROUNDS; round++) {
				const id = `${device.short}-${round}`;
				results.push(
					...(await device.push([{ k: 'create', t: 'issue', id, hlc: device.hlc(), v: issueValues('a-1') }])),
				);
			}
			return results;
		}),
	).finally(() => {
		isWorking = false;
	});
	await handing;
	expect(answers.flat().filter((result) => result.s === 'refused')).toEqual([]);
	expect(answers.flat().every((result) => result.late)).toBe(true);
	const { records } = await server.serverTables();
	expect(Object.keys(records).filter((key) => key.startsWith('issue person'))).toHaveLength(2 * ROUNDS);
	// One open hand-over for each author, with a line for each late record.
	const handovers = Object.entries(records).filter(([key]) => key.startsWith('handover '));
	expect(handovers.length).toBeLessThanOrEqual(2);
	const late = handovers.flatMap(([, { v }]) => v.changes as { row_id: string }[]).map(({ row_id }) => row_id);
	expect(new Set(late).size).toBe(answers.flat().length);
	// What was not late was made while its maker had the account, in the order of the log too.
	const { rows } = await sql<{ id: string }>`
		select r.id from record r where r.entity = 'issue' and r.id like 'person%' and not exists (
			select 1 from assignment a where a.user_id = r.created_by and a.account_id = 'a-1'
				and a.from_seq < r.seq and (a.to_seq is null or a.to_seq > r.seq))`.execute(db);
	expect(rows).toHaveLength(answers.flat().length);
}, 60_000);
