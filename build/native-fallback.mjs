// The database driver ships compiled for Node-API 10. A runtime that has only 9 (the fallback Electron) needs it compiled
// once more, as an experimental module: with a lower version number, or with a patched one, the process aborts at the
// first garbage collection, because finalizers then run at a moment when they may not. Short trials do not show it.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cacheDir } from './paths.mjs';
import { run } from './processes.mjs';

const require = createRequire(import.meta.url);

const cFlags = ['-O2', '-fPIC', '-w', '-std=c99', '-D_GNU_SOURCE', '-DNDEBUG', '-fvisibility=hidden'];
// The ciphers use the processor's AES instructions.
const cipherFlags = ['-msse4.2', '-maes'];
const cxxFlags = [
	...['-O2', '-fPIC', '-w', '-std=c++20', '-DNDEBUG', '-fvisibility=hidden', '-fvisibility-inlines-hidden'],
	...['-DNAPI_EXPERIMENTAL', '-DNAPI_VERSION=2147483647', '-DNAPI_DISABLE_CPP_EXCEPTIONS'],
	...['-DNODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT', '-DNODE_API_EXPERIMENTAL_HAS_POST_FINALIZER'],
	...['-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS', '-DBUILDING_NODE_EXTENSION'],
];
const linkFlags = ['-shared', '-s', '-Wl,-Bsymbolic', '-static-libstdc++', '-static-libgcc'];

/**
 * Compiles the driver, or takes it from the cache.
 * @param {{ log?: (line: string) => void, beforeCompiling?: () => Promise<void> }} [options]
 * @returns {Promise<string>} the path of the binding
 */
export async function compileDriver({ log = console.error, beforeCompiling } = {}) {
	const driver = readDriver();
	const recipe = JSON.stringify([driver.name, driver.version, driver.defines, cFlags, cipherFlags, cxxFlags]);
	const key = createHash('sha256').update(recipe).digest('hex').slice(0, 16);
	const target = path.join(cacheDir(), `${driver.name}-${driver.version}-${key}.node`);
	if (fs.existsSync(target)) return target;
	await beforeCompiling?.();
	log(`Compiling ${driver.name} ${driver.version} for this Electron (about a minute, once) ...`);
	fs.mkdirSync(cacheDir(), { recursive: true });
	const work = fs.mkdtempSync(path.join(cacheDir(), 'compile-'));
	try {
		await compileInto(work, driver);
		fs.renameSync(path.join(work, 'driver.node'), target);
		return target;
	} finally {
		fs.rmSync(work, { recursive: true, force: true });
	}
}

function readDriver() {
	const manifest = require.resolve('better-sqlite3/package.json');
	const folder = path.dirname(manifest);
	const { name, version } = require(manifest);
	const settings = fs.readFileSync(path.join(folder, 'deps', 'defines.gypi'), 'utf8').replace(/^#.*$/gm, '');
	const defines = [...settings.matchAll(/'([A-Z][A-Z0-9_]*(?:=[^']*)?)'/g)].map((match) => `-D${match[1]}`);
	return { folder, name: String(name), version: String(version), defines };
}

/**
 * @param {string} work
 * @param {ReturnType<typeof readDriver>} driver
 */
async function compileInto(work, driver) {
	const include = [
		`-I${path.join(path.dirname(require.resolve('node-api-headers/package.json')), 'include')}`,
		`-I${path.dirname(require.resolve('node-addon-api/package.json'))}`,
		`-I${path.join(driver.folder, 'deps', 'sqlite3')}`,
		...['-include', path.join(import.meta.dirname, 'napi-experimental.h')],
	];
	const sqlite = path.join(driver.folder, 'deps', 'sqlite3', 'sqlite3.c');
	const binding = path.join(driver.folder, 'src', 'better_sqlite3.cpp');
	const objects = [path.join(work, 'sqlite.o'), path.join(work, 'binding.o')];
	await Promise.all([
		compile('gcc', [...cFlags, ...cipherFlags, ...driver.defines, '-c', sqlite, '-o', String(objects[0])]),
		compile('g++', [...cxxFlags, ...include, '-c', binding, '-o', String(objects[1])]),
	]);
	await compile('g++', [...linkFlags, ...objects, '-o', path.join(work, 'driver.node'), '-ldl', '-lm']);
}

/**
 * @param {string} compiler
 * @param {string[]} args
 */
async function compile(compiler, args) {
	const result = await run(compiler, args, { output: 'capture', timeoutMs: 900_000 });
	if (result.code !== 0) throw new Error(`${compiler} failed: ${result.output.trim().slice(-2000)}`);
}
