import { readMeta } from '../../../db/meta.ts';
import type { SyncStatus } from '../../../shared/contract/models.ts';
import { countUnsent } from './push.ts';
import type { LoopState, SyncSetup } from './sync-loop.ts';

/** The state in words' place: `acknowledged` only when the server has answered for everything and was reached last time. */
export function readStatus(setup: SyncSetup, state: LoopState, paused: boolean): SyncStatus {
	const { store } = setup;
	const unsent = countUnsent(store).changes;
	const conflicts = count(setup, 'SELECT count(*) AS n FROM conflict WHERE decided_at IS NULL AND deleted_at IS NULL');
	const refused = count(setup, 'SELECT count(*) AS n FROM outbox_op WHERE refused IS NOT NULL');
	const acknowledgedAt = readMeta(store, 'acknowledged_at') ?? null;
	return {
		state: stateOf({ paused, online: setup.transport !== undefined, unsent, state, acknowledgedAt }),
		unsent,
		done: state.done,
		total: state.total,
		acknowledgedAt,
		pulledAt: readMeta(store, 'pulled_at') ?? null,
		problem: state.problem,
		conflicts,
		refused,
		paused,
		nextAttemptAt: state.nextAttemptAt ? new Date(state.nextAttemptAt).toISOString() : null,
	};
}

function count(setup: SyncSetup, sql: string): number {
	return (setup.store.statement(sql).get() as { n: number }).n;
}

interface Known {
	paused: boolean;
	online: boolean;
	unsent: number;
	state: LoopState;
	acknowledgedAt: string | null;
}

function stateOf({ paused, online, unsent, state, acknowledgedAt }: Known): SyncStatus['state'] {
	if (paused) return 'paused';
	if (!online || state.problem) return 'offline';
	if (state.running && state.total > 0) return 'syncing';
	if (unsent > 0) return 'unsent';
	return acknowledgedAt ? 'acknowledged' : 'never';
}
