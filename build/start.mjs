// `npm start`: the app on the sample workspace, with a central API of its own on this computer. With `-- --sign-in` a person
// signs in to it, in the browser, as one of the sample's people.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { buildApp } from './build-app.mjs';
import { rootDir, sampleWorkspaceDir } from './paths.mjs';
import { runNode } from './processes.mjs';
import { appCommand, prepareRuntime } from './runtime.mjs';
import { startSampleSession } from './sample-session.mjs';
import { hasDisplay } from './virtual-display.mjs';

const { values } = parseArgs({
	options: { data: { type: 'string' }, 'sign-in': { type: 'boolean' } },
	args: process.argv.slice(2),
});

if (hasDisplay()) await openSampleWorkspace(values.data ?? sampleWorkspaceDir());
else await runTourInstead();

/** @param {string} workspace */
async function openSampleWorkspace(workspace) {
	const runtime = await prepareRuntime();
	await buildApp();
	const session = await startSampleSession(workspace, runtime, { signIn: values['sign-in'] === true });
	console.log('Everything in it is fictional. Close the window to end; the workspace stays.');
	try {
		process.exitCode = await runApp(appCommand(runtime), session.env);
	} finally {
		await session.stop();
	}
}

/**
 * @param {ReturnType<typeof appCommand>} app
 * @param {Record<string, string>} env
 * @returns {Promise<number>}
 */
function runApp({ command, args }, env) {
	const child = spawn(command, args, { cwd: rootDir, env: { ...process.env, ...env }, stdio: 'inherit' });
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
