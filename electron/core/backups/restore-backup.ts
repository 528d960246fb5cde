import type { Store } from '../../../db/open-store.ts';
import type { RestoreResult } from '../../../shared/contract/backup-models.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { ImportProgress } from '../../../shared/contract/models.ts';
import type { BackupDesk } from './backup-desk.ts';
import { prepareRestore } from './prepare-restore.ts';
import { announceRestore } from './settle-restore.ts';

/**
 * Closes the store once `prepare` is done, puts what was announced in its place and opens that. Nothing else reaches the
 * store meanwhile; when `prepare` throws, the present store is opened again. Answers where a damaged one was kept.
 */
export type Replace = (
	prepare: (present: Store | undefined) => void,
	options: { isDamaged: boolean },
) => Promise<string | null>;

interface RestoreOrder {
	name: string;
	keepUnsent: boolean;
	progress(progress: ImportProgress): void;
	signal: AbortSignal;
}

/** Goes back to a backup. What is there now is backed up first, when it can be read. Throws CoreError; then all is as before. */
export async function restoreBackup(
	desk: BackupDesk,
	{ name, keepUnsent, progress, signal }: RestoreOrder,
	replace: Replace,
): Promise<RestoreResult> {
	const { file, keys, nativeBinding, at } = desk.store;
	desk.folder.spared = name;
	progress({ stage: 'checking', done: 0, total: null });
	await desk.recheck(name, signal);
	const before = await backUpPresent(desk, { progress, signal });
	progress({ stage: 'restoring', done: 0, total: null });
	let carried: ReturnType<typeof prepareRestore> = null;
	const keptAside = await replace(
		(present) => {
			const backup = desk.folder.pathOf(name);
			carried = prepareRestore({ file, backup, keys, nativeBinding, keepUnsent, present: present?.raw });
			at?.('prepared');
			announceRestore(file);
		},
		{ isDamaged: before === null },
	);
	const { taken, left, unread } = carried ?? { taken: 0, left: 0, unread: null };
	return { before, keptAside, taken, left, unread };
}

/** Null when the store is damaged; it is then kept as the file it is. */
async function backUpPresent(
	desk: BackupDesk,
	options: Pick<RestoreOrder, 'progress' | 'signal'>,
): Promise<string | null> {
	if (desk.isDamaged) return null;
	try {
		return await desk.make('restore', options);
	} catch (error) {
		if (error instanceof CoreError && error.code === 'store_damaged') return null;
		throw error;
	}
}
