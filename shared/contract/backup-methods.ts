import { z } from 'zod';
import type * as b from './backup-models.ts';
import { action, query } from './define.ts';

const name = z.string().regex(/^[0-9]{8}T[0-9]{9}Z-[a-z]+\.db$/, 'is no backup');
const progressId = z.string().max(64).optional();

/** Backups on this laptop and the way back to them, and everything in open formats. */
export const backupMethods = {
	'backups.list': query(z.strictObject({}), ['backup'])<b.BackupList>(),
	/** What one holds and what would be different after going back to it. */
	'backups.about': action(z.strictObject({ name }))<b.BackupFacts>(),
	/** Throws `disk_full`, `io_error`, or `store_damaged` when reading it back shows that the store is damaged. */
	'backups.make': action(z.strictObject({ progressId }))<{ name: string }>(),
	/**
	 * Goes back to a backup. What is here now is backed up first. `keepUnsent`: changes the office does not have yet are
	 * taken over; those that may already be on their way always are.
	 */
	'backups.restore': action(z.strictObject({ name, keepUnsent: z.boolean(), progressId }))<b.RestoreResult>(),
	/** Everything, or one account, as JSON lines and XLSX in one zip. What is written is not protected any more. */
	'export.everything': action(
		z.strictObject({
			target: z.string().min(1).max(64),
			account_id: z.string().min(1).max(64).nullable(),
			/** The bytes of files too. */
			files: z.boolean(),
			progressId,
		}),
	)<b.ExportResult>(),
};
