import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { rootDir } from '../../build/paths.mjs';
import { startServer } from '../../build/server-process.mjs';
import { launchApp, type RunningApp, removeFolder, temporaryFolder } from '../support/app.ts';
import { ask } from '../support/page.ts';
import { confirmCode } from '../support/workbook.ts';
import { makeWorkbook } from './check-workbook.ts';
import { processTree } from './process-memory.ts';
import { recordWrites, whyNoRecorder } from './record.ts';
import type { Options, Result } from './result.ts';
import { typeEverywhere } from './tour.ts';
import { buildVictim } from './victim.ts';

interface Sum {
	files: number;
	writes: number;
	found: string[];
}

/**
 * Marked words go through every way into the workbook, and are looked for in clear: in every byte that the workbook writes
 * anywhere, also into files that are gone at once, and in every file that the app and Electron have made or hold open
 * while it runs, locked, after its page and then itself have crashed, and after a kill.
 */
export async function run({ seed, plant, long }: Options): Promise<Result> {
	const sum: Sum = { files: 0, writes: 0, found: [] };
	const why = whyNoRecorder();
	if (!why) for (let round = 0; round < (long ? 10 : 2); round++) await watchWorkbook(sum, seed + round, plant);
	for (let round = 0; round < (long ? 3 : 1); round++) await watchApp(sum, plant);
	return {
		name: 'sentinels',
		ok: sum.found.length === 0,
		tried: sum.files + sum.writes,
		lost: sum.found.length,
		files: sum.files,
		writes: sum.writes,
		...(why ? { notRecorded: why } : {}),
		examples: [...new Set(sum.found)].slice(0, 8),
	};
}

async function watchWorkbook(sum: Sum, seed: number, plant: boolean): Promise<void> {
	const built = await buildVictim();
	const folder = temporaryFolder('sentinels');
	try {
		await makeWorkbook(folder);
		const look = (place: string, data: Buffer) => {
			// Its own words to this test, and the client's file that is to be imported.
			if (/^[12]</.test(place) || place.includes('.csv')) return;
			sum.writes += 1;
			if (holds(data, `mark-${seed}-`)) sum.found.push(`written to ${place}`);
		};
		const work = 'edit,type,import,file,lock,key,backup';
		await recordWrites(built, { folder, seed, steps: 60, work, ...(plant ? { plant: 'chatty' } : {}) }, look);
	} finally {
		removeFolder(folder);
		built.remove();
	}
}

function holds(data: Buffer, word: string): boolean {
	return data.includes(word) || data.includes(Buffer.from(word, 'utf16le'));
}

/** An app in a world of its own: whatever it writes anywhere is in one folder. */
interface World {
	sum: Sum;
	world: string;
	/** The marked word, and a passphrase with it in. */
	word: string;
	passphrase: string;
	options: Parameters<typeof launchApp>[0];
}

async function watchApp(sum: Sum, plant: boolean): Promise<void> {
	const world = temporaryFolder('sentinel-world');
	const dataDir = temporaryFolder('sentinel-server');
	const word = `Zq${randomBytes(9).toString('hex')}`;
	const [home = '', tmp = '', userData = ''] = ['home', 'tmp', 'data'].map((name) => path.join(world, name));
	for (const folder of [home, tmp, userData]) fs.mkdirSync(folder, { mode: 0o700 });
	const server = await startServer({ dataDir, sample: true });
	const places = { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home };
	const env = { ...places, TMPDIR: tmp, FIELDBOOK_SERVER: server.url, FIELDBOOK_TOKEN: 'dev-sam' };
	const options = { userData, env, sample: false, switches: ['--password-store=basic'] };
	if (plant) fs.writeFileSync(path.join(tmp, 'page.log'), `clicked ${word}`);
	const app = await launchApp(options);
	try {
		const seen: World = { sum, world, word, passphrase: `seven ${word} words`, options };
		await tourAndLock(app, seen);
		await crashAndKill(app, seen);
	} finally {
		await app.kill().catch(() => undefined);
		await server.stop();
		for (const folder of [world, dataDir]) removeFolder(folder);
	}
}

