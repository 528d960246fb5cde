import fs from 'node:fs';
import path from 'node:path';
import { openStore } from '../../db/open-store.ts';
import { BackupFolder } from '../../electron/core/backups/backup-folder.ts';
import { checkCopy, openByOneOf } from '../../electron/core/backups/check-copy.ts';
import { hasCutLog } from '../../electron/core/backups/cut-log.ts';
import { BlobFolder } from '../../electron/core/files/blob-folder.ts';
import { fileKeys } from '../../electron/core/files/file-keys.ts';
import { SlotError } from '../../electron/main/vault/slots.ts';
import { readSlots, workspacePaths } from '../../electron/main/vault/vault.ts';
import { CoreError } from '../../shared/contract/errors.ts';
import { recordTables, rowHash } from '../backups/row-hash.ts';
import { createRandom, type Random } from '../sim/random.ts';
import { removeFolder, temporaryFolder } from '../support/app.ts';
import { keysOf, makeWorkbook } from './check-workbook.ts';
import { withoutTags } from './plants.ts';
import type { Options, Result } from './result.ts';
import { type Built, buildVictim, Victim } from './victim.ts';

/** Noticed: it was refused. Same: everything reads as it was written. Silent: something else is read, and nothing is said. */
type Outcome = 'noticed' | 'same' | 'silent';

/** A file whose bits are hit, and the reading of everything it is there for. */
interface Place {
	name: string;
	/** A workbook that nobody has open. */
	folder: string;
	file: string;
	read(userData: string): Promise<string>;
}

/**
 * Turns over one bit after the other: in the store, in its log after a kill, in a file, in a backup, in the key file. What
 * is then read must be what was written, or be refused.
 */
export async function run({ long, seed, plant }: Options): Promise<Result> {
	const random = createRandom(seed);
	const restore = plant ? withoutTags() : undefined;
	const built = await buildVictim();
	const folders = [temporaryFolder('bits'), temporaryFolder('bits-killed')] as const;
	const places: Record<string, Record<Outcome, number>> = {};
	const examples: string[] = [];
	try {
		for (const place of await prepare(built, folders, { seed, plant })) {
			const tally = { noticed: 0, same: 0, silent: 0 };
			places[place.name] = tally;
			const right = await onCopy(place, place.read);
			for (let round = 0; round < (long ? 2000 : 60); round++) {
				const { outcome, where } = await damageOnce(place, right, random);
				tally[outcome] += 1;
				if (outcome === 'silent') examples.push(`${place.name} ${where}`);
			}
		}
	} finally {
		restore?.();
		built.remove();
		for (const folder of folders) removeFolder(folder);
	}
	const sum = (outcome: Outcome) => Object.values(places).reduce((all, one) => all + one[outcome], 0);
	return {
		name: 'bits',
		ok: sum('silent') === 0,
		tried: sum('noticed') + sum('same') + sum('silent'),
		lost: sum('silent'),
		places,
		examples: examples.slice(0, 5),
	};
}

async function prepare(
	built: Built,
	[closed, killed]: readonly [string, string],
	{ seed, plant }: { seed: number; plant: boolean },
): Promise<Place[]> {
	const planted = plant ? { plant: 'no-tags' } : {};
	for (const folder of [closed, killed]) await makeWorkbook(folder);
	const first = new Victim(built, {
		folder: closed,
		seed,
		steps: 60,
		work: 'edit,type,import,file,backup',
		...planted,
	});
	await first.ended();
	const second = new Victim(built, { folder: killed, seed: seed + 1, work: 'edit,type', ...planted });
	await second.ready();
	while (second.kept.length < 40) await new Promise((resolve) => setTimeout(resolve, 20));
	await second.kill();
	const { store, slots } = workspacePaths('');
	const file = fs
		.readdirSync(path.join(closed, `${store}.files`), { recursive: true, encoding: 'utf8' })
		.map((name) => path.join(`${store}.files`, name))
		.find((name) => fs.statSync(path.join(closed, name)).isFile());
	const [backup] = new BackupFolder(path.join(closed, store)).list();
	if (!file || !backup) throw new Error('There is no file or no backup to damage.');
	return [
		{ name: 'store', folder: closed, file: store, read: readStore },
		{ name: 'log', folder: killed, file: `${store}-wal`, read: readStore },
		{ name: 'file', folder: closed, file, read: readFiles },
		{ name: 'backup', folder: closed, file: path.join(`${store}.backups`, backup.name), read: readBackup },
		{ name: 'key file', folder: closed, file: slots, read: readKeyFile },
	];
}

