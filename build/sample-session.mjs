import fs from 'node:fs';
import path from 'node:path';
import { startServer } from './server-process.mjs';

/** The issuer keeps its place from start to start: elsewhere it would be another one. */
const ISSUER_PORT = '48631';

/**
 * A central API with the fictional data, and what the app has to know to open on it. With `signIn` the app has no token,
 * and people sign in with the server's own issuer.
 * @param {string} workspace
 * @param {import('./runtime.mjs').Runtime} runtime
 * @param {{ signIn?: boolean }} [options]
 */
export async function startSampleSession(workspace, runtime, { signIn = false } = {}) {
	const folders = { app: path.join(workspace, 'app'), server: path.join(workspace, 'server') };
	for (const folder of Object.values(folders)) fs.mkdirSync(folder, { recursive: true });
	const args = signIn ? ['--issuer', '--issuer-port', ISSUER_PORT] : [];
	const server = await startServer({ dataDir: folders.server, sample: true, args });
	console.log(`Sample workspace  ${workspace}`);
	console.log(`Central API       ${server.url}`);
	console.log(`Electron          ${runtime.electron.version} (${runtime.electron.source}, ${runtime.electron.dist})`);
	const env = {
		...runtime.env,
		FIELDBOOK_USER_DATA: folders.app,
		FIELDBOOK_SERVER: server.url,
		FIELDBOOK_SAMPLE: '1',
		FIELDBOOK_TOKEN: signIn ? '' : 'dev-sam',
	};
	return { env, stop: server.stop };
}
