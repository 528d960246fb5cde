import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { AtCrashPoint } from '../crash-points.ts';
import type { Tables } from '../store/tables.ts';
import { type BackupHead, checkBackup, readBackupHead, readState, writeBackup } from './backup-file.ts';
import { fileTime } from './restore.ts';

const EVERY_MS = 5 * 60_000;
/** The newest ones, and besides the last of each of the last days. */
const KEEP_NEWEST = 6;
const KEEP_DAYS = 7;

export interface BackupOptions {
	db: Kysely<Tables>;
	/** The folder of the backups; made when it is not there. */
	folder: string;
	clock: () => Date;
	everyMs?: number;
	report: (error: unknown) => void;
	crashPoint?: AtCrashPoint | undefined;
}

export interface Backups {
	/** Everything up to this commit is in a backup on disk. */
	durableSeq(): number;
	/** Writes one when anything has changed since the last. */
	backUp(): Promise<void>;
	/** Ends the rounds with a last backup. */
	close(): Promise<void>;
}

/** Backs the store up now unless the newest backup has it all, then every five minutes while it changes, and at the end; old backups are thrown out. */
export async function keepBackups(options: BackupOptions): Promise<Backups> {
	const { db, folder, clock, report } = options;
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	let saved = await readNewest(db, folder);
	let last: Promise<void> = Promise.resolve();
	const backUp = async () => {
		if (saved?.state === (await readState(db))) return;
		const now = clock();
		saved = await writeBackup(db, join(folder, `fieldbook-${fileTime(now)}.jsonl.gz`), { ...options, now });
		throwOut(folder);
	};
	const inTurn = () => {
		last = last.then(backUp).catch(report);
		return last;
	};
	await inTurn();
	const timer = setInterval(inTurn, options.everyMs ?? EVERY_MS).unref();
	return {
		durableSeq: () => saved?.seq ?? 0,
		backUp: inTurn,
		close: async () => {
			clearInterval(timer);
			await inTurn();
		},
	};
}

/** The newest backup of a folder that is whole; undefined when there is none. */
export async function newestBackup(folder: string): Promise<string | undefined> {
	for (const file of backupsIn(folder)) {
		const isWhole = await checkBackup(file).then(
			() => true,
			() => false,
		);
		if (isWhole) return file;
	}
	return undefined;
}

/** Newest first. */
function backupsIn(folder: string): string[] {
	try {
		const names = readdirSync(folder).filter((name) => /^fieldbook-.*\.jsonl\.gz$/.test(name));
		return names
			.sort()
			.reverse()
			.map((name) => join(folder, name));
	} catch {
		return [];
	}
}

/** What an earlier run of this store has on disk; a store that was put back since has another epoch and nothing yet. */
async function readNewest(db: Kysely<Tables>, folder: string): Promise<BackupHead | undefined> {
	const newest = await newestBackup(folder);
	const head = newest ? await readBackupHead(newest) : undefined;
	const { server_epoch } = await db.selectFrom('meta').select('server_epoch').executeTakeFirstOrThrow();
	return head?.epoch === server_epoch ? head : undefined;
}

function throwOut(folder: string): void {
	const all = backupsIn(folder);
	const days = new Set<string>();
	all.forEach((file, index) => {
		const day = /fieldbook-(\d{4}-\d\d-\d\d)/.exec(file)?.[1] ?? '';
		const isLastOfDay = !days.has(day);
		days.add(day);
		if (index >= KEEP_NEWEST && !(isLastOfDay && days.size <= KEEP_DAYS)) rmSync(file, { force: true });
	});
	for (const name of readdirSync(folder)) if (name.endsWith('.part')) rmSync(join(folder, name), { force: true });
}
