import { useEffect } from 'react';
import { warmChunks } from './warm.ts';

/** The first screen settles first: sync and its answers come in this time. */
const WARM_AFTER_MS = 1000;

let told = false;

/** Tells main once that the first screen with data is on the glass: after the frame that holds it. */
export function usePainted(ready: boolean): void {
	useEffect(() => {
		if (!ready || told) return;
		told = true;
		requestAnimationFrame(() => {
			performance.mark('fieldbook:painted');
			setTimeout(() => window.fieldbook.painted());
			setTimeout(warmChunks, WARM_AFTER_MS);
		});
	}, [ready]);
}
