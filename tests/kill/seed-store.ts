import { seedLogins, seedRecords } from '../../server/seed.ts';
import { openStore, type StorePlace } from '../../server/store/open-store.ts';

/** Two people on one account. */
export async function seedStore(place: StorePlace): Promise<void> {
	const now = new Date();
	const { db, close } = await openStore(place, now);
	await seedRecords(
		db,
		[
			{ t: 'account', id: 'a-1', v: { account_no: 'S-0001', name: 'Halden Pharma AG (fictional)' } },
			{ t: 'app_user', id: 'u-sam', v: { name: 'Ada Lind', role: 'SAM' } },
			{ t: 'app_user', id: 'u-specialist', v: { name: 'Ben Roth', role: 'SPECIALIST' } },
		],
		now,
	);
	const logins = ['sam', 'specialist'].map((who) => ({ userId: `u-${who}`, token: `dev-${who}`, accounts: ['a-1'] }));
	await seedLogins(db, logins, now);
	await close();
}
