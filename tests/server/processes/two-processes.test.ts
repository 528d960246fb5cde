import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { seedRecords } from '../../../server/seed.ts';
import { openStore } from '../../../server/store/open-store.ts';
import type { PullRow } from '../../../shared/sync/protocol.ts';
import { listenForPokes } from '../../support/pokes.ts';
import { createDatabase, type Postgres, startPostgres, whyNoPostgres } from '../../support/postgres.ts';
import { RawDevice } from '../../support/raw-device.ts';
import { type ServerProcess, startServerProcess, writeTokens } from '../../support/server-process.ts';
import { issueValues, syncRecords } from '../../support/sync-records.ts';

const reason = whyNoPostgres();
if (reason) console.warn(`Two servers on one PostgreSQL are not tried: ${reason}.`);

let postgres: Postgres;
let url: string;
let folder: string;
let servers: ServerProcess[];

beforeAll(async () => {
	if (!reason) postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

describe.skipIf(reason)('two servers on one PostgreSQL', () => {
	beforeEach(async () => {
		folder = mkdtempSync(join(tmpdir(), 'fieldbook-two-'));
		url = await createDatabase(postgres.url);
		const store = await openStore({ url }, new Date());
		await seedRecords(store.db, syncRecords, new Date());
		await store.close();
		const args = ['--token-file', writeTokens(folder, ['a-1', 'a-2']), '--data', folder];
		// Both at once, as after a machine's start.
		servers = await Promise.all([1, 2].map(() => startServerProcess(args, { DATABASE_URL: url })));
	});
	afterEach(async () => {
		for (const server of servers) await server.end();
		rmSync(folder, { recursive: true, force: true });
	});

	/** A laptop that asks now the one and now the other. */
	class RoamingDevice extends RawDevice {
		asked = 0;
		override request<T>(...args: Parameters<RawDevice['request']>) {
			this.asked += 1;
			const server = servers[this.asked % servers.length] as ServerProcess;
			Object.assign(this, { url: server.url });
			return super.request<T>(...args);
		}
	}

	function device(index: number): RoamingDevice {
		const roaming = new RoamingDevice('', ['token-of-sam', 'token-of-specialist'][index % 2] ?? '', `roaming${index}`);
		roaming.asked = index;
		return roaming;
	}

	const MINE = 20;

	/** Creates, edits a record all share, and types, each push sent twice now and then as a lost reply would have it. */
	async function work(roaming: RawDevice, index: number): Promise<void> {
		for (let round = 0; round < MINE; round++) {
			const ops = [
				{ k: 'create', t: 'issue', id: `d${index}-${round}`, hlc: roaming.hlc(), v: issueValues('a-1') },
				{
					k: 'set',
					t: 'checklist_item',
					id: 'c-1',
					hlc: roaming.hlc(),
					f: { sort_key: { v: `${index}-${round}`, base: null } },
				},
				{
					k: 'text',
					t: 'note',
					id: 'n-1',
					hlc: roaming.hlc(),
					field: 'body',
					u: Buffer.from([index, round]).toString('base64'),
				},
			];
			const groups = [roaming.group(ops)];
			const { nonce } = roaming;
			const first = await roaming.send(groups);
			if (first.status !== 200) throw new Error(`${first.status} ${JSON.stringify(first.body)}`);
			if (round % 3 !== 0) continue;
			roaming.nonce = nonce;
			const again = await roaming.send(groups);
			expect(again).toMatchObject({ status: 200, body: { ackedThrough: first.body.ackedThrough } });
		}
	}

	test('take turns for six laptops: nothing lost, nothing twice, everything in its order', async () => {
		const devices = Array.from({ length: 6 }, (_, index) => device(index));
		for (const roaming of devices) await roaming.hello();
		const reader = device(7);
		await reader.hello();
		const rows: PullRow[] = [];
		const texts: string[] = [];
		let highest = 0;
		const readOn = async () => {
			const page = await reader.page(reader.cursor, 40);
			const numbers = [...page.rows, ...page.texts].map(({ seq }) => seq);
			const lowest = Math.min(...numbers);
			if (lowest < highest) throw new Error(`${lowest} came after ${highest}.`);
			highest = Math.max(highest, ...numbers);
			rows.push(...page.rows);
			texts.push(...page.texts.map(({ y }) => y));
			reader.cursor = page.cursor;
			return page.more;
		};
		let isWorking = true;
		const reading = async () => {
			while (isWorking) await readOn();
		};
		const working = Promise.all(devices.map(work)).finally(() => {
			isWorking = false;
		});
		await Promise.all([working, reading()]);
		while (await readOn());
		const made = devices.flatMap((_, index) => Array.from({ length: MINE }, (__, round) => `d${index}-${round}`));
		const seen = rows.filter((row) => row.id.startsWith('d') && row.t === 'issue').map((row) => row.id);
		expect(seen.sort()).toEqual(made.sort());
		const typed = devices.flatMap((_, index) =>
			Array.from({ length: MINE }, (__, round) => Buffer.from([index, round]).toString('base64')),
		);
		expect(texts.sort()).toEqual(typed.sort());
		const store = await openStore({ url }, new Date());
		const groups = await store.db.selectFrom('push_group').select('seq').orderBy('seq').execute();
		await store.close();
		const numbers = groups.map(({ seq }) => Number(seq));
		expect(numbers).toHaveLength(devices.length * MINE);
		expect(new Set(numbers).size).toBe(numbers.length);
		expect((numbers.at(-1) ?? 0) - (numbers[0] ?? 0)).toBe(numbers.length - 1);
	});

	test('are of one epoch, and a laptop greeted by one is known to the other', async () => {
		expect(servers[0]?.epoch).toBe(servers[1]?.epoch);
		const roaming = device(0);
		await roaming.hello();
		await roaming.push([{ k: 'create', t: 'issue', id: 'i-9', hlc: roaming.hlc(), v: issueValues('a-1') }]);
		expect((await roaming.hello()).body).toMatchObject({ directive: 'ok', lastGroup: 1 });
		expect((await roaming.hello()).body).toMatchObject({ directive: 'ok', lastGroup: 1 });
	});

	test('poke whoever listens at the other', async () => {
		const [one, two] = servers as [ServerProcess, ServerProcess];
		const listener = await listenForPokes(one.url, 'token-of-specialist');
		const sam = new RawDevice(two.url, 'token-of-sam', 'aaaaaaaa');
		await sam.hello();
		const { body } = await sam.send([
			sam.group([{ k: 'create', t: 'issue', id: 'i-9', hlc: sam.hlc(), v: issueValues('a-1') }]),
		]);
		// The device's own record came first.
		while ((await listener.next()).seq < body.seq);
		expect(listener.heard.at(-1)).toEqual({ seq: body.seq });
		listener.stop();
	});

	test('go on when one of them is killed', async () => {
		const [one, two] = servers as [ServerProcess, ServerProcess];
		const roaming = device(0);
		await roaming.hello();
		await roaming.push([{ k: 'create', t: 'issue', id: 'i-9', hlc: roaming.hlc(), v: issueValues('a-1') }]);
		await one.kill();
		servers = [two];
		await roaming.push([{ k: 'create', t: 'issue', id: 'i-10', hlc: roaming.hlc(), v: issueValues('a-1') }]);
		const ids = (await roaming.pull()).rows.map((row) => row.id);
		expect(ids).toEqual(expect.arrayContaining(['i-9', 'i-10']));
	});
});
