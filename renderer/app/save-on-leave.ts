import { editsSettled } from '../lib/core.ts';
import { hasUnsaved, sendUnsaved } from '../lib/unsaved.ts';

/**
 * A field is saved when it is left. A closing window leaves none by itself, so what is being typed is left for it; and
 * while something could not be saved, the window asks (main shows the question) before its words go.
 */
export function saveOnLeave(): void {
	window.addEventListener('beforeunload', (event) => {
		if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
		if (hasUnsaved()) event.preventDefault();
	});
	// A lock closes the store and ends this page: it waits until this says that everything is saved, but not for long.
	window.fieldbook.onLeave(async () => {
		sendUnsaved();
		const route = window.location.hash.slice(1);
		if (route) await window.fieldbook.saveSettings({ route });
		await editsSettled();
		window.fieldbook.left(hasUnsaved());
	});
}
