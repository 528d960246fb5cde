import { copyFileSync, existsSync, linkSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { removeStoreFiles } from './backup-folder.ts';
import { putCutLogAside } from './cut-log.ts';
import { renameDurably, syncFolder } from './durable.ts';

/** A store on its way to take the place of another, and one that is complete and is to do so. */
export const comingFile = (file: string): string => `${file}.restoring`;
export const restoredFile = (file: string): string => `${file}.restored`;

/** From here on the restore will be brought to its end, also after a crash. `coming` is closed and has been checked. */
export function announceRestore(file: string): void {
	removeStoreFiles(comingFile(file), { keepMain: true });
	renameDurably(comingFile(file), restoredFile(file));
}

/** The moments between the steps of a backup and of going back to one. */
export const BACKUP_POINTS = [
	/** A copy is written; and has been read whole; and has its name. */
	'copied',
	'checked',
	'named',
	/** The store to come is whole beside the present one; and is to take its place. */
	'prepared',
	'announced',
	/** The present one is kept aside where it must be; its log is gone; and it has been replaced. */
	'kept',
	'log gone',
	'renamed',
] as const;
/** Called at each; a test may end the process there. In the product nothing happens. */
export type AtBackupPoint = (point: (typeof BACKUP_POINTS)[number]) => void;

/**
 * Brings a restore that was announced to its end, and removes one that was not. Only while nobody has the store open. A
 * present store that was not closed in order is kept aside, with its log: answers where, or null.
 */
export function settleRestore(file: string, { keep, now, at = () => {} }: SettleOptions): string | null {
	forget(comingFile(file));
	if (!existsSync(restoredFile(file))) return null;
	at('announced');
	const log = `${file}-wal`;
	const hasLog = existsSync(log) && statSync(log).size > 0;
	const aside = existsSync(file) && (keep || hasLog) ? asideName(file, now) : null;
	if (aside) keepAside(file, aside);
	at('kept');
	// The log belongs to the store that goes: left there, it would be read into the one that comes.
	if (aside && hasLog) renameSync(log, `${aside}-wal`);
	removeStoreFiles(file, { keepMain: true });
	putCutLogAside(file, asideName(file, now));
	syncFolder(path.dirname(file));
	at('log gone');
	renameSync(restoredFile(file), file);
	syncFolder(path.dirname(file));
	at('renamed');
	return aside;
}

/** What was never announced is rubbish; that it cannot be removed keeps nobody from their store. */
function forget(coming: string): void {
	try {
		removeStoreFiles(coming);
	} catch {
		// The next start tries again.
	}
}

interface SettleOptions {
	/** Keeps the present store in any case: it is damaged. */
	keep: boolean;
	now: Date;
	at?: AtBackupPoint | undefined;
}

function asideName(file: string, now: Date): string {
	return `${file}.damaged-${now.toISOString().replaceAll(/[-:.]/g, '')}`;
}

/** A second name for it, so that there is a store under the first one at every moment. */
function keepAside(file: string, aside: string): void {
	try {
		linkSync(file, aside);
	} catch {
		copyFileSync(file, aside);
	}
}
