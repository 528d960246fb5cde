import { existsSync } from 'node:fs';
import { CoreError } from '../../../shared/contract/errors.ts';
import { keptFiles } from '../kept-files.ts';
import type { BlobFolder } from './blob-folder.ts';
import type { BlobName } from './blob-format.ts';
import type { FileSetup } from './file-loop.ts';
import { noteHere, noteState } from './file-queue.ts';

interface Known extends BlobName {
	state: string | null;
	/** 1: the office has yet to get it. */
	unsent: number;
}

/**
 * Puts disk and store in step after whatever ended the last run, before anything is written. A file that was written and
 * not noted goes, unless a record speaks of just that one; a file that is noted and not there is said to be missing.
 */
export async function recoverFiles({
	store,
	runUnit,
	folder,
}: Pick<FileSetup, 'store' | 'runUnit' | 'folder'>): Promise<void> {
	const isEmpty = store.statement('SELECT 1 FROM blob LIMIT 1').get() === undefined;
	if (isEmpty && !existsSync(folder.folder)) return;
	const inventory = await folder.inventory();
	const known = store
		.statement(
			`SELECT a.sha256, max(a.size) AS size, b.state,
				EXISTS (SELECT 1 FROM blob_queue q WHERE q.sha256 = a.sha256 AND q.direction = 'up') AS unsent
			FROM attachment a LEFT JOIN blob b ON b.sha256 = a.sha256 GROUP BY a.sha256`,
		)
		.all() as Known[];
	const spared = keptFiles(store);
	const kept: string[] = [...spared.names];
	for (const file of known) {
		const isThere = inventory.has(file.sha256);
		if (isThere && (file.state === 'here' || file.state === 'damaged')) kept.push(file.sha256);
		else if (isThere && (await isWhole(folder, file))) {
			await runUnit((unit) => noteHere(unit, file));
			kept.push(file.sha256);
		} else if (!isThere && file.state === 'here') {
			const state = file.unsent ? 'damaged' : 'absent';
			await runUnit((unit) => noteState(unit, { ...file, state, bytesHere: 0 }));
		}
	}
	const parts = store.statement("SELECT sha256 FROM blob WHERE state = 'partial'").all() as { sha256: string }[];
	if (spared.all) return;
	await inventory.keepOnly(
		kept,
		parts.map(({ sha256 }) => sha256),
	);
}

async function isWhole(folder: BlobFolder, { sha256, size }: BlobName): Promise<boolean> {
	try {
		const reader = await folder.open(sha256);
		const found = reader.size;
		for await (const _ of reader.stream());
		await reader.close();
		return found === size;
	} catch (error) {
		if (error instanceof CoreError) return false;
		throw error;
	}
}
