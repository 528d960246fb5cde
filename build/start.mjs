// `npm start`: the app on the sample workspace, with a central API of its own on this computer.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildApp } from './build-app.mjs';
import { rootDir, sampleWorkspaceDir } from './paths.mjs';
import { runNode } from './processes.mjs';
import { appCommand, prepareRuntime } from './runtime.mjs';
import { startServer } from './server-process.mjs';
import { hasDisplay } from './virtual-display.mjs';

const { values } = parseArgs({ options: { data: { type: 'string' } }, args: process.argv.slice(2) });

if (hasDisplay()) await openSampleWorkspace(values.data ?? sampleWorkspaceDir());
else await runTourInstead();

/** @param {string} workspace */
async function openSampleWorkspace(workspace) {
	const runtime = await prepareRuntime();
	await buildApp();
	const folders = { app: path.join(workspace, 'app'), server: path.join(workspace, 'server') };
	for (const folder of Object.values(folders)) fs.mkdirSync(folder, { recursive: true });
	const server = await startServer({ dataDir: folders.server, sample: true });
	const { electron } = runtime;
	console.log(`Sample workspace  ${workspace}`);
	console.log(`Central API       ${server.url}`);
	console.log(`Electron          ${electron.version} (${electron.source}, ${electron.dist})`);
	console.log('Everything in it is fictional. Close the window to end; the workspace stays.');
	try {
		process.exitCode = await runApp(runtime, {
			FIELDBOOK_USER_DATA: folders.app,
			FIELDBOOK_SERVER: server.url,
			FIELDBOOK_SAMPLE: '1',
			FIELDBOOK_TOKEN: 'dev-sam',
		});
	} finally {
		await server.stop();
	}
}

/**
 * @param {import('./runtime.mjs').Runtime} runtime
 * @param {Record<string, string>} env
 * @returns {Promise<number>}
 */
function runApp(runtime, env) {
	const { command, args } = appCommand(runtime);
	const child = spawn(command, args, {
		cwd: rootDir,
		env: { ...process.env, ...runtime.env, ...env },
		stdio: 'inherit',
	});
	// The app saves what it holds and ends; this process waits for that and then ends the server.
	process.on('SIGINT', () => undefined);
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 0));
	});
}

async function runTourInstead() {
	console.log('There is no display here, so the guided tour runs on a virtual one instead of opening a window.');
	const { code } = await runNode(['build/with-app.mjs', 'tests/tour/tour.ts']);
	process.exitCode = code;
}
