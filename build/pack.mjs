// `npm run pack`: the unpacked app. `npm run dist`: the installers of this platform. Two variants: the released one, and
// one for end-to-end tests, which a test runner may attach to and which says so in its own package.json.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, Platform } from 'electron-builder';
import { buildApp } from './build-app.mjs';
import { cacheDir, rootDir } from './paths.mjs';
import { prepareRuntime } from './runtime.mjs';

/**
 * @typedef {object} PackOptions
 * @property {'release' | 'test'} variant
 * @property {string[]} targets for electron-builder: dir, deb, AppImage, nsis, ...; empty = those of electron-builder.yml
 */

/** The app that the end-to-end tests drive: dist/test/. */
export async function packForTests() {
	return packApp({ variant: 'test', targets: ['dir'] });
}

/**
 * @param {PackOptions} options
 * @returns {Promise<{ executable: string, files: string[], runtime: import('./runtime.mjs').Runtime }>}
 */
export async function packApp({ variant, targets }) {
	const runtime = await prepareRuntime();
	await buildApp();
	const output = path.join('dist', variant === 'test' ? 'test' : '');
	preferLocalTools(runtime.driver);
	const files = await build({
		projectDir: rootDir,
		targets: currentPlatform().createTarget(targets),
		publish: 'never',
		config: {
			...runtimeConfig(runtime.electron),
			directories: { output, buildResources: 'build' },
			...(variant === 'test' ? testVariant() : {}),
		},
	});
	return { executable: packedExecutable(output), files, runtime };
}

/** @returns {import('electron-builder').Configuration} */
function testVariant() {
	return { electronFuses: { enableNodeCliInspectArguments: true }, extraMetadata: { testBuild: true } };
}

/**
 * Packs the runtime that is already unpacked here; the name says it when that is not the one to release.
 * @param {import('./electron-runtime.mjs').ElectronRuntime} electron
 * @returns {import('electron-builder').Configuration}
 */
function runtimeConfig(electron) {
	const config = { electronVersion: electron.version, electronDist: electron.dist };
	if (electron.source === 'official') return config;
	return {
		...config,
		artifactName: `\${productName}-\${version}-electron-${electron.version}-\${os}-\${arch}.\${ext}`,
	};
}

/**
 * Both would otherwise be downloaded from a place that not every machine reaches.
 * @param {string | undefined} driver
 */
function preferLocalTools(driver) {
	if (driver) process.env['FIELDBOOK_PACK_DRIVER'] = driver;
	else delete process.env['FIELDBOOK_PACK_DRIVER'];
	if (process.platform === 'linux')
		process.env['CUSTOM_FPM_PATH'] ??= path.join(import.meta.dirname, 'deb-builder.mjs');
}

function currentPlatform() {
	if (process.platform === 'win32') return Platform.WINDOWS;
	return process.platform === 'darwin' ? Platform.MAC : Platform.LINUX;
}

/** @param {string} output */
function packedExecutable(output) {
	const folder = path.join(rootDir, output);
	const arm = process.arch === 'arm64' ? '-arm64' : '';
	if (process.platform === 'win32') return path.join(folder, `win${arm}-unpacked`, 'Fieldbook.exe');
	if (process.platform === 'darwin') return path.join(folder, `mac${arm}`, 'Fieldbook.app/Contents/MacOS/Fieldbook');
	return path.join(folder, `linux${arm}-unpacked`, 'fieldbook');
}

async function main() {
	const { values } = parseArgs({
		options: {
			installers: { type: 'boolean', default: false },
			target: { type: 'string', multiple: true, default: [] },
			variant: { type: 'string', default: 'release' },
		},
	});
	const variant = values.variant === 'test' ? 'test' : 'release';
	if (!values.installers) await packAndReport({ variant, targets: ['dir'] });
	else for (const targets of installerRuns(values.target)) await packAndReport({ variant, targets });
}

/**
 * On Linux one after the other, so that a tool that cannot be downloaded for one does not take the other along.
 * @param {string[]} wanted
 * @returns {string[][]}
 */
function installerRuns(wanted) {
	if (wanted.length > 0) return [wanted];
	return process.platform === 'linux' ? [['deb'], ['AppImage']] : [[]];
}

/** @param {PackOptions} options */
async function packAndReport(options) {
	const { executable, files, runtime } = await packApp(options);
	console.log(`Packed ${path.relative(rootDir, executable)} with Electron ${runtime.electron.version}.`);
	for (const file of files) console.log(`  ${path.relative(rootDir, file)}  ${sizeOf(file)}`);
	if (runtime.electron.source === 'official') return;
	console.log('This is not the Electron of package.json: for trying on this machine only, never to be released.');
	console.log(`A release is made where the official build can be fetched (a failed attempt is kept in ${cacheDir()}).`);
}

/** @param {string} file */
function sizeOf(file) {
	return `${(fs.statSync(file).size / 1e6).toFixed(1)} MB`;
}

if (process.argv[1] === import.meta.filename) await main();
