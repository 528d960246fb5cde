import path from 'node:path';
import { app, BrowserWindow, nativeTheme, type Session, screen } from 'electron';
import type { Settings } from './settings.ts';
import { askToClose } from './shell/dialogs.ts';
import { markTime } from './timing.ts';
import { placeWindow, SMALLEST_SIZE } from './window-place.ts';

/** The ground colours of the theme (renderer/app): the window has them before the page paints, so nothing flashes. */
const GROUND = { light: '#fafaf8', dark: '#121514' } as const;

/** Opens the one window: hidden until its first frame is ready, where it was last time. */
export function createWindow(settings: Settings, session: Session, url: string): BrowserWindow {
	applyColourScheme(settings);
	const { maximised, ...place } = placeWindow(settings.place(), screen.getAllDisplays());
	const window = new BrowserWindow({
		...place,
		minWidth: SMALLEST_SIZE.width,
		minHeight: SMALLEST_SIZE.height,
		show: false,
		title: 'Fieldbook',
		autoHideMenuBar: true,
		backgroundColor: groundColour(),
		webPreferences: {
			preload: path.join(import.meta.dirname, '../preload/preload.cjs'),
			session,
			sandbox: true,
			contextIsolation: true,
			nodeIntegration: false,
			webviewTag: false,
			spellcheck: false,
			navigateOnDragDrop: false,
			// Notes are saved as they are typed; a hidden window must not slow that down.
			backgroundThrottling: false,
		},
	});
	markTime('windowCreated');
	void window.loadURL(url).catch(() => {});
	window.once('ready-to-show', () => {
		markTime('readyToShow');
		if (maximised) window.maximize();
		window.show();
	});
	// The title stays "Fieldbook": a client's name has no place in the task bar.
	window.on('page-title-updated', (event) => event.preventDefault());
	rememberPlace(window, settings);
	askBeforeLoss(window);
	return window;
}

/** The page stays while something in it could not be saved, until the person says that it may go. */
function askBeforeLoss(window: BrowserWindow): void {
	let asking = false;
	let quits = false;
	const onQuit = () => {
		quits = true;
	};
	app.on('before-quit', onQuit);
	window.once('closed', () => app.off('before-quit', onQuit));
	window.webContents.on('will-prevent-unload', () => {
		const wasQuit = quits;
		quits = false;
		if (asking) return;
		asking = true;
		void askToClose(window).then((mayClose) => {
			asking = false;
			if (!mayClose || window.isDestroyed()) return;
			window.destroy();
			// The refusal has stopped a quit that was under way.
			if (wasQuit) app.quit();
		});
	});
}

/** Follows a changed colour scheme in every open window. */
export function applyColourScheme(settings: Settings): void {
	const scheme = settings.ui().colorScheme;
	nativeTheme.themeSource = scheme === 'auto' ? 'system' : scheme;
	for (const window of BrowserWindow.getAllWindows()) window.setBackgroundColor(groundColour());
}

/** Brings the window to the front, also when it is minimised. */
export function focusWindow(window: BrowserWindow): void {
	if (window.isMinimized()) window.restore();
	window.show();
	window.focus();
}

function groundColour(): string {
	return nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light;
}

/** Notes where a window is, for the next one. */
export function rememberWindow(window: BrowserWindow, settings: Settings): void {
	if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
	const bounds = window.getNormalBounds();
	settings.savePlace({ bounds, display: screen.getDisplayMatching(bounds).id, maximised: window.isMaximized() });
}

function rememberPlace(window: BrowserWindow, settings: Settings): void {
	let timer: NodeJS.Timeout | undefined;
	const save = () => {
		clearTimeout(timer);
		rememberWindow(window, settings);
	};
	const saveSoon = () => {
		clearTimeout(timer);
		timer = setTimeout(save, 1000);
	};
	window.on('resize', saveSoon);
	window.on('move', saveSoon);
	window.on('close', save);
}
