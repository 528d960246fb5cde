import { PGlite } from '@electric-sql/pglite';
import type { Core, CoreOptions } from '../../electron/core/core.ts';
import { buildServer, type ServerOptions } from '../../server/app.ts';
import type { SeedRecord } from '../../server/seed.ts';
import { openStore, type Store } from '../../server/store/open-store.ts';

/** Laptops and servers as they were released, built by build/keep-release.mjs. */
export interface ReleasedCore {
	createCore(options: CoreOptions): Promise<Core>;
}

interface ReleasedServer {
	buildServer(options: ServerOptions): Promise<{
		listen(at: { port: number; host: string }): Promise<string>;
		close(): Promise<unknown>;
		server: { closeAllConnections(): void };
	}>;
	openStore(place: { pglite: PGlite }, now: Date): Promise<Store>;
	seedRecords(db: Store['db'], records: readonly SeedRecord[], now: Date): Promise<void>;
	seedLogins(
		db: Store['db'],
		logins: readonly { userId: string; token: string; accounts: readonly string[] }[],
		now: Date,
	): Promise<void>;
}

/** The core of a release. */
export async function releasedCore(name: string): Promise<ReleasedCore> {
	return (await import(`../releases/${name}/core.mjs`)) as ReleasedCore;
}

/** Starts the central API of a release on 127.0.0.1 with the tokens `dev-sam` and `dev-specialist`. */
export async function startReleasedServer(name: string, records: readonly SeedRecord[]) {
	const server = (await import(`../releases/${name}/server.mjs`)) as ReleasedServer;
	const pglite = await PGlite.create();
	const now = new Date();
	const store = await server.openStore({ pglite }, now);
	await server.seedRecords(store.db, records, now);
	const accounts = records.filter((record) => record.t === 'account').map((record) => record.id);
	const logins = ['sam', 'specialist'].map((name) => ({ userId: `u-${name}`, token: `dev-${name}`, accounts }));
	await server.seedLogins(store.db, logins, now);
	const end = await listen(await server.buildServer({ db: store.db, clock: () => new Date() }));
	return {
		url: end.url,
		/** Puts today's server on the same store and returns its address. */
		upgrade: async () => {
			await end.stop();
			const { db } = await openStore({ pglite }, new Date());
			Object.assign(end, await listen(await buildServer({ db, clock: () => new Date() })));
			return end.url;
		},
		stop: async () => {
			await end.stop();
			await pglite.close();
		},
	};
}

type App = Awaited<ReturnType<ReleasedServer['buildServer']>>;

async function listen(app: App) {
	const url = await app.listen({ port: 0, host: '127.0.0.1' });
	return {
		url,
		stop: async () => {
			app.server.closeAllConnections();
			await app.close();
		},
	};
}
