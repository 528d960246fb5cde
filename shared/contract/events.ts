import type { ReadTable } from './define.ts';
import type { ImportProgress } from './models.ts';
import type { SyncStatus } from './sync-models.ts';

/** What core tells every window. */
export type CoreEvent =
	| { type: 'tables-changed'; tables: ReadTable[] }
	| { type: 'sync-status'; status: SyncStatus }
	| { type: 'progress'; callId: string; progress: ImportProgress };
