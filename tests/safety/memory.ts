import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { rootDir } from '../../build/paths.mjs';
import { startServer } from '../../build/server-process.mjs';
import { argonIn } from '../../electron/main/vault/argon.ts';
import { openPassphrase } from '../../electron/main/vault/seals.ts';
import { readSlotFile } from '../../electron/main/vault/slots.ts';
import { launchApp, removeFolder, temporaryFolder } from '../support/app.ts';
import { sampleStore } from '../support/sample-store.ts';
import { noKeyring } from '../support/vault.ts';
import { confirmCode } from '../support/workbook.ts';
import { type Found, type Needle, processTree, searchMemory } from './process-memory.ts';
import type { Options, Result } from './result.ts';
import { typeEverywhere } from './tour.ts';

/**
 * Types a word that stands nowhere else into a note, a title, an issue and the search, looks at it on several pages, locks,
 * and looks for it, and for the store's key, in the memory of every process of the app.
 *
 * What is still in use when the lock overwrites memory may end in what lay there before it: once in a dozen looks a word is
 * found so, and then another app must be clean. Of a key or a passphrase no copy is ever passed over.
 */
export async function run({ long, plant }: Options): Promise<Result> {
	const rounds = long ? 4 : 1;
	const left: Found[] = [];
	const passedOver: Found[] = [];
	let tried = 0;
	let scannedMb = 0;
	for (let round = 0; round < rounds; round++) {
		for (const kind of [sample, own]) {
			let found: Found[] = [];
			for (let tries = 0; tries < MOST_APPS; tries++) {
				passedOver.push(...found);
				const result = await scanOnce(kind, plant);
				tried += result.needles;
				scannedMb += result.scannedMb;
				found = result.found;
				if (process.env['FIELDBOOK_MEMORY_DETAILS']) for (const one of found) console.error(JSON.stringify(one));
				if (found.length === 0 || found.some(({ needle }) => !needle.startsWith('word'))) break;
			}
			left.push(...found);
		}
	}
	return {
		name: 'memory',
		ok: left.length === 0,
		tried,
		lost: left.length,
		rounds,
		scannedMb,
		copies: countCopies(left),
		passedOver: countCopies(passedOver),
	};
}

function countCopies(found: Found[]): Record<string, number> {
	const groups = Object.groupBy(found, ({ needle, kind }) => `${needle} in ${kind}`);
	return Object.fromEntries(Object.entries(groups).map(([name, list]) => [name, list?.length ?? 0]));
}

const MOST_APPS = 3;
const SETTLE_MS = 8000;
const MOST_SEARCHES = 4;

type App = Awaited<ReturnType<typeof launchApp>>;

/** A workspace to lock, and what must not be found of it beside the word. */
interface Kind {
	name: string;
	options: { sample: boolean; switches: string[] };
	/** Goes from the first window to the open workbook. */
	open(app: App): Promise<void>;
	secrets(userData: string): Promise<Needle[]>;
	lockedTitle: string;
}

const PASSPHRASE = `seven ${randomBytes(6).toString('hex')} words`;

const sample: Kind = {
	name: 'sample',
	options: { sample: true, switches: [] },
	open: async () => {},
	secrets: async (userData) => keyNeedles(Buffer.from(sampleStore(userData).keyHex, 'hex')),
	lockedTitle: 'The sample is locked',
};

const own: Kind = {
	name: 'own',
	options: { sample: false, switches: ['--password-store=basic'] },
	open: async ({ page }) => {
		await expect(page.getByRole('heading', { name: 'Choose a passphrase' })).toBeVisible({ timeout: 30_000 });
		await page.keyboard.type(PASSPHRASE);
		await page.keyboard.press('Tab');
		await page.keyboard.type(PASSPHRASE);
		await page.keyboard.press('Enter');
		await confirmCode(page, 'Open the workbook');
	},
	secrets: async (userData) => [
		{ name: 'passphrase', bytes: Buffer.from(PASSPHRASE, 'latin1') },
		{ name: 'passphrase, wide', bytes: Buffer.from(PASSPHRASE, 'utf16le') },
		...keyNeedles(await keyOf(userData)),
	],
	lockedTitle: 'Unlock your workbook',
};

/** The key of a workbook, worked out here and not in the app. */
async function keyOf(userData: string): Promise<Buffer> {
	const file = readSlotFile(fs.readFileSync(path.join(userData, 'workspace', 'slots.json'), 'utf8'));
	const derive = argonIn(path.join(rootDir, 'electron', 'main', 'vault', 'argon-worker.ts'));
	const means = { keyring: noKeyring, derive, now: () => new Date() };
	const opened = await openPassphrase(file, new TextEncoder().encode(PASSPHRASE), means);
	if (!('key' in opened)) throw new Error('The passphrase does not open the workbook.');
	return opened.key;
}

async function scanOnce(kind: Kind, plant: boolean) {
	const userData = temporaryFolder('memory');
	const dataDir = temporaryFolder('memory-server');
	const server = await startServer({ dataDir, sample: true });
	const env = { FIELDBOOK_SERVER: server.url, FIELDBOOK_TOKEN: 'dev-sam' };
	const app = await launchApp({ userData, env, ...kind.options });
	try {
		const word = `Zq${randomBytes(9).toString('hex')}`;
		await kind.open(app);
		await typeEverywhere(app.page, word);
		const needles = [
			{ name: 'word', bytes: Buffer.from(word, 'latin1') },
			// As strings of two-byte characters are kept.
			{ name: 'word, wide', bytes: Buffer.from(word, 'utf16le') },
			...(await kind.secrets(userData)),
		];
		const main = app.electron.process().pid ?? 0;
		if (plant) await app.page.evaluate(() => document.body.replaceChildren('Locked'));
		else await lock(app, kind);
		const searched = await searchUntilGone(() => searchMemory(processTree(main), needles));
		return { ...searched, needles: needles.length };
	} finally {
		await app.close();
		await server.stop();
		for (const folder of [userData, dataDir]) removeFolder(folder);
	}
}

function keyNeedles(key: Buffer): Needle[] {
	return [
		{ name: 'key', bytes: key },
		{ name: 'key in hex', bytes: Buffer.from(key.toString('hex'), 'latin1') },
		{ name: 'key in hex, wide', bytes: Buffer.from(key.toString('hex'), 'utf16le') },
		{ name: 'key in base64', bytes: Buffer.from(key.toString('base64').slice(0, 40), 'latin1') },
	];
}

async function lock(app: App, { lockedTitle }: Kind): Promise<void> {
	const next = app.electron.waitForEvent('window');
	await app.page.keyboard.press('Control+l').catch(() => undefined);
	const locked = await next;
	await expect(locked.getByRole('heading', { name: lockedTitle })).toBeVisible({ timeout: 20_000 });
	const log = path.join(app.userData, 'workspace', 'fieldbook.db-wal');
	await expect.poll(() => fs.existsSync(log), { timeout: 10_000 }).toBe(false);
}

/** What was given back is overwritten in the seconds after a lock; how many depends on the machine. */
async function searchUntilGone<T extends { found: Found[] }>(search: () => T): Promise<T> {
	for (let tries = 1; ; tries++) {
		await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
		const searched = search();
		if (searched.found.length === 0 || tries === MOST_SEARCHES) return searched;
	}
}
