import type { OldStore, StoreOptions } from '../../../db/open-store.ts';
import { storeError } from '../../../db/store-error.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import { BackupFolder } from './backup-folder.ts';
import { checkCopy } from './check-copy.ts';

/**
 * Backs a store up before it is brought up to date: nobody works in it yet, so it is written out whole by the driver itself,
 * which encrypts the copy under the same key, and read back. When that fails nothing is migrated; throws CoreError.
 */
export function backUpBeforeMigration({ key, keyHex = '', nativeBinding }: StoreOptions, now: Date) {
	return ({ raw, file, from }: OldStore): void => {
		const folder = new BackupFolder(file);
		try {
			const pages =
				Number(raw.pragma('page_count', { simple: true })) * Number(raw.pragma('page_size', { simple: true }));
			const part = folder.begin(now, 'migration', pages);
			raw.prepare('VACUUM INTO ?').run(part);
			const keys = [key ?? Buffer.from(keyHex, 'hex')];
			const facts = checkCopy({ file: part, keys, nativeBinding, isThorough: true });
			if (facts.schema !== from) throw new CoreError('io_error', 'The backup is not of the version it was made from.');
			folder.finish(part);
		} catch (error) {
			folder.clear();
			throw storeError(error);
		}
	};
}
