/** A field is saved when it is left. A closing window leaves none by itself, so what is being typed is left for it. */
export function saveOnLeave(): void {
	window.addEventListener('beforeunload', () => {
		if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
	});
}
