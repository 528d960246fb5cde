// Builds the app into out/: main and worker, preload, renderer. Nothing is done when no input has changed.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { rootDir } from './paths.mjs';

const outDir = path.join(rootDir, 'out');
const stampFile = path.join(outDir, '.inputs');
const inputs = ['electron', 'db', 'shared', 'renderer', 'package.json', 'package-lock.json', 'build/vite-configs.mjs'];

/**
 * @param {{ force?: boolean, log?: (line: string) => void }} [options]
 * @returns {Promise<{ built: boolean, ms: number }>}
 */
export async function buildApp({ force = false, log = console.error } = {}) {
	const started = performance.now();
	const hash = hashInputs();
	const built = force || !fs.existsSync(stampFile) || fs.readFileSync(stampFile, 'utf8') !== hash;
	if (built) {
		log('Building the app ...');
		await buildInto(hash);
	}
	const ms = Math.round(performance.now() - started);
	if (built) log(`Built in ${(ms / 1000).toFixed(1)} s.`);
	return { built, ms };
}

/**
 * Built beside the old result and moved at the end: a build that fails, or another that runs meanwhile, leaves no half.
 * @param {string} hash
 */
async function buildInto(hash) {
	// Only here, because loading these takes longer than finding that there is nothing to do.
	const { build } = await import('vite');
	const { mainConfig, preloadConfig, rendererConfig } = await import('./vite-configs.mjs');
	const { NoticeCollector } = await import('./third-party-notices.mjs');
	const notices = new NoticeCollector();
	const withNotices = (/** @type {import('vite').InlineConfig} */ config) => ({
		...config,
		plugins: [...(config.plugins ?? []), notices.plugin()],
	});
	// A build marks its whole process as production; what is started afterwards (the embedded server) is not.
	const mode = process.env['NODE_ENV'];
	const work = fs.mkdtempSync(`${outDir}.`);
	// Temporary folders are private, and this one becomes out/.
	fs.chmodSync(work, 0o755);
	try {
		await build(withNotices(mainConfig(work)));
		await build(withNotices(preloadConfig(work)));
		await build(withNotices(rendererConfig(work)));
		notices.write(path.join(work, 'THIRD-PARTY-NOTICES.txt'));
		fs.writeFileSync(path.join(work, '.inputs'), hash);
		fs.rmSync(outDir, { recursive: true, force: true });
		fs.renameSync(work, outDir);
	} finally {
		if (mode === undefined) delete process.env['NODE_ENV'];
		else process.env['NODE_ENV'] = mode;
		fs.rmSync(work, { recursive: true, force: true });
	}
}

/** By content and not by time: a checkout of another branch and back changes times only. */
function hashInputs() {
	const hash = createHash('sha256');
	for (const file of inputs.flatMap(listFiles).sort()) {
		hash.update(`${file}\0`);
		hash.update(fs.readFileSync(path.join(rootDir, file)));
	}
	return hash.digest('hex');
}

/**
 * @param {string} input
 * @returns {string[]}
 */
function listFiles(input) {
	const absolute = path.join(rootDir, input);
	if (!fs.existsSync(absolute)) return [];
	if (fs.statSync(absolute).isFile()) return [input];
	return fs
		.readdirSync(absolute, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(rootDir, path.join(entry.parentPath, entry.name)));
}

if (process.argv[1] === import.meta.filename) {
	const { built } = await buildApp({ force: process.argv.includes('--force') });
	if (!built) console.error('Nothing to build: out/ is up to date.');
}
