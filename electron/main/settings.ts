import { ipcMain } from 'electron';
import Store from 'electron-store';
import type { UiSettings } from '../../shared/contract/bridge.ts';
import { traceOf } from './error-trace.ts';
import { DEFAULT_UI, readUiPatch } from './ui-settings.ts';
import type { SavedPlace } from './window-place.ts';

interface Saved {
	ui: UiSettings;
	window: SavedPlace | null;
	/** Where the last file was chosen. */
	folder: string | null;
}

/** What the shell remembers between starts; nothing of a client is in it. */
export interface Settings {
	ui(): UiSettings;
	saveUi(patch: unknown): UiSettings;
	place(): SavedPlace | null;
	savePlace(place: SavedPlace): void;
	folder(): string | null;
	saveFolder(folder: string): void;
}

const DEFAULTS: Saved = { ui: DEFAULT_UI, window: null, folder: null };

/**
 * Opens settings.json in the user-data folder; a file that cannot be read starts afresh. What is chosen holds for this
 * start even when it cannot be written: a full disk must not end the app over the look of its window.
 */
export function openSettings(): Settings {
	const file = openFile();
	// electron-store answers any frame on a channel of its own; every channel of ours checks its sender instead.
	ipcMain.removeAllListeners('electron-store-get-data');
	const saved: Saved = { ...DEFAULTS, ...file?.store };
	const keep = <K extends keyof Saved>(key: K, value: Saved[K]) => {
		saved[key] = value;
		try {
			file?.set({ [key]: value });
		} catch (error) {
			process.stderr.write(`SETTINGS ${traceOf(error)}\n`);
		}
	};
	const ui = () => ({ ...DEFAULT_UI, ...readUiPatch(saved.ui) });
	return {
		ui,
		saveUi(patch) {
			keep('ui', { ...ui(), ...readUiPatch(patch) });
			return ui();
		},
		place: () => saved.window,
		savePlace: (place) => keep('window', place),
		folder: () => saved.folder,
		saveFolder: (folder) => keep('folder', folder),
	};
}

function openFile(): Store<Saved> | undefined {
	try {
		return new Store<Saved>({ name: 'settings', clearInvalidConfig: true, configFileMode: 0o600, defaults: DEFAULTS });
	} catch (error) {
		process.stderr.write(`SETTINGS ${traceOf(error)}\n`);
		return undefined;
	}
}
