import { once } from 'node:events';
import { BrowserWindow, powerMonitor } from 'electron';
import type { VaultAnswer } from '../../shared/contract/vault.ts';
import { TELL } from './channels.ts';
import { scrubLater, scrubMemory } from './scrub-memory.ts';
import type { Settings } from './settings.ts';
import { askToClose } from './shell/dialogs.ts';
import { rememberWindow } from './window.ts';
import type { Workspace } from './workspace.ts';

export interface LockParts {
	workspace: Workspace;
	settings: Settings;
	/** Opens a window for the start screen. */
	openWindow(): BrowserWindow;
}

export interface Lock {
	/** `asked`: by a person, who may stay when something cannot be saved. `away`: nobody is there to be asked. */
	lock(how: 'asked' | 'away'): Promise<VaultAnswer>;
	/** A page has saved what it could. */
	left(page: Electron.WebContents, unsaved: boolean): void;
	/** Ends the pages with all they hold; a new one takes their place. */
	renew(): Promise<void>;
}

/** How long a page may take to save what is being typed. A computer that falls asleep gives less. */
const LEAVE_MS = 2000;
const LOOK_MS = 10_000;
/** The page takes part in overwriting memory; it is waited for, but not for ever. */
const SHOWN_MS = 3000;

/**
 * Locks the workbook: what is being typed is saved, the store closes, its key is zeroed, the page's process ends and a
 * new one shows the lock screen.
 */
export function createLock({ workspace, settings, openWindow }: LockParts): Lock {
	const waiting = new Map<number, (unsaved: boolean) => void>();
	let locking: Promise<VaultAnswer> | undefined;

	const leave = async (window: BrowserWindow): Promise<boolean> => {
		const { webContents } = window;
		const answer = new Promise<boolean>((resolve) => {
			waiting.set(webContents.id, resolve);
			setTimeout(() => resolve(false), LEAVE_MS);
		});
		webContents.send(TELL.leave);
		const unsaved = await answer;
		waiting.delete(webContents.id);
		return unsaved;
	};
	let scrubbed = Promise.resolve();
	let turns = 0;
	const scrub = (fresh: BrowserWindow) => {
		const send = (text: string) => !fresh.isDestroyed() && fresh.webContents.send(TELL.nothing, text);
		const done = Promise.all([scrubbed, isShown(fresh)]).then(() => scrubMemory(send));
		const turn = ++turns;
		// The next lock does all of it anew.
		const isLocked = () => turn === turns && workspace.state().state !== 'ready';
		scrubbed = done.then(() => scrubLater(send, isLocked));
		return done;
	};
	const lockNow = async (how: 'asked' | 'away'): Promise<VaultAnswer> => {
		const windows = BrowserWindow.getAllWindows();
		const unsaved = await Promise.all(windows.map(leave));
		const first = windows[unsaved.indexOf(true)];
		if (how === 'asked' && first && !(await askToClose(first))) return { ok: false, problem: 'unsaved' };
		const locked = workspace.lock();
		const fresh = replace(windows, settings, openWindow);
		await locked;
		// It takes seconds, and who unlocks and locks again meanwhile must not wait for it.
		void scrub(fresh);
		return { ok: true };
	};
	const lock: Lock['lock'] = async (how) => {
		if (workspace.state().state !== 'ready') return { ok: false, problem: 'not_now' };
		locking ??= lockNow(how).finally(() => {
			locking = undefined;
		});
		return locking;
	};
	lockWhenAway(workspace, settings, () => void lock('away'));
	return {
		lock,
		left: (page, unsaved) => waiting.get(page.id)?.(unsaved),
		renew: () => scrub(replace(BrowserWindow.getAllWindows(), settings, openWindow)),
	};
}

async function isShown(window: BrowserWindow): Promise<void> {
	if (window.isDestroyed() || !window.webContents.isLoading()) return;
	await once(window.webContents, 'did-finish-load', { signal: AbortSignal.timeout(SHOWN_MS) }).catch(() => {});
}

/** The new window comes first, so that the app never counts as closed; the old one's process ends whatever it is doing. */
function replace(windows: BrowserWindow[], settings: Settings, openWindow: () => BrowserWindow): BrowserWindow {
	const old = windows.filter((window) => !window.isDestroyed());
	if (old[0]) rememberWindow(old[0], settings);
	const isAside = old.length > 0 && old.every((window) => window.isMinimized());
	const isFull = old.some((window) => window.isFullScreen());
	const fresh = openWindow();
	if (isFull) fresh.setFullScreen(true);
	if (isAside) fresh.once('ready-to-show', () => fresh.minimize());
	for (const window of old) {
		window.webContents.forcefullyCrashRenderer();
		window.destroy();
	}
	return fresh;
}

/** On suspend, when the system locks its screen, and after the time without a key or a mouse that the person has chosen. */
function lockWhenAway(workspace: Workspace, settings: Settings, lock: () => void): void {
	powerMonitor.on('suspend', lock);
	powerMonitor.on('lock-screen', lock);
	setInterval(() => {
		const { autoLock } = settings.ui();
		if (autoLock === 0 || workspace.isSample() || workspace.state().state !== 'ready') return;
		if (powerMonitor.getSystemIdleTime() >= autoLock * 60) lock();
	}, LOOK_MS).unref();
}
