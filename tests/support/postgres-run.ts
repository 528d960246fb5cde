import type { TestProject } from 'vitest/node';
import { type Postgres, startPostgres, whyNoPostgres } from './postgres.ts';

declare module 'vitest' {
	interface ProvidedContext {
		/** The PostgreSQL of this run; null where there is none for the platform. */
		postgresUrl: string | null;
	}
}

let postgres: Postgres | undefined;

/** Starts one PostgreSQL for the whole run; each test server in it has a schema of its own. */
export async function setup(project: TestProject): Promise<void> {
	const reason = whyNoPostgres();
	if (reason) console.warn(`Not run on PostgreSQL: ${reason}. The same tests run on the embedded store.`);
	else postgres = await startPostgres();
	project.provide('postgresUrl', postgres?.url ?? null);
}

export async function teardown(): Promise<void> {
	await postgres?.stop();
}
