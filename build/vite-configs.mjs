import { builtinModules } from 'node:module';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { rootDir } from './paths.mjs';

// The oldest runtime that has to run the result: the fallback Electron of the tests.
const nodeTarget = 'node20.18';
const browserTarget = 'chrome130';

// Everything else is bundled, so that the packaged app holds one dependency only.
const external = ['electron', 'better-sqlite3', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

/** React with its compiler: components are memoised by the build and not by hand. */
export function reactPlugin() {
	return react({ compiler: true });
}

/**
 * The shell and the core's worker.
 * @param {string} outDir
 */
export function mainConfig(outDir) {
	const input = {
		main: 'electron/main/main.ts',
		worker: 'electron/core/worker.ts',
		'rekey-worker': 'electron/core/rekey-worker.ts',
		'check-worker': 'electron/core/backups/check-worker.ts',
		'scrub-worker': 'electron/main/scrub-worker.ts',
		'argon-worker': 'electron/main/vault/argon-worker.ts',
	};
	return nodeConfig({ input, format: 'es', outDir: path.join(outDir, 'main') });
}

/**
 * A sandboxed preload cannot be an ES module.
 * @param {string} outDir
 */
export function preloadConfig(outDir) {
	const input = { preload: 'electron/preload/preload.ts' };
	return nodeConfig({ input, format: 'cjs', outDir: path.join(outDir, 'preload') });
}

/**
 * `%NONCE%` in index.html stays: the main process replaces it in every response.
 * @param {string} outDir
 * @returns {import('vite').InlineConfig}
 */
export function rendererConfig(outDir) {
	return {
		configFile: false,
		root: path.join(rootDir, 'renderer'),
		base: '/',
		logLevel: 'warn',
		plugins: [reactPlugin(), preloadStart()],
		build: {
			target: browserTarget,
			outDir: path.join(outDir, 'renderer'),
			emptyOutDir: true,
			minify: 'oxc',
			sourcemap: false,
			reportCompressedSize: false,
			chunkSizeWarningLimit: 5000,
			modulePreload: { polyfill: false },
			// A data: URL would have to be allowed by the content policy.
			assetsInlineLimit: 0,
			rolldownOptions: { output: { codeSplitting: { groups: startGroups } } },
		},
	};
}

// What the first screen needs is one file, so that starting costs one read and not twenty. Vite's loader of later parts
// stays out of it: the entry, which asks core its first questions, must not wait for the rest.
const startGroups = [
	{ name: 'load', test: /preload-helper/, priority: 2 },
	{ name: 'start', test: /renderer\/app\/draw-app\.tsx$/, priority: 1 },
];

/**
 * Lets the browser fetch the start file while the entry runs.
 * @returns {import('vite').Plugin}
 */
function preloadStart() {
	return {
		name: 'fieldbook:preload-start',
		apply: 'build',
		transformIndexHtml: {
			order: 'post',
			handler(_html, { bundle = {} }) {
				const files = Object.keys(bundle).filter((name) =>
					/^assets\/(start|rolldown-runtime)-.*\.(js|css)$/.test(name),
				);
				return files.map((file) => ({
					tag: 'link',
					attrs: { rel: file.endsWith('.css') ? 'stylesheet' : 'modulepreload', crossorigin: true, href: `/${file}` },
					injectTo: 'head',
				}));
			},
		},
	};
}

/**
 * Modules for Node, each with all it needs but the database driver.
 * @param {{ input: Record<string, string>, format: 'es' | 'cjs', outDir: string }} options
 * @returns {import('vite').InlineConfig}
 */
export function nodeConfig({ input, format, outDir }) {
	const extension = format === 'cjs' ? 'cjs' : 'js';
	return {
		configFile: false,
		root: rootDir,
		publicDir: false,
		logLevel: 'warn',
		ssr: { noExternal: true },
		resolve: { conditions: ['node'], mainFields: ['module', 'main'] },
		build: {
			ssr: true,
			target: nodeTarget,
			outDir,
			emptyOutDir: true,
			// Less to read and parse at every start.
			minify: 'oxc',
			sourcemap: false,
			rolldownOptions: {
				input,
				external,
				output: { format, entryFileNames: `[name].${extension}`, chunkFileNames: `chunks/[name]-[hash].${extension}` },
			},
		},
	};
}
