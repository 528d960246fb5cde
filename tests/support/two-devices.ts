import { decodeRow } from '../../db/codec.ts';
import type { CoreOptions } from '../../electron/core/core.ts';
import { entities } from '../../shared/entities/registry.ts';
import { readVersions } from '../../shared/sync/version.ts';
import { startCore, type TestCore } from './core.ts';
import { startTestServer, type TestServer } from './server.ts';

export interface TwoDevices {
	server: TestServer;
	sam: TestCore;
	specialist: TestCore;
	/** Syncs both until neither has anything left: two rounds each. */
	settle(): Promise<void>;
	/** All records and texts of a device, to be compared with the server's. */
	tables(device: TestCore): DeviceTables;
	stop(): Promise<void>;
}

export interface DeviceTables {
	records: Record<string, { v: Record<string, unknown>; fv: Record<string, string>; deleted: boolean }>;
	texts: Record<string, string[]>;
}

const records = [
	{
		t: 'account' as const,
		id: 'a-1',
		v: { account_no: 'S-0001', name: 'Halden Pharma AG (fictional)', time_zone: 'Europe/Zurich' },
	},
	{
		t: 'account' as const,
		id: 'a-2',
		v: { account_no: 'S-0002', name: 'Tanaka Optics KK (fictional)', time_zone: 'Asia/Tokyo' },
	},
	{ t: 'app_user' as const, id: 'u-sam', v: { name: 'Ada Lind', role: 'SAM' } },
	{ t: 'app_user' as const, id: 'u-specialist', v: { name: 'Ben Roth', role: 'SPECIALIST' } },
];

/** The SAM's and the specialist's laptops and one real server on 127.0.0.1, all in this process. */
export async function startTwoDevices(options: Pick<CoreOptions, 'now'> = {}): Promise<TwoDevices> {
	const server = await startTestServer({ records });
	const start = (token: string, userId: string) =>
		startCore({ userId, server: { url: server.url, token }, ...options });
	const sam = await start('dev-sam', 'u-sam');
	const specialist = await start('dev-specialist', 'u-specialist');
	const devices = {
		server,
		sam,
		specialist,
		settle: async () => {
			for (const device of [sam, specialist, sam, specialist]) await device.ok('sync.now', {});
		},
		tables: readDevice,
		stop: async () => {
			await sam.stop();
			await specialist.stop();
			await server.stop();
		},
	};
	await devices.settle();
	return devices;
}

/** All records and texts of a device, in the form of the server's. */
export function readDevice({ core }: Pick<TestCore, 'core'>): DeviceTables {
	const { raw } = core.store;
	const tables: DeviceTables = { records: {}, texts: {} };
	for (const entity of Object.values(entities)) {
		for (const row of raw.prepare(`SELECT * FROM ${entity.table}`).all() as Record<string, unknown>[]) {
			const record = decodeRow<Record<string, unknown>>(entity, row);
			const values = Object.keys(entity.fields)
				.filter((name) => record[name] !== null && record[name] !== undefined)
				.map((name) => [name, record[name]] as const);
			tables.records[`${entity.name} ${String(row.id)}`] = {
				v: Object.fromEntries(values.sort(([a], [b]) => (a < b ? -1 : 1))),
				fv: Object.fromEntries(Object.entries(readVersions(row.fv as string)).sort(([a], [b]) => (a < b ? -1 : 1))),
				deleted: row.deleted_at !== null,
			};
		}
	}
	const updates = raw.prepare('SELECT entity, row_id, field, bytes FROM text_update').all() as {
		entity: string;
		row_id: string;
		field: string;
		bytes: Buffer;
	}[];
	for (const { entity, row_id, field, bytes } of updates) {
		const key = `${entity} ${row_id} ${field}`;
		tables.texts[key] = [...(tables.texts[key] ?? []), bytes.toString('base64')].sort();
	}
	return tables;
}
