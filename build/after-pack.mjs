import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * @param {import('electron-builder').AfterPackContext} context
 */
export default async function afterPack(context) {
	const resources = context.packager.getResourcesDir(context.appOutDir);
	// Comes along with a distribution that was unpacked before; a packed app has no use for another way in.
	await fs.rm(path.join(resources, 'default_app.asar'), { force: true });
	// Set by build/pack.mjs for the fallback runtime only, which cannot load the driver's shipped build.
	const driver = process.env['FIELDBOOK_PACK_DRIVER'];
	if (!driver) return;
	await fs.mkdir(path.join(resources, 'native'), { recursive: true });
	await fs.copyFile(driver, path.join(resources, 'native', 'better-sqlite3.node'));
}
