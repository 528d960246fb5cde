import type { Store } from '../../../../db/open-store.ts';

/** One request of a round, without anything of its content. */
export interface LogStep {
	step: string;
	ms: number;
	/** On the wire, both ways. */
	bytes: number;
}

const MOST_LINES = 10_000;

/** Notes a round's steps in a ring of 10,000 lines; the last one says why the round ended, if it ended early. */
export function writeSyncLog(
	store: Store,
	round: { at: string; steps: readonly LogStep[]; problem: string | null },
): void {
	const insert = store.statement(
		'INSERT INTO sync_log (at, step, ms, bytes, items, problem) VALUES (?, ?, ?, ?, ?, ?)',
	);
	for (const { step, ms, bytes } of round.steps) insert.run(round.at, step, Math.round(ms), bytes, 1, null);
	const last = insert.run(round.at, 'end', 0, 0, round.steps.length, round.problem).lastInsertRowid;
	store.statement('DELETE FROM sync_log WHERE id <= ?').run(Number(last) - MOST_LINES);
}
