import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** The store as a query sees it: it can ask, and nothing else. */
export type ReadDb = Pick<Kysely<Tables>, 'selectFrom' | 'with' | 'fn' | 'selectNoFrom' | 'case' | 'dynamic'>;