const pidOf = (app: RunningApp) => app.electron.process().pid ?? 0;
const SLOW = { timeout: 60_000 };

async function tourAndLock(app: RunningApp, seen: World): Promise<void> {
	const { page } = app;
	const { word, passphrase } = seen;
	await expect(page.getByRole('heading', { name: 'Choose a passphrase' })).toBeVisible(SLOW);
	await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
	await page.getByLabel('Once more').fill(passphrase);
	await page.getByRole('button', { name: 'Continue' }).click();
	await confirmCode(page, 'Open the workbook');
	await typeEverywhere(page, word);
	const [account] = await ask(page, 'accounts.list', {});
	const to = { parent_type: 'account' as const, parent_id: account?.id ?? '', file_name: `${word}.txt` };
	await ask(page, 'attachments.paste', { ...to, data: Buffer.from(`${word} in a file`).toString('base64') });
	await ask(page, 'backups.make', {});
	scanWorld(seen, 'running', pidOf(app));
	const locked = app.electron.waitForEvent('window', SLOW);
	await page.keyboard.press('Control+l').catch(() => undefined);
	const next = await locked;
	await expect(next.getByRole('heading', { name: 'Unlock your workbook' })).toBeVisible(SLOW);
	scanWorld(seen, 'locked', pidOf(app));
	await next.getByLabel('Passphrase', { exact: true }).fill(passphrase);
	await next.keyboard.press('Enter');
	await expect(next.getByRole('navigation')).toBeVisible(SLOW);
}

async function crashAndKill(app: RunningApp, seen: World): Promise<void> {
	const { electron } = app;
	const main = pidOf(app);
	// The lock before makes the app collect what it does not use, and with it now and then the answer to the driver.
	const crashPage = () =>
		electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
	await crashPage().catch(() => undefined);
	await sleep(1500);
	scanWorld(seen, 'after a crash of the page', main);
	await electron.evaluate(() => void setImmediate(() => process.crash())).catch(() => undefined);
	await expect.poll(() => isAlive(main), SLOW).toBe(false);
	scanWorld(seen, 'after a crash of the app', main);
	await app.kill();
	const again = await launchApp(seen.options);
	try {
		await expect(again.page.getByRole('heading', { name: 'Unlock your workbook' })).toBeVisible(SLOW);
	} finally {
		await again.kill();
	}
	scanWorld(seen, 'after a kill', main);
}

function scanWorld({ sum, world, word }: World, moment: string, main: number): void {
	const made = fs
		.readdirSync(world, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name));
	// What the system writes of a process that crashed lies where it was started.
	const cores = fs.readdirSync(rootDir).filter((name) => /^core(\.\d+)?$/.test(name));
	const held = isAlive(main) ? processTree(main).flatMap(heldFiles) : [];
	for (const file of [...made, ...cores.map((name) => path.join(rootDir, name)), ...held]) {
		let content: Buffer;
		try {
			content = fs.readFileSync(file);
		} catch {
			// Gone since it was listed.
			continue;
		}
		sum.files += 1;
		if (holds(content, word)) sum.found.push(`${moment}: ${path.relative(world, file)}`);
	}
}

/** Files that a process holds open though they have no name any more. What lies in shared memory is not on a disk. */
function heldFiles(pid: number): string[] {
	try {
		return fs
			.readdirSync(`/proc/${pid}/fd`)
			.map((name) => `/proc/${pid}/fd/${name}`)
			.filter(
				(name) => / \(deleted\)$/.test(fs.readlinkSync(name)) && !/^\/(memfd:|dev\/shm)/.test(fs.readlinkSync(name)),
			);
	} catch {
		return [];
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}
