import type { UiSettings } from '../../shared/contract/bridge.ts';

/** What the interface looks like before anybody chose. */
export const DEFAULT_UI: UiSettings = {
	colorScheme: 'auto',
	density: 'compact',
	route: '/accounts',
	homeTimeZone: null,
	autoLock: 10,
};

/** A day: more than that is never. */
const LONGEST_AUTO_LOCK = 1440;

/** Keeps only what is a known setting with a possible value. */
export function readUiPatch(value: unknown): Partial<UiSettings> {
	if (typeof value !== 'object' || value === null) return {};
	const { colorScheme, density, route, homeTimeZone, autoLock } = value as Record<string, unknown>;
	const patch: Partial<UiSettings> = {};
	if (colorScheme === 'light' || colorScheme === 'dark' || colorScheme === 'auto') patch.colorScheme = colorScheme;
	if (density === 'compact' || density === 'comfortable') patch.density = density;
	if (typeof route === 'string' && route.startsWith('/') && route.length <= 500) patch.route = route;
	if (homeTimeZone === null || isTimeZone(homeTimeZone)) patch.homeTimeZone = homeTimeZone;
	if (Number.isInteger(autoLock) && (autoLock as number) >= 0 && (autoLock as number) <= LONGEST_AUTO_LOCK)
		patch.autoLock = autoLock as number;
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
