import { useEffect } from 'react';

let told = false;

/** Tells main once that the first screen with data is on the glass: after the frame that holds it. */
export function usePainted(ready: boolean): void {
	useEffect(() => {
		if (!ready || told) return;
		told = true;
		requestAnimationFrame(() => {
			performance.mark('fieldbook:painted');
			setTimeout(() => window.fieldbook.painted());
		});
	}, [ready]);
}
