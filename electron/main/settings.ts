import { ipcMain } from 'electron';
import Store from 'electron-store';
import type { UiSettings } from '../../shared/contract/bridge.ts';
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

const DEFAULTS: UiSettings = { colorScheme: 'auto', density: 'compact', route: '/accounts', homeTimeZone: null };

/** Opens settings.json in the user-data folder; a file that cannot be read starts afresh. */
export function openSettings(): Settings {
	const store = new Store<Saved>({
		name: 'settings',
		clearInvalidConfig: true,
		configFileMode: 0o600,
		defaults: { ui: DEFAULTS, window: null, folder: null },
	});
	// electron-store answers any frame on a channel of its own; every channel of ours checks its sender instead.
	ipcMain.removeAllListeners('electron-store-get-data');
	return {
		ui: () => ({ ...DEFAULTS, ...readUiPatch(store.get('ui')) }),
		saveUi(patch) {
			const ui = { ...DEFAULTS, ...readUiPatch(store.get('ui')), ...readUiPatch(patch) };
			store.set('ui', ui);
			return ui;
		},
		place: () => store.get('window'),
		savePlace: (place) => store.set('window', place),
		folder: () => store.get('folder'),
		saveFolder: (folder) => store.set('folder', folder),
	};
}

/** Keeps only what is a known setting with a possible value. */
export function readUiPatch(value: unknown): Partial<UiSettings> {
	if (typeof value !== 'object' || value === null) return {};
	const { colorScheme, density, route, homeTimeZone } = value as Record<string, unknown>;
	const patch: Partial<UiSettings> = {};
	if (colorScheme === 'light' || colorScheme === 'dark' || colorScheme === 'auto') patch.colorScheme = colorScheme;
	if (density === 'compact' || density === 'comfortable') patch.density = density;
	if (typeof route === 'string' && route.startsWith('/') && route.length <= 500) patch.route = route;
	if (homeTimeZone === null || isTimeZone(homeTimeZone)) patch.homeTimeZone = homeTimeZone;
	return patch;
}

function isTimeZone(value: unknown): value is string {
	if (typeof value !== 'string' || value.length > 60) return false;
	try {
		new Intl.DateTimeFormat('en', { timeZone: value });
		return true;
	} catch {
		return false;
	}
}
