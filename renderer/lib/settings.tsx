import {
	createContext,
	type ReactNode,
	useCallback,
	useContext,
	useLayoutEffect,
	useMemo,
	useState,
	useSyncExternalStore,
} from 'react';
import type { UiSettings } from '../../shared/contract/bridge.ts';

interface SettingsValue {
	settings: UiSettings;
	change(patch: Partial<UiSettings>): void;
}

const SettingsContext = createContext<SettingsValue | null>(null);

const darkMedia = () => window.matchMedia('(prefers-color-scheme: dark)');

function schemeOf(settings: UiSettings): 'light' | 'dark' {
	if (settings.colorScheme !== 'auto') return settings.colorScheme;
	return darkMedia().matches ? 'dark' : 'light';
}

/** Puts theme and density on the document; the theme file's tokens follow from these two attributes. */
export function applySettings(settings: UiSettings): void {
	const root = document.documentElement;
	root.setAttribute('data-mantine-color-scheme', schemeOf(settings));
	root.setAttribute('data-density', settings.density);
}

export function SettingsProvider({ initial, children }: { initial: UiSettings; children: ReactNode }) {
	const [settings, setSettings] = useState(initial);
	useLayoutEffect(() => {
		applySettings(settings);
		const media = darkMedia();
		const follow = () => applySettings(settings);
		media.addEventListener('change', follow);
		return () => media.removeEventListener('change', follow);
	}, [settings]);
	const change = useCallback((patch: Partial<UiSettings>) => {
		setSettings((before) => ({ ...before, ...patch }));
		void window.fieldbook.saveSettings(patch);
	}, []);
	const value = useMemo(() => ({ settings, change }), [settings, change]);
	return <SettingsContext value={value}>{children}</SettingsContext>;
}

export function useSettings(): SettingsValue {
	const value = useContext(SettingsContext);
	if (!value) throw new Error('useSettings needs a SettingsProvider');
	return value;
}

/** The theme on screen now, also when it follows the computer. */
export function useScheme(): 'light' | 'dark' {
	const { settings } = useSettings();
	const system = useSyncExternalStore(
		(listener) => {
			const media = darkMedia();
			media.addEventListener('change', listener);
			return () => media.removeEventListener('change', listener);
		},
		() => darkMedia().matches,
	);
	if (settings.colorScheme !== 'auto') return settings.colorScheme;
	return system ? 'dark' : 'light';
}

/** Row height of lists in pixels, as the theme file's --row says. */
export function useRowHeight(): number {
	return useSettings().settings.density === 'compact' ? 32 : 40;
}
