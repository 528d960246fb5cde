import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { rootDir } from './paths.mjs';

/**
 * node build/keep-release.mjs COMMIT NAME    keeps a release's core and server as two files under tests/releases/NAME
 *
 * Laptops and servers are not upgraded on the same day. What was released is kept as it was built, so that today's core
 * can be tested against yesterday's server and the other way round (tests/sync/releases.test.ts).
 */
const ENTRIES = {
	core: "export { createCore } from './electron/core/core.ts';\n",
	server: `export { buildServer } from './server/app.ts';
export { openStore } from './server/store/open-store.ts';
export { seedLogins, seedRecords } from './server/seed.ts';
`,
};

const external = [
	'better-sqlite3',
	'@electric-sql/pglite',
	'pg',
	...builtinModules,
	...builtinModules.map((name) => `node:${name}`),
];

/**
 * @param {string} commit
 * @param {string} name
 */
async function keep(commit, name) {
	const folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-release-'));
	try {
		const archive = execFileSync('git', ['archive', commit], { cwd: rootDir, maxBuffer: 2 ** 30 });
		execFileSync('tar', ['x', '-C', folder], { input: archive });
		symlinkSync(path.join(rootDir, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
		const target = path.join(rootDir, 'tests/releases', name);
		mkdirSync(target, { recursive: true });
		for (const [entry, text] of Object.entries(ENTRIES)) {
			const input = path.join(folder, `release-${entry}.ts`);
			writeFileSync(input, text);
			await build({
				configFile: false,
				root: folder,
				logLevel: 'warn',
				ssr: { noExternal: true },
				build: {
					ssr: true,
					target: 'node20.18',
					minify: 'oxc',
					outDir: target,
					emptyOutDir: false,
					rolldownOptions: {
						external,
						input: { [entry]: input },
						output: { format: 'es', entryFileNames: '[name].mjs', codeSplitting: false },
					},
				},
			});
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const [commit, name] = process.argv.slice(2);
if (!commit || !name) throw new Error('Usage: node build/keep-release.mjs COMMIT NAME');
await keep(commit, name);
