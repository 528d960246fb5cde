import { readMeta, writeMeta } from '../../../../db/meta.ts';
import { isPending, purgeRecords } from '../../../../db/purge.ts';
import { entities } from '../../../../shared/entities/registry.ts';
import { LONGEST_AWAY_MS } from '../../../../shared/sync/longest-away.ts';
import type { Round } from '../sync-round.ts';

const EVERY_MS = 7 * 86_400_000;
/** Records that go in one transaction. */
const AT_ONCE = 200;

const remote = { label: 'Received', origin: 'remote' } as const;

/**
 * Takes records off the laptop that were deleted longer ago than any laptop may be away, once a week. Nothing of them is
 * unsent, the office has heard of the deletion, and what it still says of them would only be deleted again.
 */
export async function forgetDeleted(round: Round): Promise<void> {
	const { store, dispatcher } = round;
	const now = Date.parse(round.serverNow ?? '');
	const last = Date.parse(readMeta(store, 'tidied_at') ?? '');
	if (!(now > 0) || Math.abs(now - last) < EVERY_MS) return;
	const before = new Date(now - LONGEST_AWAY_MS).toISOString();
	for (const { name, table } of Object.values(entities)) {
		const old = await dispatcher.exclusively(
			() => store.statement(`SELECT id FROM ${table} WHERE deleted_at < ?`).pluck().all(before) as string[],
		);
		for (let from = 0; from < old.length; from += AT_ONCE)
			await dispatcher.runUnit(remote, (unit) => {
				const stillOld = store.statement(`SELECT 1 FROM ${table} WHERE id = ? AND deleted_at < ?`);
				const some = old.slice(from, from + AT_ONCE);
				purgeRecords(
					unit,
					name,
					some.filter((id) => stillOld.get(id, before) && !isPending(store, id)),
				);
			});
	}
	await dispatcher.exclusively(() => writeMeta(store, 'tidied_at', new Date(now).toISOString()));
}
