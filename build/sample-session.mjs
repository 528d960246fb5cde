import fs from 'node:fs';
import path from 'node:path';
import { startServer } from './server-process.mjs';

/**
 * A central API with the fictional data, and what the app has to know to open on it.
 * @param {string} workspace
 * @param {import('./runtime.mjs').Runtime} runtime
 */
export async function startSampleSession(workspace, runtime) {
	const folders = { app: path.join(workspace, 'app'), server: path.join(workspace, 'server') };
	for (const folder of Object.values(folders)) fs.mkdirSync(folder, { recursive: true });
	const server = await startServer({ dataDir: folders.server, sample: true });
	console.log(`Sample workspace  ${workspace}`);
	console.log(`Central API       ${server.url}`);
	console.log(`Electron          ${runtime.electron.version} (${runtime.electron.source}, ${runtime.electron.dist})`);
	const env = {
		...runtime.env,
		FIELDBOOK_USER_DATA: folders.app,
		FIELDBOOK_SERVER: server.url,
		FIELDBOOK_SAMPLE: '1',
		FIELDBOOK_TOKEN: 'dev-sam',
	};
	return { env, stop: server.stop };
}
