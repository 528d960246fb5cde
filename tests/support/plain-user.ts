import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rootDir } from '../../build/paths.mjs';

/** The system's own user without rights, `nobody`. */
const NOBODY = 65534;

export interface PlainUser {
	/** How to start the app, in the form that `launchApp` takes. */
	command: { executablePath: string; args: string[] };
	env: Record<string, string>;
	/** A user-data folder of that user's own. */
	userData: string;
	remove(): void;
}

/**
 * The app as an ordinary user starts it, with its sandbox. Root gets a copy that `nobody` may read, because Chromium
 * refuses root its sandbox, and a probe of an app without one proves nothing. `switches` come before the app; `packed`
 * is a packed app to start instead.
 */
export function asPlainUser(switches: string[] = [], packed = process.env['FIELDBOOK_PACKAGED']): PlainUser {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-plain-'));
	const remove = () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
	const isRoot = process.getuid?.() === 0;
	const own = ownParts(packed);
	const parts = isRoot ? copyParts(folder, own) : own;
	const home = path.join(folder, 'home');
	const userData = path.join(home, 'data');
	fs.mkdirSync(userData, { recursive: true, mode: 0o700 });
	if (isRoot) {
		fs.chmodSync(folder, 0o755);
		for (const each of [home, userData]) fs.chownSync(each, NOBODY, NOBODY);
	}
	const env: Record<string, string> = { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home };
	if (parts.driver) env['FIELDBOOK_NATIVE'] = parts.driver;
	const args = [...switches, ...parts.app];
	const executablePath = isRoot ? writeStarter(folder, parts.executable) : parts.executable;
	return { command: { executablePath, args }, env, userData, remove };
}

interface Parts {
	executable: string;
	/** The folder of the app, as an argument; a packaged one brings its own. */
	app: string[];
	driver: string | undefined;
}

function ownParts(packed: string | undefined): Parts {
	if (packed) return { executable: packed, app: [], driver: undefined };
	const executable = process.env['FIELDBOOK_ELECTRON'];
	if (!executable) throw new Error('FIELDBOOK_ELECTRON is not set: run this by its npm script.');
	return { executable, app: [rootDir], driver: process.env['FIELDBOOK_NATIVE'] };
}

function copyParts(folder: string, own: Parts): Parts {
	const runtime = path.join(folder, 'runtime');
	copyFolder(path.dirname(own.executable), runtime);
	openSandboxHelper(runtime);
	const executable = path.join(runtime, path.basename(own.executable));
	if (own.app.length === 0) return { executable, app: [], driver: undefined };
	const app = path.join(folder, 'app');
	fs.mkdirSync(path.join(app, 'node_modules'), { recursive: true });
	for (const part of ['out', 'node_modules/better-sqlite3']) copyFolder(path.join(rootDir, part), path.join(app, part));
	fs.copyFileSync(path.join(rootDir, 'package.json'), path.join(app, 'package.json'));
	const driver = own.driver && path.join(folder, 'driver.node');
	if (driver && own.driver) fs.copyFileSync(own.driver, driver);
	return { executable, app: [app], driver };
}

/** Linked where the disk allows it: the runtime is a quarter of a gigabyte. */
function copyFolder(from: string, to: string): void {
	try {
		execFileSync('cp', ['-al', from, to], { stdio: 'ignore' });
	} catch {
		fs.rmSync(to, { recursive: true, force: true });
		fs.cpSync(from, to, { recursive: true });
	}
}

/** As an installed package has it, for systems that let nobody but root make a namespace. A file of its own, not a link. */
function openSandboxHelper(runtime: string): void {
	const helper = path.join(runtime, 'chrome-sandbox');
	if (!fs.existsSync(helper)) return;
	const bytes = fs.readFileSync(helper);
	fs.rmSync(helper);
	fs.writeFileSync(helper, bytes);
	fs.chmodSync(helper, 0o4755);
}

/** The driver of the tests puts arguments first, among them, when it is root, one against the sandbox: that is left out. */
function writeStarter(folder: string, executable: string): string {
	const file = path.join(folder, 'start');
	const change = `setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups`;
	const keep = 'for each do shift; [ "$each" = --no-sandbox ] || set -- "$@" "$each"; done';
	fs.writeFileSync(file, `#!/bin/sh\n${keep}\nexec ${change} -- '${executable}' "$@"\n`, { mode: 0o755 });
	return file;
}
