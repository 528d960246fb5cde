import { RawDevice } from './raw-device.ts';
import { startTestServer, type TestServer } from './server.ts';
import { issueValues, syncRecords } from './sync-records.ts';

/** A server with the records of sync-records.ts, and two people's laptops that have pulled all of it. */
export class SyncPair {
	readonly server: TestServer;
	readonly sam: RawDevice;
	readonly specialist: RawDevice;

	constructor(server: TestServer) {
		this.server = server;
		this.sam = new RawDevice(server.url, 'dev-sam', 'aaaaaaaa');
		this.specialist = new RawDevice(server.url, 'dev-specialist', 'bbbbbbbb');
	}

	static async start(): Promise<SyncPair> {
		const pair = new SyncPair(await startTestServer({ records: syncRecords }));
		for (const device of [pair.sam, pair.specialist]) {
			await device.hello();
			await device.pull();
			await device.hello();
		}
		return pair;
	}

	/** Another laptop of the specialist's, whose clock is off by `offMs`. */
	async laptopWithClock(short: string, offMs: number): Promise<RawDevice> {
		const device = new RawDevice(this.server.url, 'dev-specialist', short);
		device.clockMs = () => Date.now() + offMs;
		await device.hello();
		return device;
	}

	createOp(device: RawDevice, id: string, account = 'a-1') {
		return { k: 'create' as const, t: 'issue', id, hlc: device.hlc(), v: issueValues(account) };
	}

	/** A `set` made on what the server has at this moment. `on` is "entity id". */
	async setOp(device: RawDevice, values: Record<string, unknown>, on = 'issue i-1') {
		const [t, id] = on.split(' ');
		const f: Record<string, { v: unknown; base: string; was?: unknown }> = {};
		for (const [field, v] of Object.entries(values)) f[field] = { v, base: await this.versionIn(on, field) };
		return { k: 'set', t, id, hlc: device.hlc(), f };
	}

	/** The field's version as the server has it. */
	async versionIn(key: string, field: string): Promise<string> {
		const { fv } = (await this.server.serverTables()).records[key]!;
		return (fv[field] ?? fv['*'])!;
	}

	/** The field's value as the server has it. */
	async valueIn(key: string, field: string): Promise<unknown> {
		return (await this.server.serverTables()).records[key]?.v[field];
	}

	/** The history of all edits, without creations and without what happened to people and laptops. */
	history() {
		return this.server.store.db
			.selectFrom('field_history')
			.selectAll()
			.where('outcome', '<>', 'create')
			.where('field', 'not like', '@%')
			.orderBy('seq')
			.execute();
	}
}
