import { hasUnsaved } from '../lib/unsaved.ts';

/**
 * A field is saved when it is left. A closing window leaves none by itself, so what is being typed is left for it; and
 * while something could not be saved, the window asks (main shows the question) before its words go.
 */
export function saveOnLeave(): void {
	window.addEventListener('beforeunload', (event) => {
		if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
		if (hasUnsaved()) event.preventDefault();
	});
}
