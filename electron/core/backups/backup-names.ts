import type { BackupKind, BackupLine } from '../../../shared/contract/backup-models.ts';

const KINDS: readonly BackupKind[] = ['daily', 'asked', 'migration', 'import', 'change', 'leave', 'restore'];
const NAME = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z-([a-z]+)\.db$/;

/** The file name of a backup made at this instant: when and why, and nothing of what is in it. */
export function backupName(at: Date, kind: BackupKind): string {
	return `${at.toISOString().replaceAll(/[-:.]/g, '')}-${kind}.db`;
}

/** When and why, from a file name; undefined for a file that is no complete backup. */
export function readBackupName(name: string): Omit<BackupLine, 'bytes'> | undefined {
	const parts = NAME.exec(name);
	const kind = KINDS.find((one) => one === parts?.[8]);
	if (!parts || !kind) return undefined;
	const [, year, month, day, hour, minute, second, ms] = parts;
	const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
	return Number.isNaN(at.getTime()) ? undefined : { name, kind, at: at.toISOString() };
}
