import { useSyncExternalStore } from 'react';
import { today } from './dates.ts';

let minute = new Date();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
	minute = new Date();
	for (const listener of listeners) listener();
	timer = setTimeout(tick, 60_000 - (Date.now() % 60_000));
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	// While nobody asked, the clock stood still.
	if (listeners.size === 1) {
		minute = new Date();
		timer = setTimeout(tick, 60_000 - (Date.now() % 60_000));
	}
	return () => {
		listeners.delete(listener);
		if (listeners.size === 0) clearTimeout(timer);
	};
}

/** Now, told anew at each full minute; one timer for all who ask. */
export function useNow(): Date {
	return useSyncExternalStore(subscribe, () => minute);
}

/** Today's local date; changes at midnight without a restart. */
export function useToday(): string {
	return useSyncExternalStore(subscribe, () => today(minute));
}
