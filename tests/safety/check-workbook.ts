import { openStore, type Store } from '../../db/open-store.ts';
import { BackupFolder } from '../../electron/core/backups/backup-folder.ts';
import { checkCopy } from '../../electron/core/backups/check-copy.ts';
import { hasCutLog } from '../../electron/core/backups/cut-log.ts';
import { settleRestore } from '../../electron/core/backups/settle-restore.ts';
import { BlobFolder } from '../../electron/core/files/blob-folder.ts';
import { fileKeys } from '../../electron/core/files/file-keys.ts';
import { openPassphrase, openPrevious } from '../../electron/main/vault/seals.ts';
import { readSlots, workspacePaths } from '../../electron/main/vault/vault.ts';
import { getEntity } from '../../shared/entities/registry.ts';
import { bytes, noKeyring, quickDerive, TestDesk } from '../support/vault.ts';
import { PASSPHRASE } from './workbook.ts';

/** Something a person was told is kept. */
export type Kept =
	| { kind: 'field'; entity: 'issue' | 'note'; id: string; field: string; value: string }
	| { kind: 'text'; id: string; value: string }
	| { kind: 'rows'; batch: string; count: number }
	| { kind: 'file'; id: string; value: string }
	| { kind: 'backup'; name: string };

export interface Verdict {
	lost: string[];
	/** Damage, a pragma that is not as it must be, an import that is half there. */
	problems: string[];
}

const PRAGMAS: Record<string, string | number> = {
	journal_mode: 'wal',
	synchronous: 2,
	temp_store: 2,
	foreign_keys: 1,
	trusted_schema: 0,
	cell_size_check: 1,
	secure_delete: 1,
	cipher: 'chacha20',
};

const HALF_IMPORTS = `SELECT id FROM import_batch b WHERE status = 'COMMITTED' AND deleted_at IS NULL
	AND rows_ok <> (SELECT count(*) FROM patent_asset a WHERE a.import_batch_id = b.id)`;

/** A workbook with one account, under PASSPHRASE, closed. */
export async function makeWorkbook(userData: string): Promise<void> {
	const desk = new TestDesk(userData);
	await desk.create(PASSPHRASE);
	const store = openStore({ file: desk.paths.store, key: Buffer.from(desk.key ?? '', 'hex') });
	store.raw.exec(
		`INSERT INTO app_user (id, created_at, updated_at, fv, name, role) VALUES ('u-sam', '2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.000Z', '', 'Ada Lind', 'SAM');
		INSERT INTO account (id, created_at, updated_at, fv, account_no, name) VALUES ('a-1', '2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.000Z', '', 'S-1', 'Halden Pharma AG (fictional)');`,
	);
	store.close();
}

/** The key of a workbook and those before it, as its passphrase opens them. Brings a cut-off change of key to its end. */
export async function keysOf(userData: string): Promise<Buffer[]> {
	const file = readSlots(workspacePaths(userData));
	if (!file) throw new Error('There is no key file.');
	const means = { keyring: noKeyring, derive: quickDerive, now: () => new Date() };
	const opened = await openPassphrase(file, bytes(PASSPHRASE), means);
	if (!('key' in opened)) throw new Error('The passphrase does not open the workbook.');
	return [opened.key, ...openPrevious(file, opened.key)];
}

/** Opens a workbook that nobody has open the way the app does, and looks for everything that was kept. */
export async function checkWorkbook(userData: string, kept: readonly Kept[]): Promise<Verdict> {
	const { store: file } = workspacePaths(userData);
	const verdict: Verdict = { lost: [], problems: [] };
	try {
		const keys = await keysOf(userData);
		settleRestore(file, { keep: false, now: new Date() });
		if (hasCutLog(file)) verdict.problems.push('the log is taken for damaged');
		const store = openStore({ file, key: keys[0] });
		try {
			await checkStore(store, { kept, keys, verdict });
		} finally {
			store.close();
		}
	} catch (error) {
		verdict.problems.push(`does not open: ${error instanceof Error ? error.message : String(error)}`);
		verdict.lost.push(...kept.map(nameOf));
	}
	return verdict;
}

interface Checking {
	kept: readonly Kept[];
	keys: Buffer[];
	verdict: Verdict;
}

async function checkStore(store: Store, { kept, keys, verdict }: Checking): Promise<void> {
	const check = store.raw.pragma('integrity_check', { simple: true });
	if (check !== 'ok') verdict.problems.push(`integrity: ${String(check)}`);
	for (const [name, value] of Object.entries(PRAGMAS))
		if (store.raw.pragma(name, { simple: true }) !== value) verdict.problems.push(`${name} is not ${value}`);
	for (const one of kept) if (!(await isThere(store, one, keys))) verdict.lost.push(nameOf(one));
	for (const { id } of store.raw.prepare(HALF_IMPORTS).all() as { id: string }[])
		verdict.problems.push(`import ${id} is confirmed and not whole`);
}

async function isThere(store: Store, one: Kept, keys: Buffer[]): Promise<boolean> {
	const value = (sql: string, ...given: unknown[]) =>
		store
			.statement(sql)
			.pluck()
			.get(...given);
	switch (one.kind) {
		case 'field':
			return value(`SELECT "${one.field}" FROM ${getEntity(one.entity).table} WHERE id = ?`, one.id) === one.value;
		case 'text':
			return String(value('SELECT body FROM note WHERE id = ?', one.id)).includes(one.value);
		case 'rows':
			return value('SELECT count(*) FROM patent_asset WHERE import_batch_id = ?', one.batch) === one.count;
		case 'file':
			return isFileThere(store, { ...one, sha256: value('SELECT sha256 FROM attachment WHERE id = ?', one.id), keys });
		case 'backup':
			return isBackupWhole(store, one.name, keys);
	}
}

async function isFileThere(
	store: Store,
	{ value, sha256, keys }: { value: string; sha256: unknown; keys: Buffer[] },
): Promise<boolean> {
	if (typeof sha256 !== 'string') return false;
	const folder = new BlobFolder(`${store.file}.files`, fileKeys(store, { key: keys[0] }));
	try {
		const reader = await folder.open(sha256);
		const all = await reader.read(0, reader.size);
		await reader.close();
		return all.toString('utf8').startsWith(value);
	} catch {
		return false;
	}
}

/** Older ones make room for newer ones: what counts is that the newest is not older than the one that was confirmed. */
function isBackupWhole(store: Store, name: string, keys: Buffer[]): boolean {
	const folder = new BackupFolder(store.file);
	const newest = folder.list()[0];
	if (!newest || newest.name < name) return false;
	try {
		checkCopy({ file: folder.pathOf(newest.name), keys, nativeBinding: undefined, isThorough: true });
		return true;
	} catch {
		return false;
	}
}

function nameOf(one: Kept): string {
	const what = one.kind === 'rows' ? one.batch : one.kind === 'backup' ? one.name : one.value;
	return `${one.kind} ${what}`;
}
