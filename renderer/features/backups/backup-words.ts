import type { BackupFacts, BackupKind, RestoreResult } from '../../../shared/contract/backup-models.ts';
import type { ImportProgress } from '../../../shared/contract/models.ts';
import { count, counted, fileSize } from '../../lib/numbers.ts';

const kinds: Record<BackupKind, string> = {
	daily: 'Daily',
	asked: 'You asked for it',
	migration: 'Before an update of Fieldbook',
	import: 'Before an import',
	change: 'Before many records changed',
	leave: 'Before accounts left this computer',
	restore: 'Before going back to a backup',
};

/** Why a backup was made. */
export function kindWords(kind: BackupKind): string {
	return kinds[kind];
}

/** "15 accounts, 12 issues"; what one would count when asked what is in it. */
export function holdsWords(holds: BackupFacts['holds']): string {
	if (holds.length === 0) return 'No records yet';
	return holds.map(({ label, count: number }) => `${count(number)} ${label}`).join(', ');
}

/** What would be different after going back, apart from unsent changes. */
export function sinceWords({ changedSince, importedSince }: BackupFacts): string {
	if (changedSince === null) return 'The workbook of today cannot be read, so what has happened since is not known.';
	const parts = [
		changedSince > 0 ? `${counted(changedSince, 'record')} changed` : null,
		importedSince ? `${counted(importedSince, 'row')} imported` : null,
	].filter((part) => part !== null);
	if (parts.length === 0) return 'Nothing has changed since.';
	return `${parts.join(', ')}. What the office has of it comes back with the next sync.`;
}

/** How far a backup or a restore has come. */
export function progressWords(progress: ImportProgress | null): string {
	switch (progress?.stage) {
		case 'copying':
			return progress.total
				? `Copying, ${fileSize(progress.done)} of ${fileSize(progress.total)}`
				: `Copying, ${fileSize(progress.done)}`;
		case 'checking':
			return 'Reading it back to be sure of it';
		case 'restoring':
			return 'Putting it in place. The workbook opens again by itself';
		default:
			return 'Starting';
	}
}

/** What has come of it. */
export function resultWords({ taken, left, unread, before, keptAside }: RestoreResult): string {
	const parts = [
		taken > 0 ? `${counted(taken, 'unsent change')} taken along.` : null,
		left > 0 ? `${counted(left, 'unsent change')} left out.` : null,
		unread ? `${counted(unread, 'unsent change')} could not be read.` : null,
		unread === null ? 'What had not been sent could not be read from the damaged workbook.' : null,
		before ? 'What was here before is a backup of its own.' : null,
		keptAside ? 'The damaged file was put aside, beside the workbook.' : null,
	];
	return parts.filter((part) => part !== null).join(' ');
}
