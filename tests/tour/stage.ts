import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { startServer } from '../../build/server-process.mjs';
import { launchApp, type RunningApp, removeFolder, temporaryFolder } from '../support/app.ts';
import { type Network, openNetwork } from '../support/network.ts';
import { syncStatus } from '../support/page.ts';
import type { Journal } from './journal.ts';

/** One person's laptop: its folder and its way to the server stay when the app is killed. */
export interface Device {
	name: string;
	token: string;
	user: string;
	userData: string;
	network: Network;
	app: RunningApp;
}

export interface Stage {
	journal: Journal;
	sam: Device;
	specialist: Device;
	/** One numbered step: a plain line, its time, and its pictures. */
	step(title: string, play: (shoot: Shoot) => Promise<void>): Promise<void>;
	close(): Promise<void>;
}

/** Pictures of a page in light and in dark, under the number of the step. */
export type Shoot = (name: string, page: Page) => Promise<void>;

/** One server and two laptops, each with a network of its own. */
export async function openStage(journal: Journal, output: string): Promise<Stage> {
	const folder = temporaryFolder('tour');
	const dataDir = path.join(folder, 'server');
	fs.mkdirSync(dataDir);
	const server = await startServer({ dataDir, sample: true });
	const device = async (name: string, token: string, user: string): Promise<Device> => {
		const userData = path.join(folder, name);
		fs.mkdirSync(userData);
		const network = await openNetwork(server.url);
		const part = { name, token, user, userData, network };
		return { ...part, app: await startDevice(part) };
	};
	const sam = await device('sam', 'dev-sam', 'u-sam');
	const specialist = await device('specialist', 'dev-specialist', 'u-specialist');
	return {
		journal,
		sam,
		specialist,
		step: (title, play) => playStep({ journal, output, title }, play),
		close: async () => {
			for (const { app, network } of [sam, specialist]) {
				await app.close();
				await network.close().catch(() => undefined);
			}
			await server.stop();
			removeFolder(folder);
		},
	};
}

/** Starts (or starts again) the app of a device. */
export async function startDevice(device: Omit<Device, 'app'>): Promise<RunningApp> {
	const app = await launchApp({
		userData: device.userData,
		env: { FIELDBOOK_SERVER: device.network.url, FIELDBOOK_TOKEN: device.token, FIELDBOOK_USER: device.user },
	});
	await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1440, 900));
	return app;
}

interface StepOptions {
	journal: Journal;
	output: string;
	title: string;
}

async function playStep({ journal, output, title }: StepOptions, play: (shoot: Shoot) => Promise<void>): Promise<void> {
	const step = { no: journal.summary.steps.length + 1, title, ms: 0, pictures: [] as string[] };
	journal.summary.steps.push(step);
	process.stdout.write(`${String(step.no).padStart(2, '0')}  ${title}\n`);
	const started = performance.now();
	await play(async (name, page) => {
		for (const colorScheme of ['dark', 'light'] as const) {
			const picture = `${String(step.no).padStart(2, '0')}-${name}-${colorScheme}.png`;
			await page.emulateMedia({ colorScheme });
			// The colours change by a short transition.
			await page.waitForTimeout(250);
			await page.screenshot({ path: path.join(output, picture) });
			step.pictures.push(picture);
		}
	});
	step.ms = Math.round(performance.now() - started);
}

/** Sends and fetches on one device until it says that all is acknowledged. */
export async function sync(device: Device): Promise<void> {
	await device.app.page.evaluate(() => window.fieldbook.call('sync.now', {}));
	await waitFor(`${device.name}: all acknowledged`, async () =>
		(await syncStatus(device.app.page).innerText()).includes('All acknowledged'),
	);
}

/** Waits for something to become true, a minute at most. */
export async function waitFor(what: string, isTrue: () => Promise<boolean>): Promise<void> {
	const until = Date.now() + 60_000;
	while (!(await isTrue())) {
		if (Date.now() > until) throw new Error(`Waited in vain for: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
