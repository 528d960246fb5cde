// The README's pictures, from the fictional sample workspace: `npm run screenshots`.
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { rootDir } from '../../build/paths.mjs';
import { startServer } from '../../build/server-process.mjs';
import { launchApp, removeFolder, temporaryFolder } from '../support/app.ts';

const target = path.join(rootDir, 'docs', 'images');

const scenes: [name: string, route: string, settle: (page: Page) => Promise<void>][] = [
	['accounts', '/accounts', async (page) => page.keyboard.press('j')],
	['account', '/accounts/acc-halden', async () => {}],
	['issues', '/issues', async (page) => page.keyboard.press('j')],
	['travel-prep', '/travel-prep', async (page) => page.keyboard.press('j')],
];

fs.mkdirSync(target, { recursive: true });
const serverDir = temporaryFolder('pictures-server');
const userData = temporaryFolder('pictures');
const server = await startServer({ dataDir: serverDir, sample: true });
const app = await launchApp({ userData, env: { FIELDBOOK_SERVER: server.url, FIELDBOOK_TOKEN: 'dev-sam' } });
const { page } = app;
await page.getByText('All acknowledged').waitFor();
for (const scheme of ['light', 'dark'] as const) {
	await page.evaluate((colorScheme) => window.fieldbook.saveSettings({ colorScheme }), scheme);
	await page.reload();
	for (const [name, route, settle] of scenes) {
		await page.evaluate((to) => {
			window.location.hash = to;
		}, route);
		await page.waitForTimeout(1200);
		await settle(page);
		await page.waitForTimeout(500);
		const file = path.join(target, `${name}-${scheme}.png`);
		await page.screenshot({ path: file });
		console.log(path.relative(rootDir, file));
	}
}
await app.close();
await server.stop();
removeFolder(userData);
removeFolder(serverDir);
