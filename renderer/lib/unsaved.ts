import { useEffect } from 'react';

/** What could not be saved and is on the screen only. A closing window asks before it lets that go. */
const unsaved = new Set<object>();

const leaving = new Set<() => void>();

/** Called when the page is about to go and nothing can be waited for: whatever waits is to be sent now. */
export function beforeLeaving(send: () => void): void {
	leaving.add(send);
}

/** Leaves the field that is being typed in, which saves it, and has everything sent that waits. */
export function sendUnsaved(): void {
	if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
	for (const send of leaving) send();
}

export function markUnsaved(what: object, is: boolean): void {
	if (is) unsaved.add(what);
	else unsaved.delete(what);
}

export function hasUnsaved(): boolean {
	return unsaved.size > 0;
}

/** Counts this part of the screen among what is unsaved while `is`. */
export function useUnsaved(is: boolean): void {
	useEffect(() => {
		if (!is) return;
		const what = {};
		markUnsaved(what, true);
		return () => markUnsaved(what, false);
	}, [is]);
}
