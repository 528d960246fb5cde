import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { BackupKind, BackupLine } from '../../../shared/contract/backup-models.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import { backupName, readBackupName } from './backup-names.ts';
import { renameDurably, syncFolder } from './durable.ts';
import { tooMany } from './keep-rules.ts';

/** Left free for the store itself. */
const RESERVE_BYTES = 300 * 1_048_576;
/** All backups together. */
const MOST_BYTES = 40 * 1024 ** 3;
const PART = '.part';

/** The folder beside the store that holds its backups. A file with a backup's name is complete; everything else is not. */
export class BackupFolder {
	readonly folder: string;
	/** Stays whatever the rules say: it is being gone back to. */
	spared: string | undefined;

	constructor(storeFile: string) {
		this.folder = `${storeFile}.backups`;
	}

	/** Complete backups, newest first. */
	list(): BackupLine[] {
		if (!existsSync(this.folder)) return [];
		return readdirSync(this.folder)
			.flatMap((name) => {
				const known = readBackupName(name);
				const stat = known && statSync(path.join(this.folder, name), { throwIfNoEntry: false });
				return known && stat?.isFile() && stat.size > 0 ? [{ ...known, bytes: stat.size }] : [];
			})
			.sort((one, other) => (one.at < other.at ? 1 : -1));
	}

	/** Where a backup lies. Throws `not_found`. */
	pathOf(name: string): string {
		const file = path.join(this.folder, name);
		if (!readBackupName(name) || !existsSync(file)) throw new CoreError('not_found', 'There is no such backup.');
		return file;
	}

	/** A place for a backup on its way, with room for it; older ones go where there is none. Throws `disk_full`. */
	begin(at: Date, kind: BackupKind, bytes: number): string {
		// A folder that was just made is itself only there for sure once the one it lies in is on the disk.
		if (mkdirSync(this.folder, { recursive: true, mode: 0o700 })) syncFolder(path.dirname(this.folder));
		chmodSync(this.folder, 0o700);
		this.clear();
		this.#makeRoom(bytes);
		return path.join(this.folder, `${backupName(at, kind)}${PART}`);
	}

	/** From here on it is a backup; those that are too many go. */
	finish(part: string): string {
		const file = part.slice(0, -PART.length);
		removeStoreFiles(part, { keepMain: true });
		renameDurably(part, file);
		for (const { name } of tooMany(this.list(), Math.min(MOST_BYTES, this.#room())))
			if (name !== this.spared) this.#remove(name);
		return path.basename(file);
	}

	/** Removes what broke off. */
	clear(): void {
		if (!existsSync(this.folder)) return;
		for (const name of readdirSync(this.folder))
			if (name.includes(PART)) rmSync(path.join(this.folder, name), { force: true });
	}

	#remove(name: string): void {
		removeStoreFiles(path.join(this.folder, name));
		syncFolder(this.folder);
	}

	/** Half of what is free and what backups hold already. */
	#room(): number {
		const held = this.list().reduce((sum, { bytes }) => sum + bytes, 0);
		return (this.#free() + held) / 2;
	}

	#free(): number {
		try {
			const at = statfsSync(this.folder);
			return at.bavail * at.bsize;
		} catch {
			return Number.MAX_SAFE_INTEGER;
		}
	}

	#makeRoom(bytes: number): void {
		const oldest = this.list()
			.filter(({ name }) => name !== this.spared)
			.reverse();
		while (this.#free() < bytes + RESERVE_BYTES) {
			const [first] = oldest.length > 2 ? oldest.splice(0, 1) : [];
			if (!first) throw new CoreError('disk_full', 'The disk has too little room for a backup.');
			this.#remove(first.name);
		}
	}
}

/** Removes a store file and the logs beside it. */
export function removeStoreFiles(file: string, { keepMain = false } = {}): void {
	for (const rest of ['-wal', '-shm', '-journal', ...(keepMain ? [] : [''])]) rmSync(`${file}${rest}`, { force: true });
}
