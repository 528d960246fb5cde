// Stands in for Electron's own default_app.asar, which the fallback build does not have: `electron FOLDER` runs the app
// of that folder. A module with top-level await, because the app's code must have run before `ready` is sent.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const target = path.resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
Object.assign(process, { defaultApp: true });
await import(pathToFileURL(fs.statSync(target).isDirectory() ? enterFolder(target) : target).href);

function enterFolder(/** @type {string} */ folder) {
	const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
	// These three are not in Electron's public types; its own host uses them in the same way.
	const host = /** @type {any} */ (app);
	host.setVersion(manifest.version ?? '0.0.0');
	host.setDesktopName(manifest.desktopName ?? `${manifest.name}.desktop`);
	host.setAppPath(folder);
	app.setName(manifest.productName ?? manifest.name);
	return path.join(folder, manifest.main ?? 'index.js');
}
