import { ipcMain } from 'electron';
import Store from 'electron-store';
import type { UiSettings } from '../../shared/contract/bridge.ts';
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

/** Opens settings.json in the user-data folder; a file that cannot be read starts afresh. */
export function openSettings(): Settings {
	const store = new Store<Saved>({
		name: 'settings',
		clearInvalidConfig: true,
		configFileMode: 0o600,
		defaults: { ui: DEFAULT_UI, window: null, folder: null },
	});
	// electron-store answers any frame on a channel of its own; every channel of ours checks its sender instead.
	ipcMain.removeAllListeners('electron-store-get-data');
	return {
		ui: () => ({ ...DEFAULT_UI, ...readUiPatch(store.get('ui')) }),
		saveUi(patch) {
			const ui = { ...DEFAULT_UI, ...readUiPatch(store.get('ui')), ...readUiPatch(patch) };
			store.set('ui', ui);
			return ui;
		},
		place: () => store.get('window'),
		savePlace: (place) => store.set('window', place),
		folder: () => store.get('folder'),
		saveFolder: (folder) => store.set('folder', folder),
	};
}
