import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { migrations } from '../../db/migrations/migrations.ts';
import { openStore } from '../../db/open-store.ts';
import { workspacePaths } from '../../electron/main/vault/vault.ts';
import { CoreError } from '../../shared/contract/errors.ts';
import { createRandom, type Random } from '../sim/random.ts';
import { removeFolder, temporaryFolder } from '../support/app.ts';
import { checkWorkbook, type Kept, keysOf, makeWorkbook } from './check-workbook.ts';
import { whyNoRecorder } from './record.ts';
import type { Options, Result } from './result.ts';
import { type Built, buildVictim, Victim } from './victim.ts';

interface Sum {
	tried: Record<string, number>;
	found: string[];
}

/** What one case is run with. */
interface Setting {
	sum: Sum;
	built: Built;
	random: Random;
	plant: boolean;
}

/**
 * Ways of opening a workbook that must not cost anything: two instances at once, a store and a key file of a newer
 * version, a store of an older one whose migration fails at each of its statements or is killed at any of its writes.
 */
export async function run({ long, quick, seed, plant }: Options): Promise<Result> {
	const sum: Sum = { tried: {}, found: [] };
	const built = await buildVictim();
	const setting: Setting = { sum, built, random: createRandom(seed), plant };
	try {
		for (let race = 0; race < (long ? 100 : quick ? 2 : 6); race++) await raceInstances(setting);
		await openNewer(setting);
		await failMigrations(setting);
		if (!whyNoRecorder()) for (let kill = 0; kill < (long ? 300 : quick ? 5 : 15); kill++) await killMigration(setting);
	} finally {
		built.remove();
	}
	return {
		name: 'openings',
		ok: sum.found.length === 0,
		tried: Object.values(sum.tried).reduce((all, one) => all + one, 0),
		lost: sum.found.length,
		cases: sum.tried,
		examples: [...new Set(sum.found)].slice(0, 8),
	};
}

function count({ tried }: Sum, name: string): void {
	tried[name] = (tried[name] ?? 0) + 1;
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
	const folder = temporaryFolder('openings');
	try {
		return await work(folder);
	} finally {
		removeFolder(folder);
	}
}

function raceInstances({ sum, built, random, plant }: Setting): Promise<void> {
	return inFolder(async (folder) => {
		await makeWorkbook(folder);
		count(sum, 'two instances');
		const start = () =>
			new Victim(built, {
				folder,
				seed: random.int(2 ** 31),
				work: 'edit,type',
				...(plant ? { plant: 'shared' } : {}),
			});
		const first = start();
		await sleep(random.int(300));
		const second = start();
		await Promise.all([first.ready(), second.ready()]);
		await sleep(200);
		const both = [first, second];
		const refused = both.filter((one) => one.refused.some(({ code }) => code === 'store_in_use'));
		for (const one of both) await one.kill();
		if (refused.length !== 1) sum.found.push(`two instances: ${refused.length} of 2 were refused`);
		await look(sum, { name: 'two instances', folder, kept: both.flatMap(({ kept }) => kept) });
	});
}

async function look(sum: Sum, { name, folder, kept }: { name: string; folder: string; kept: Kept[] }): Promise<void> {
	const { lost, problems } = await checkWorkbook(folder, kept);
	sum.found.push(...[...lost, ...problems].map((one) => `${name}: ${one}`));
}

/** A store, then a key file, of a version that is still to come: refused in so many words, and not touched. */
function openNewer({ sum, built, plant }: Setting): Promise<void> {
	return inFolder(async (folder) => {
		await makeWorkbook(folder);
		const { store: file, slots } = workspacePaths(folder);
		const [key] = await keysOf(folder);
		const store = openStore({ file, key });
		store.raw.pragma('user_version=99');
		store.close();
		await refusedUntouched(sum, built, { name: 'newer store', folder, file, code: 'store_newer', plant });
		const text = fs.readFileSync(slots, 'utf8');
		fs.rmSync(path.join(path.dirname(slots), 'slots.copy.json'));
		fs.writeFileSync(slots, text.replace('"version": 2', '"version": 3'));
		await refusedUntouched(sum, built, {
			name: 'newer key file',
			folder,
			file: slots,
			code: 'store_newer',
			plant: false,
		});
	});
}

interface Untouched {
	name: string;
	folder: string;
	file: string;
	code: string;
	plant: boolean;
}

async function refusedUntouched(sum: Sum, built: Built, { name, folder, file, code, plant }: Untouched): Promise<void> {
	const before = hashOf(file);
	const victim = new Victim(built, { folder, seed: 1, steps: 1, ...(plant ? { plant: 'any-version' } : {}) });
	await victim.ended();
	count(sum, name);
	if (!victim.refused.some((one) => one.step === 'open' && one.code === code))
		sum.found.push(`${name}: was not refused as ${code}`);
	if (hashOf(file) !== before) sum.found.push(`${name}: the file was changed`);
}

