// `npm run dev`: the renderer comes from a development server and changes while it is open; a change of main, core or
// preload builds that part and starts Electron again. The data is a sample workspace of its own.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { build, createServer } from 'vite';
import { rootDir, sampleWorkspaceDir } from './paths.mjs';
import { stopChild } from './processes.mjs';
import { appCommand, prepareRuntime } from './runtime.mjs';
import { startSampleSession } from './sample-session.mjs';
import { hasDisplay, withDisplay } from './virtual-display.mjs';
import { mainConfig, preloadConfig, rendererConfig } from './vite-configs.mjs';

const outDir = path.join(rootDir, 'out');

if (!hasDisplay()) console.log('There is no display here: the window opens on a virtual one, and Ctrl+C ends it.');
await withDisplay(develop);
process.exit(0);

async function develop() {
	const runtime = await prepareRuntime();
	const renderer = await serveRenderer();
	const session = await startSampleSession(`${sampleWorkspaceDir()} (development)`, runtime);
	const env = { ...session.env, FIELDBOOK_RENDERER_URL: renderer.url };
	const app = keepAppRunning(appCommand(runtime), env);
	const watchers = [await watch(mainConfig(outDir), app.restart), await watch(preloadConfig(outDir), app.restart)];
	console.log(`Renderer          ${renderer.url}`);
	await app.ended;
	for (const watcher of watchers) await watcher.close();
	await renderer.close();
	await session.stop();
}

async function serveRenderer() {
	const { plugins, ...config } = rendererConfig(outDir);
	const server = await createServer({
		...config,
		plugins: [...(plugins ?? []), { name: 'nonce', transformIndexHtml: (html) => html.replaceAll('%NONCE%', 'dev') }],
		server: { host: '127.0.0.1', port: 0 },
	});
	await server.listen();
	return { url: String(server.resolvedUrls?.local[0]), close: () => server.close() };
}

/**
 * Builds once before it returns, then again at every change.
 * @param {import('vite').InlineConfig} config
 * @param {() => void} onRebuilt
 */
async function watch(config, onRebuilt) {
	const build_ = { ...config.build, watch: {} };
	const watcher = /** @type {import('vite').Rolldown.RolldownWatcher} */ (await build({ ...config, build: build_ }));
	await new Promise((resolve) => {
		watcher.on('event', (event) => {
			if (event.code === 'ERROR') console.error(event.error.message);
			if (event.code !== 'END') return;
			resolve(undefined);
			onRebuilt();
		});
	});
	return watcher;
}

/**
 * Starts the app at the first call of restart(), and anew at each later one. When a person closes it, everything ends.
 * @param {ReturnType<typeof appCommand>} app
 * @param {Record<string, string>} env
 */
function keepAppRunning({ command, args }, env) {
	/** @type {import('node:child_process').ChildProcess | undefined} */
	let child;
	/** @type {NodeJS.Timeout | undefined} */
	let pending;
	/** @type {PromiseWithResolvers<void>} */
	const { promise: ended, resolve: end } = Promise.withResolvers();
	const start = async () => {
		const old = child;
		child = undefined;
		if (old) await stopChild(old);
		const started = spawn(command, args, { cwd: rootDir, env: { ...process.env, ...env }, stdio: 'inherit' });
		started.once('exit', () => child === started && end());
		child = started;
	};
	const stop = () => (child ? child.kill('SIGTERM') : end());
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
	// One save may rebuild main and preload; that is one restart.
	const restart = () => {
		clearTimeout(pending);
		pending = setTimeout(start, 150);
	};
	return { restart, ended };
}
