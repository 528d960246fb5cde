import { firstSchema } from './0001-first-schema.ts';
import { figureIndexes } from './0002-figure-indexes.ts';
import { syncWhole } from './0003-sync-whole.ts';

/** Every migration in order; its place in the list is the store's `user_version` after it. Only ever appended to. */
export const migrations: readonly { name: string; sql: string }[] = [
	{ name: '0001-first-schema', sql: firstSchema },
	{ name: '0002-figure-indexes', sql: figureIndexes },
	{ name: '0003-sync-whole', sql: syncWhole },
];
