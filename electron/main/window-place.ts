export interface Bounds {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Where the window was: its bounds when not maximised, and the display it was on. */
export interface SavedPlace {
	bounds: Bounds;
	display: number;
	maximised: boolean;
}

export interface Screen {
	id: number;
	workArea: Bounds;
}

/** What to open the window with; without x and y the system centres it. */
export type OpenPlace = { width: number; height: number; x?: number; y?: number; maximised: boolean };

export const DEFAULT_SIZE = { width: 1280, height: 800 } as const;
export const SMALLEST_SIZE = { width: 800, height: 500 } as const;

/** Puts the window where it was, unless that place is no longer on a screen: then the same size, centred. */
export function placeWindow(saved: unknown, screens: readonly Screen[]): OpenPlace {
	if (!isSavedPlace(saved) || screens.length === 0) return { ...DEFAULT_SIZE, maximised: false };
	const { bounds, maximised } = saved;
	const same = screens.find((screen) => screen.id === saved.display && isReachable(bounds, screen.workArea));
	const screen = same ?? screens.find((candidate) => isReachable(bounds, candidate.workArea));
	const size = fitSize(bounds, (screen ?? screens[0] ?? { workArea: bounds }).workArea);
	return screen ? { ...size, x: bounds.x, y: bounds.y, maximised } : { ...size, maximised };
}

/** Enough of the title bar must be on the screen to take hold of it. */
function isReachable(window: Bounds, area: Bounds): boolean {
	const visible = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
	return visible >= 120 && window.y >= area.y - 8 && window.y + 40 <= area.y + area.height;
}

function fitSize(size: Bounds, area: Bounds): { width: number; height: number } {
	const within = (value: number, least: number, most: number) => Math.max(Math.min(value, most), Math.min(least, most));
	return {
		width: within(size.width, SMALLEST_SIZE.width, area.width),
		height: within(size.height, SMALLEST_SIZE.height, area.height),
	};
}

function isSavedPlace(value: unknown): value is SavedPlace {
	if (typeof value !== 'object' || value === null) return false;
	const { bounds, maximised } = value as Partial<SavedPlace>;
	if (typeof bounds !== 'object' || bounds === null || typeof maximised !== 'boolean') return false;
	return [bounds.x, bounds.y, bounds.width, bounds.height].every((n) => Number.isInteger(n) && Math.abs(n) < 100_000);
}