async function onCopy<T>({ folder }: Place, work: (userData: string) => Promise<T>): Promise<T> {
	const target = temporaryFolder('bit');
	try {
		fs.cpSync(folder, target, { recursive: true });
		return await work(target);
	} finally {
		removeFolder(target);
	}
}

function damageOnce(place: Place, right: string, random: Random): Promise<{ outcome: Outcome; where: string }> {
	return onCopy(place, async (target) => {
		const file = path.join(target, place.file);
		const bytes = fs.readFileSync(file);
		const at = random.int(bytes.length);
		const bit = random.int(8);
		bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
		fs.writeFileSync(file, bytes);
		const where = `byte ${at} of ${bytes.length}, bit ${bit}`;
		try {
			return { outcome: (await place.read(target)) === right ? 'same' : 'silent', where };
		} catch (error) {
			if (isRefusal(error)) return { outcome: 'noticed', where };
			return { outcome: 'silent', where: `${where}: ${String(error)}` };
		}
	});
}

function isRefusal(error: unknown): boolean {
	if (error instanceof CoreError || error instanceof SlotError) return true;
	return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}

const ALL = [...recordTables, 'outbox', 'outbox_op', 'meta', 'blob'];

async function readStore(userData: string): Promise<string> {
	const [key] = await keysOf(userData);
	const { store: file } = workspacePaths(userData);
	if (hasCutLog(file)) throw new CoreError('store_damaged', 'The log is not whole.');
	const store = openStore({ file, key });
	try {
		const found = rowHash(store.raw, ALL);
		// What no row lies in is seen when the whole store is read, as each day's backup does.
		if (store.raw.pragma('integrity_check', { simple: true }) !== 'ok')
			throw new CoreError('store_damaged', 'Damaged.');
		return found;
	} finally {
		store.close();
	}
}

async function readFiles(userData: string): Promise<string> {
	const [key] = await keysOf(userData);
	const store = openStore({ file: workspacePaths(userData).store, key });
	try {
		const folder = new BlobFolder(`${store.file}.files`, fileKeys(store, { key }));
		const names = store.raw.prepare('SELECT sha256 FROM attachment ORDER BY sha256').pluck().all() as string[];
		let all = '';
		for (const name of names) {
			const reader = await folder.open(name);
			try {
				all += (await reader.read(0, reader.size)).toString('latin1');
			} finally {
				await reader.close();
			}
		}
		return all;
	} finally {
		store.close();
	}
}

async function readBackup(userData: string): Promise<string> {
	const keys = await keysOf(userData);
	const folder = new BackupFolder(workspacePaths(userData).store);
	const file = folder.pathOf(folder.list()[0]?.name ?? '');
	checkCopy({ file, keys, nativeBinding: undefined, isThorough: true });
	const { raw } = openByOneOf({ file, keys, nativeBinding: undefined });
	try {
		return rowHash(raw, ALL);
	} finally {
		raw.close();
	}
}

/** Every way to the key, as it stands in the file. */
async function readKeyFile(userData: string): Promise<string> {
	const [key] = await keysOf(userData).catch((error: unknown) => {
		if (String(error).includes('passphrase')) throw new SlotError('damaged', 'The passphrase does not open it.');
		throw error;
	});
	return `${key?.toString('hex')} ${JSON.stringify(readSlots(workspacePaths(userData)))}`;
}
