import type { BackupKind, BackupLine } from '../../../shared/contract/backup-models.ts';

const DAYS = 7;
const WEEKS = 4;
/** Of these kinds more than the newest: going to and fro must not lose where one came from, and what was asked for is meant. */
const SEVERAL: Partial<Record<BackupKind, number>> = { restore: 3, asked: 5 };
/** These stay however little room there is. */
const ALWAYS = 2;

/**
 * The backups that may go: all but the newest of each of the last seven days and four weeks that have one, and the newest
 * of each kind (three of those made before a restore, five of those asked for); of those, the oldest too while together they hold more than `mostBytes`. Days are local days.
 */
export function tooMany(backups: readonly BackupLine[], mostBytes: number): BackupLine[] {
	const newestFirst = [...backups].sort((one, other) => (one.at < other.at ? 1 : -1));
	const kept = new Set<BackupLine>([
		...newestOf(newestFirst, localDay, DAYS),
		...newestOf(newestFirst, localWeek, WEEKS),
		...newestOf(newestFirst, ({ kind }) => kind, Number.POSITIVE_INFINITY),
		...Object.entries(SEVERAL).flatMap(([kind, most]) => newestFirst.filter((one) => one.kind === kind).slice(0, most)),
	]);
	let bytes = 0;
	let count = 0;
	for (const backup of newestFirst) {
		if (!kept.has(backup)) continue;
		bytes += backup.bytes;
		count += 1;
		if (count > ALWAYS && bytes > mostBytes) kept.delete(backup);
	}
	return newestFirst.filter((backup) => !kept.has(backup));
}

function newestOf(
	newestFirst: readonly BackupLine[],
	slot: (backup: BackupLine) => string,
	most: number,
): BackupLine[] {
	const found = new Map<string, BackupLine>();
	for (const backup of newestFirst) if (!found.has(slot(backup))) found.set(slot(backup), backup);
	return [...found.values()].slice(0, most);
}

/** The local day of an instant, as YYYY-MM-DD. */
export function localDay({ at }: { at: string }): string {
	const day = new Date(at);
	return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

/** The Monday of the local week. */
function localWeek({ at }: { at: string }): string {
	const day = new Date(at);
	day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
	return localDay({ at: day.toISOString() });
}
