import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type ElectronApplication, _electron as electron, type Page } from '@playwright/test';
import { rootDir } from '../../build/paths.mjs';
import { electronSwitches } from '../../build/runtime.mjs';

export interface AppOptions {
	/** A folder of the app's own; made and removed by the caller. */
	userData: string;
	env?: Record<string, string>;
	/** Further switches, before the folder of the app. */
	switches?: string[];
	/** False for a real workspace, which asks for its passphrase. */
	sample?: boolean;
	/** Started instead of the app of this checkout. */
	command?: { executablePath: string; args: string[] };
}

export interface RunningApp {
	electron: ElectronApplication;
	page: Page;
	userData: string;
	/** Ends every process of the app at once, without a word to any of them. */
	kill(): Promise<void>;
	close(): Promise<void>;
}

/** The packaged app when FIELDBOOK_PACKAGED names it, otherwise the built app of this checkout. */
export async function launchApp(options: AppOptions): Promise<RunningApp> {
	const launched = await attach(options);
	const page = await launched.firstWindow();
	const child = launched.process();
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	return {
		electron: launched,
		page,
		userData: options.userData,
		kill: async () => {
			endGroup(child.pid);
			await ended;
			await launched.close().catch(() => undefined);
		},
		close: async () => {
			const insist = setTimeout(() => endGroup(child.pid), 15_000);
			await launched.close().catch(() => undefined);
			await ended;
			clearTimeout(insist);
		},
	};
}

/**
 * Once in some fifty starts the driver hangs before the app's own code has run, and says so only by running out of time;
 * such a start is tried once more. An app that really does not start fails both times.
 */
async function attach(options: AppOptions, tries = 2): Promise<ElectronApplication> {
	try {
		return await electron.launch({
			...(options.command ?? appCommand(options.switches)),
			env: appEnvironment(options),
			timeout: tries > 1 ? 20_000 : 60_000,
		});
	} catch (error) {
		if (tries > 1 && String(error).includes('Timeout')) return attach(options, tries - 1);
		throw error;
	}
}

/** What to start and with which arguments. */
export function appCommand(switches: string[] = []): { executablePath: string; args: string[] } {
	const packaged = process.env['FIELDBOOK_PACKAGED'];
	const all = [...electronSwitches(), ...switches];
	if (packaged) return { executablePath: packaged, args: all };
	const executablePath = process.env['FIELDBOOK_ELECTRON'];
	if (!executablePath) throw new Error('FIELDBOOK_ELECTRON is not set: run this by its npm script.');
	return { executablePath, args: [...all, rootDir] };
}

/** The environment of one start: nothing of ours leaks in from the shell but where the parts are. */
export function appEnvironment({ userData, env = {}, sample = true }: AppOptions): Record<string, string> {
	// The packaged app brings its own driver.
	const kept = process.env['FIELDBOOK_PACKAGED'] ? [] : ['FIELDBOOK_NATIVE'];
	const own = Object.entries(process.env).filter(
		(entry): entry is [string, string] =>
			entry[1] !== undefined && (!entry[0].startsWith('FIELDBOOK_') || kept.includes(entry[0])),
	);
	return {
		...Object.fromEntries(own),
		FIELDBOOK_USER_DATA: userData,
		...(sample ? { FIELDBOOK_SAMPLE: '1' } : {}),
		...env,
	};
}

/** A new empty folder under the system's temporary one. */
export function temporaryFolder(name: string): string {
	return fs.mkdtempSync(path.join(os.tmpdir(), `fieldbook-${name}-`));
}

export function removeFolder(folder: string): void {
	fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function endGroup(pid: number | undefined): void {
	if (!pid) return;
	try {
		process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
	} catch {
		// It ended in between.
	}
}
