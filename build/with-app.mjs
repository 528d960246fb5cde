// Runs a script that drives the app: `node build/with-app.mjs SCRIPT [arguments]`. The runtime is prepared, the app is
// built, and there is a display; the script finds FIELDBOOK_ELECTRON, FIELDBOOK_NATIVE and DISPLAY in its environment.
import fs from 'node:fs';
import path from 'node:path';
import { buildApp } from './build-app.mjs';
import { rootDir } from './paths.mjs';
import { runNode } from './processes.mjs';
import { prepareRuntime } from './runtime.mjs';
import { withDisplay } from './virtual-display.mjs';

/**
 * @param {string[]} command the script and its arguments
 * @param {{ timeoutMs?: number }} [options]
 */
export async function runWithApp(command, options = {}) {
	const runtime = await prepareRuntime();
	await buildApp();
	return withDisplay(() => runNode(command, { ...options, env: runtime.env }));
}

if (process.argv[1] === import.meta.filename) {
	const command = process.argv.slice(2);
	const script = command[0];
	if (!script || !fs.existsSync(path.join(rootDir, script))) {
		console.error(`There is no script "${script ?? ''}" to run.`);
		process.exit(2);
	}
	const { code } = await runWithApp(command);
	process.exitCode = code;
}
