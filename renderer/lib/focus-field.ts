/** E: puts the cursor into the first field of the page that may be edited. */
export function focusFirstField(): void {
	document.querySelector<HTMLElement>('main [data-own-field], aside [data-own-field]')?.focus();
}
