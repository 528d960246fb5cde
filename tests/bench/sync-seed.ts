// Fills the folder of an embedded server store: node sync-seed.ts FOLDER COUNT
import { seedLogins, seedRecords } from '../../server/seed.ts';
import { openStore } from '../../server/store/open-store.ts';
import { accountIds, productRecords } from './sync-records.ts';

const [folder, count] = process.argv.slice(2);
const url = process.env['DATABASE_URL'];
const now = new Date('2026-11-23T08:00:00Z');
const store = await openStore(url ? { url } : { dir: folder as string }, now);
await seedRecords(store.db, [...productRecords(Number(count))], now);
const accounts = accountIds();
await seedLogins(
	store.db,
	['bench-a', 'bench-b', 'bench-warm'].map((token) => ({ userId: `u-${token}`, token, accounts })),
	now,
);
await store.close();
