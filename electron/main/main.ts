import path from 'node:path';
import { app, BrowserWindow, net, powerMonitor, protocol, type Session, safeStorage, session, shell } from 'electron';
import { TELL } from './channels.ts';
import { APP_ORIGIN, APP_SCHEME } from './content-policy.ts';
import { traceOf } from './error-trace.ts';
import { closeNetwork, guardContents, guardSession, keepPlace, logPageErrors } from './guard.ts';
import { answerBridge, tellWindows } from './ipc.ts';
import { createLock, type Lock } from './lock.ts';
import { setMenu } from './menu.ts';
import { serveRenderer } from './renderer-files.ts';
import type { Settings } from './settings.ts';
import { createFileChooser } from './shell/dialogs.ts';
import { SignInDesk } from './sign-in/sign-in-desk.ts';
import {
	cleanEnvironment,
	findRefusedSwitch,
	findServerProblem,
	isTestBuild,
	readStartOptions,
} from './start-options.ts';
import { markTime, printTiming } from './timing.ts';
import { safeStorageKeyring } from './vault/keyring.ts';
import { createWindow, focusWindow } from './window.ts';
import { prepareWorkspace, type Workspace } from './workspace.ts';

const CLOSE_TIMEOUT = 3000;

markTime('mainEval');
cleanEnvironment(process.env);
const options = readStartOptions(process.env, {
	packaged: app.isPackaged,
	napi: Number(process.versions.napi),
	resourcesPath: process.resourcesPath,
});
const serverProblem = findServerProblem(process.env);
if (serverProblem) process.stderr.write(`${serverProblem}\n`);
if (options.userData) app.setPath('userData', options.userData);

if (!isAllowedToStart()) process.exit(2);
if (app.requestSingleInstanceLock()) await start();
else app.exit(0);

/** A packaged app refuses switches by which another program could drive or weaken it. */
function isAllowedToStart(): boolean {
	const refused = app.isPackaged ? findRefusedSwitch((name) => app.commandLine.hasSwitch(name)) : undefined;
	if (!refused || isTestBuild(app.getAppPath())) return true;
	process.stderr.write(`Fieldbook does not start with --${refused}.\n`);
	return false;
}

/** The order is the start-up time: scheme, store thread, then everything that can wait until Chromium is ready. */
async function start(): Promise<void> {
	protocol.registerSchemesAsPrivileged([
		{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
	]);
	// Every page is sandboxed; with --no-sandbox (refused when packaged) this call would stop Chromium's helpers instead.
	if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
	if (!options.rendererUrl) closeNetwork();
	let lock: Lock | undefined;
	const workspace = prepareWorkspace(
		{ ...options, userData: app.getPath('userData'), appVersion: app.getVersion() },
		{
			onState: (state) => {
				// A laptop that was put out: what was on the screen goes too.
				if (state.state === 'left') void lock?.renew();
				else tellWindows(TELL.startState, state);
			},
			onEvent: (event) => tellWindows(TELL.event, event),
		},
	);
	// The settings library is large: the store thread starts while it loads.
	const settings = (await import('./settings.ts')).openSettings();
	guardContents();
	keepRunning(workspace);
	markTime('settingsOpen');
	void app.whenReady().then(() => {
		markTime('appReady');
		const open = windowOpener(settings, prepareSession());
		open();
		lock = createLock({ workspace, settings, openWindow: open });
		const files = createFileChooser({
			window: () => BrowserWindow.getAllWindows()[0],
			settings,
			register: (token, file) => workspace.registerFile(token, file),
		});
		const signIn = new SignInDesk({ workspace, openExternal: (link) => shell.openExternal(link) });
		answerBridge({ workspace, lock, settings, files, signIn, rendererUrl: options.rendererUrl, onPainted });
		void workspace.open(safeStorageKeyring(safeStorage, process.platform));
		setMenu(app.isPackaged);
		watchNetwork(workspace);
		app.on('activate', () => BrowserWindow.getAllWindows().length === 0 && open());
	});
}

/** Pages live in memory: no cache, no storage on disk, nothing of a client left behind by Chromium. */
function prepareSession(): Session {
	const pages = session.fromPartition('pages', { cache: false });
	pages.protocol.handle(APP_SCHEME, serveRenderer(path.join(import.meta.dirname, '../renderer')));
	const network = options.rendererUrl !== undefined;
	for (const each of [pages, session.defaultSession]) guardSession(each, { network });
	return pages;
}

function windowOpener(settings: Settings, pages: Session): () => BrowserWindow {
	return () => {
		const home = options.rendererUrl ?? `${APP_ORIGIN}/`;
		const window = createWindow(settings, pages, home);
		keepPlace(window.webContents, home);
		if (options.log) logPageErrors(window.webContents);
		reviveAfterCrash(window);
		return window;
	};
}

/** A page that crashed is loaded again, but not for ever. */
function reviveAfterCrash(window: BrowserWindow): void {
	let left = 3;
	window.webContents.on('render-process-gone', (_event, { reason }) => {
		process.stderr.write(`PAGE gone: ${reason}\n`);
		if (reason !== 'clean-exit' && left-- > 0 && !window.isDestroyed()) window.reload();
	});
}

function onPainted(): void {
	markTime('painted');
	if (options.timing) printTiming();
}

/** Sync tries again at once when the computer wakes or finds a network. */
function watchNetwork(workspace: Workspace): void {
	powerMonitor.on('resume', () => workspace.wake());
	let online = net.isOnline();
	setInterval(() => {
		const now = net.isOnline();
		if (now && !online) workspace.wake();
		online = now;
	}, 5000).unref();
}

/** One instance, a quiet end: the store is asked to close before the process goes. Whatever is acknowledged is on disk anyway. */
function keepRunning(workspace: Workspace): void {
	let closed = false;
	app.on('second-instance', () => {
		const window = BrowserWindow.getAllWindows()[0];
		if (window) focusWindow(window);
	});
	app.on('window-all-closed', () => {
		if (process.platform !== 'darwin') app.quit();
	});
	app.on('will-quit', (event) => {
		if (closed) return;
		event.preventDefault();
		closed = true;
		void workspace.close(CLOSE_TIMEOUT).finally(() => app.exit(0));
	});
	process.on('uncaughtException', (error) => {
		process.stderr.write(`MAIN ${traceOf(error)}\n`);
		app.exit(1);
	});
}
