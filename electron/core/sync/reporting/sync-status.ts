import { readMeta } from '../../../../db/meta.ts';
import type { SyncStatus } from '../../../../shared/contract/sync-models.ts';
import { SCHEMA } from '../../../../shared/sync/protocol.ts';
import { readBrake } from '../leaving/brake.ts';
import { sendingSequence } from '../sending/outbox-order.ts';
import { countUnsent } from '../sending/push.ts';
import type { LoopState, SyncSetup } from '../sync-loop.ts';

/** The state in words' place: `acknowledged` only when the server has everything and was reached last time; `partly` when files or refused changes are here alone. */
export function readStatus(
	setup: SyncSetup,
	state: LoopState,
	{ paused, metered }: { paused: boolean; metered: boolean },
): SyncStatus {
	const { store } = setup;
	const unsent = countUnsent(store).changes;
	const count = (sql: string, ...values: string[]) =>
		store
			.statement(sql)
			.pluck()
			.get(...values) as number;
	const acknowledgedAt = readMeta(store, 'acknowledged_at') ?? null;
	const problem = setup.isSignedOut() ? 'signed_out' : state.problem;
	const isOnline = setup.transport !== undefined;
	const refused = count('SELECT count(*) FROM outbox_op WHERE refused IS NOT NULL');
	const files = countFiles(setup);
	const remaining = refused + files.up;
	return {
		state: stateOf({ paused, online: isOnline, unsent, remaining, state: { ...state, problem }, acknowledgedAt }),
		unsent,
		urgent: count('SELECT count(DISTINCT unit) FROM outbox WHERE urgent = 1 AND sent_at IS NULL'),
		done: state.done,
		total: state.total,
		acknowledgedAt,
		pulledAt: readMeta(store, 'pulled_at') ?? null,
		problem,
		conflicts: count('SELECT count(*) FROM conflict WHERE decided_at IS NULL AND deleted_at IS NULL'),
		refused,
		homeless: Number(readMeta(store, 'homeless') ?? 0),
		// One's own late work is for the others to take over.
		handovers: count(
			'SELECT count(*) FROM handover WHERE deleted_at IS NULL AND taken_at IS NULL AND from_user <> ?',
			setup.session.userId,
		),
		awaitingServer: countWaiting(setup),
		files,
		paused,
		metered,
		meteredChoice: (readMeta(store, 'metered') as 'yes' | 'no' | undefined) ?? 'auto',
		brake: readBrake(store),
		nextAttemptAt: state.nextAttemptAt ? new Date(state.nextAttemptAt).toISOString() : null,
	};
}

/** Only with a server older than this laptop is there anything to look for. */
function countWaiting({ store }: SyncSetup): number {
	if (Number(readMeta(store, 'server_schema') ?? SCHEMA) >= SCHEMA) return 0;
	const unit = store.statement('SELECT unit FROM outbox WHERE group_no = ?').pluck();
	return new Set([...sendingSequence(store).waiting].map((no) => unit.get(no))).size;
}

function countFiles({ store }: SyncSetup): SyncStatus['files'] {
	return store
		.statement(
			`SELECT count(CASE WHEN q.direction = 'up' THEN 1 END) AS up, count(CASE WHEN q.direction = 'down' THEN 1 END) AS down,
			coalesce(sum(b.size - CASE WHEN q.direction = 'down' THEN b.bytes_here ELSE 0 END), 0) AS bytesLeft
			FROM blob_queue q LEFT JOIN blob b ON b.sha256 = q.sha256
			WHERE EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = q.sha256 AND a.account_id = q.account_id AND a.deleted_at IS NULL)`,
		)
		.get() as SyncStatus['files'];
}

interface Known {
	paused: boolean;
	online: boolean;
	unsent: number;
	/** Files that are here alone, and changes that the server did not take. */
	remaining: number;
	state: LoopState;
	acknowledgedAt: string | null;
}

function stateOf({ paused, online, unsent, remaining, state, acknowledgedAt }: Known): SyncStatus['state'] {
	if (paused) return 'paused';
	if (!online || state.problem) return 'offline';
	if (state.running && state.total > 0) return 'syncing';
	if (unsent > 0) return 'unsent';
	if (!acknowledgedAt) return 'never';
	return remaining > 0 ? 'partly' : 'acknowledged';
}
