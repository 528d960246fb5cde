import { buildServer } from './app.ts';
import { seedLogins, seedSample } from './seed.ts';
import { readSettings, type Settings, USAGE } from './settings.ts';
import { openStore } from './store/open-store.ts';
import { readIdentity } from './sync/sync-core.ts';

/** Starts the central API, prints one JSON line when it listens, and ends cleanly on SIGTERM and SIGINT. */
async function main(settings: Settings): Promise<void> {
	const clock = () => new Date();
	const store = await openStore(
		settings.databaseUrl ? { url: settings.databaseUrl } : { dir: settings.dataDir },
		clock(),
	);
	try {
		if (settings.sample) await seedSample(store.db, clock());
		if (settings.logins.length > 0) await seedLogins(store.db, settings.logins, clock());
		const app = await buildServer({ db: store.db, clock, report: (error) => console.error(error) });
		const listening = await app.listen({ port: settings.port, host: settings.host });
		endOnSignal(async () => {
			await app.close();
			await store.close();
		});
		const { epoch } = await readIdentity(store.db);
		process.stdout.write(`${JSON.stringify({ listening, store: store.kind, epoch })}\n`);
	} catch (error) {
		await store.close();
		throw error;
	}
}

function endOnSignal(close: () => Promise<void>): void {
	let isEnding = false;
	const end = () => {
		if (isEnding) return;
		isEnding = true;
		// Not process.exit at once: a request under way is answered first, and the store is closed.
		close().then(
			() => process.exit(0),
			(error: unknown) => fail(error),
		);
	};
	process.on('SIGTERM', end);
	process.on('SIGINT', end);
}

function fail(error: unknown): never {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
}

try {
	if (process.argv.includes('--help')) process.stdout.write(USAGE);
	else await main(readSettings(process.argv.slice(2), process.env));
} catch (error) {
	fail(error);
}
