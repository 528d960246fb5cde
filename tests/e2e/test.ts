import { test as base, expect, type Page } from '@playwright/test';
import { startServer } from '../../build/server-process.mjs';
import { type AppOptions, launchApp, type RunningApp, removeFolder, temporaryFolder } from '../support/app.ts';
import { type Network, openNetwork } from '../support/network.ts';
import { syncStatus } from '../support/page.ts';

interface Fixtures {
	/** The way of this test's app to the server. */
	network: Network;
	/** An empty user-data folder. */
	userData: string;
	/** Starts the app of this test (again); it is ended with the test. */
	open: (options?: Partial<AppOptions>) => Promise<RunningApp>;
	/** The app, open on the sample, its account list painted and its first pull done. */
	app: RunningApp;
}

interface WorkerFixtures {
	/** A central API with the fictional sample data. */
	server: { url: string };
}

export const test = base.extend<Fixtures, WorkerFixtures>({
	server: [
		// biome-ignore lint/correctness/noEmptyPattern: the form that Playwright asks for
		async ({}, use) => {
			const dataDir = temporaryFolder('e2e-server');
			const server = await startServer({ dataDir, sample: true });
			await use(server);
			await server.stop();
			removeFolder(dataDir);
		},
		{ scope: 'worker', timeout: 120_000 },
	],
	network: async ({ server }, use) => {
		const network = await openNetwork(server.url);
		await use(network);
		await network.close();
	},
	// biome-ignore lint/correctness/noEmptyPattern: the form that Playwright asks for
	userData: async ({}, use) => {
		const folder = temporaryFolder('e2e');
		await use(folder);
		removeFolder(folder);
	},
	open: async ({ userData, network }, use) => {
		const started: RunningApp[] = [];
		await use(async (options = {}) => {
			const env = { FIELDBOOK_SERVER: network.url, FIELDBOOK_TOKEN: 'dev-sam', ...options.env };
			const app = await launchApp({ userData, ...options, env });
			started.push(app);
			return app;
		});
		for (const app of started) await app.close();
	},
	app: async ({ open }, use) => {
		const app = await open();
		await waitForSample(app.page);
		await use(app);
	},
});

export { expect };

/** Waits until the sample has come from the server and the list shows it. */
export async function waitForSample(page: Page): Promise<void> {
	const grid = page.getByRole('grid', { name: 'Accounts' });
	await expect(grid.getByRole('row').nth(5)).toBeVisible({ timeout: 30_000 });
	await expect(syncStatus(page)).toContainText('All acknowledged', { timeout: 30_000 });
}