function hashOf(file: string): string {
	return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

const ROWS = 400;
const at = "'2026-11-23T08:00:00.000Z'";

/** Puts a store of the release before in the workbook's place; answers what is in it. */
async function makeOld(folder: string): Promise<Kept[]> {
	await makeWorkbook(folder);
	const { store: file } = workspacePaths(folder);
	const [key] = await keysOf(folder);
	fs.rmSync(file);
	const raw = new SqliteDatabase(file) as SqliteDatabase.Database & { key(key: Buffer): number };
	raw.pragma("cipher='chacha20'");
	raw.key(Buffer.concat([Buffer.from('raw:', 'latin1'), key ?? Buffer.alloc(0)]));
	raw.pragma('journal_mode=WAL');
	for (const { sql } of migrations.slice(0, -1)) raw.exec(sql);
	raw.pragma(`user_version=${migrations.length - 1}`);
	raw.exec(`INSERT INTO app_user (id, created_at, updated_at, fv, name, role) VALUES ('u-sam', ${at}, ${at}, '', 'Ada Lind', 'SAM');
		INSERT INTO account (id, created_at, updated_at, fv, account_no, name) VALUES ('a-1', ${at}, ${at}, '', 'S-1', 'Halden Pharma AG (fictional)')`);
	const insert = raw.prepare(
		`INSERT INTO issue (id, created_at, updated_at, fv, account_id, ref_no, title, type, priority, status, owner_id, received_at)
		VALUES (?, ${at}, ${at}, '', 'a-1', ?, ?, 'QUERY', 'NORMAL', 'OPEN', 'u-sam', ${at})`,
	);
	const kept: Kept[] = [];
	raw.transaction(() => {
		for (let row = 0; row < ROWS; row++) {
			insert.run(`i-${row}`, `I-${row}`, `Old issue ${row}`);
			kept.push({ kind: 'field', entity: 'issue', id: `i-${row}`, field: 'title', value: `Old issue ${row}` });
		}
	})();
	raw.close();
	return kept;
}

/** The newest migration fails at each of its statements in turn, and then goes through. */
async function failMigrations({ sum, plant }: Setting): Promise<void> {
	const last = migrations.at(-1)?.sql ?? '';
	const statements = statementsOf(last);
	for (let failing = 0; failing < statements.length; failing++)
		await inFolder(async (folder) => {
			const kept = await makeOld(folder);
			const { store: file } = workspacePaths(folder);
			const [key] = await keysOf(folder);
			count(sum, 'failed migration');
			const restore = failAt({ sql: last, before: statements.slice(0, failing).join(''), plant });
			try {
				openStore({ file, key }).close();
				sum.found.push(`migration: statement ${failing} failed and nobody said so`);
			} catch (error) {
				if (!(error instanceof CoreError)) sum.found.push(`migration: ${String(error)}`);
			} finally {
				restore();
			}
			await look(sum, { name: `migration failed at statement ${failing}`, folder, kept });
		});
}

/** Each with what ends it; a trigger holds statements of its own. */
function statementsOf(sql: string): string[] {
	const pieces = sql.replaceAll(/--.*$/gm, '').split(/(?<=;)/);
	const statements: string[] = [];
	let open = '';
	for (const piece of pieces) {
		open += piece;
		const isTrigger = /CREATE\s+TRIGGER/i.test(open);
		if (isTrigger && !/END\s*;\s*$/i.test(open)) continue;
		if (open.trim() !== '') statements.push(open);
		open = '';
	}
	return statements;
}

function failAt({ sql, before, plant }: { sql: string; before: string; plant: boolean }): () => void {
	const { exec } = SqliteDatabase.prototype;
	SqliteDatabase.prototype.exec = function (source) {
		if (source !== sql) return exec.call(this, source);
		exec.call(this, before);
		// Planted: what was done so far stays.
		if (plant) exec.call(this, 'COMMIT; BEGIN');
		throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_WRITE' });
	};
	return () => {
		SqliteDatabase.prototype.exec = exec;
	};
}

/** The process dies at some write of its start, in which the store is backed up and brought up to date. */
function killMigration({ sum, built, random }: Setting): Promise<void> {
	return inFolder(async (folder) => {
		const kept = await makeOld(folder);
		const call = random.pick(['pwrite64', 'fdatasync', 'fsync', 'rename', 'ftruncate']);
		const when = 1 + random.int(call === 'pwrite64' ? 220 : 6);
		const under = [
			'strace',
			'-f',
			'-qq',
			'-o',
			'/dev/null',
			'-e',
			`trace=${call}`,
			'-e',
			`inject=${call}:signal=KILL:when=${when}`,
		];
		const victim = new Victim(built, { folder, seed: 1, steps: 0, under });
		await victim.ended();
		count(sum, 'killed migration');
		if (!victim.hasClosed) count(sum, 'killed migration, hit');
		await look(sum, { name: `migration killed at ${call} ${when}`, folder, kept });
	});
}
