import { sql } from 'kysely';
import type { BackupFacts, LeftChange } from '../../shared/contract/backup-models.ts';
import { CoreError } from '../../shared/contract/errors.ts';
import { type EntityName, getEntity } from '../../shared/entities/registry.ts';
import type { CopyFacts } from './backups/check-copy.ts';
import { restoreBackup } from './backups/restore-backup.ts';
import type { ActionContext, Handlers, QueryContext } from './handler.ts';
import { unsentChanges } from './sync/sending/unsent.ts';

/** What a person would count when asked what is in a backup, in this order. */
const TOLD: readonly EntityName[] = [
	'account',
	'contact',
	'issue',
	'visit',
	'note',
	'task',
	'attachment',
	'patent_asset',
	'renewal_event',
];
const MOST_LISTED = 200;

export const backupHandlers: Handlers<'backups.about' | 'backups.make' | 'backups.restore'> = {
	'backups.about': async (context, { name }) => {
		const { desk } = backupsOf(context);
		const facts = await desk.about(name, context.signal);
		const at = desk.list().backups.find((backup) => backup.name === name)?.at ?? '';
		const since = await context.read((query) => readSince(query, { at, facts })).catch(() => UNKNOWN);
		return { holds: holdsOf(facts), ...since };
	},
	'backups.make': async (context) => {
		const { desk } = backupsOf(context);
		return { name: await desk.make('asked', { progress: context.progress, signal: context.signal }) };
	},
	'backups.restore': async (context, { name, keepUnsent }) => {
		const { desk, replace } = backupsOf(context);
		const { progress } = context;
		return restoreBackup(desk, { name, keepUnsent, progress, signal: context.signal }, replace);
	},
};

function backupsOf({ backups }: ActionContext): NonNullable<ActionContext['backups']> {
	if (!backups) throw new CoreError('not_found', 'This store has no backups.');
	return backups;
}

/** What a backup holds, in words; kinds it has none of are left out. */
export function holdsOf({ counts }: CopyFacts): BackupFacts['holds'] {
	return TOLD.flatMap((name) => {
		const count = counts[name] ?? 0;
		const { label, plural } = getEntity(name);
		return count > 0 ? [{ label: (count === 1 ? label : plural).toLowerCase(), count }] : [];
	});
}

const UNKNOWN = { changedSince: null, importedSince: null, unsentSince: [] };

/** What has happened in the present store since. */
async function readSince(
	context: QueryContext,
	{ at, facts }: { at: string; facts: CopyFacts },
): Promise<Omit<BackupFacts, 'holds'>> {
	const { db } = context;
	const changed = await sql<{ n: number }>`
		SELECT count(DISTINCT row_id) AS n FROM history WHERE at > ${at}`.execute(db as never);
	const imported = await db
		.selectFrom('import_batch')
		.select((eb) => eb.fn.sum<number | null>('rows_ok').as('n'))
		.where('finished_at', '>', at)
		.where('deleted_at', 'is', null)
		.executeTakeFirst();
	const unsent = await unsentChanges(context);
	const unsentSince: LeftChange[] = unsent
		.filter((change) => change.refused === null && (change.at > at || change.group > facts.lastGroup))
		.slice(0, MOST_LISTED)
		.map(({ at: when, label, title, account_name }) => ({ at: when, label, title, account_name }));
	return { changedSince: changed.rows[0]?.n ?? 0, importedSince: imported?.n ?? 0, unsentSince };
}
