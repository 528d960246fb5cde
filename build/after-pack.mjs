import fs from 'node:fs/promises';
import path from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

/**
 * @param {import('electron-builder').AfterPackContext} context
 */
export default async function afterPack(context) {
	const resources = context.packager.getResourcesDir(context.appOutDir);
	// Comes along with a distribution that was unpacked before; a packed app has no use for another way in.
	await fs.rm(path.join(resources, 'default_app.asar'), { force: true });
	await setNewestFuse(context);
	// Set by build/pack.mjs for the fallback runtime only, which cannot load the driver's shipped build.
	const driver = process.env['FIELDBOOK_PACK_DRIVER'];
	if (!driver) return;
	await fs.mkdir(path.join(resources, 'native'), { recursive: true });
	await fs.copyFile(driver, path.join(resources, 'native', 'better-sqlite3.node'));
}

/**
 * The one fuse that electron-builder.yml cannot state: trap handlers of WebAssembly, on as Electron has them. The others
 * are written afterwards and leave it alone.
 * @param {import('electron-builder').AfterPackContext} context
 */
async function setNewestFuse(context) {
	const { appOutDir, electronPlatformName, packager } = context;
	const { productFilename } = packager.appInfo;
	const names = { linux: packager.config.linux?.executableName ?? productFilename, win32: `${productFilename}.exe` };
	const name = names[/** @type {'linux'} */ (electronPlatformName)] ?? `${productFilename}.app`;
	const app = path.join(appOutDir, name);
	if (!(FuseV1Options.WasmTrapHandlers in (await getCurrentFuseWire(app)))) return;
	await flipFuses(app, { version: FuseVersion.V1, [FuseV1Options.WasmTrapHandlers]: true });
}
