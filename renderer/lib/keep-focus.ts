/** What a person can go to by Tab. */
const reachable =
	'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [contenteditable="true"], [tabindex]:not([tabindex="-1"])';

/** The part of the window in which the cursor is kept: when it goes as a whole, another page has come. */
const parts = 'dialog, main, aside';

interface Held {
	element: HTMLElement;
	part: Element;
	/** All that could be gone to in this part then, in order. */
	order: readonly HTMLElement[];
}

/**
 * Keeps the cursor where the person works: when what it stands on goes off the screen (the row that was restored, the
 * card that was decided), it goes to what followed, or to what came before, instead of to the top of the window.
 * Answers the way to stop.
 */
export function keepFocus(): () => void {
	let held: Held | null = null;
	const onFocusIn = ({ target }: FocusEvent) => {
		const part = target instanceof HTMLElement ? target.closest(parts) : null;
		held =
			part && target instanceof HTMLElement
				? { element: target, part, order: [...part.querySelectorAll<HTMLElement>(reachable)] }
				: null;
	};
	const onFocusOut = ({ target, relatedTarget }: FocusEvent) => {
		if (relatedTarget !== null) return;
		// Left for nothing, by a press beside it: then it is not missed. What is being removed is gone a moment later.
		queueMicrotask(() => {
			if (held?.element === target && held.element.isConnected && isUsable(held.element)) held = null;
		});
	};
	const observer = new MutationObserver(() => {
		if (!held || (document.activeElement !== document.body && document.activeElement !== null)) return;
		const { part, order, element } = held;
		// A button that cannot be pressed while its work is done comes back.
		if (element.isConnected) {
			if (isUsable(element)) element.focus({ preventScroll: true });
			return;
		}
		held = null;
		if (part.isConnected) nearest(order, order.indexOf(element))?.focus({ preventScroll: true });
	});
	const onPointerDown = ({ target }: PointerEvent) => {
		if (target instanceof Node && !held?.element.contains(target)) held = null;
	};
	document.addEventListener('pointerdown', onPointerDown, true);
	document.addEventListener('focusin', onFocusIn);
	document.addEventListener('focusout', onFocusOut);
	observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
	return () => {
		document.removeEventListener('pointerdown', onPointerDown, true);
		document.removeEventListener('focusin', onFocusIn);
		document.removeEventListener('focusout', onFocusOut);
		observer.disconnect();
	};
}

function isUsable(element: HTMLElement): boolean {
	return !element.matches(':disabled') && element.closest('[inert]') === null;
}

function nearest(order: readonly HTMLElement[], at: number): HTMLElement | undefined {
	const isThere = (element: HTMLElement) => element.isConnected && isUsable(element);
	return order.slice(at + 1).find(isThere) ?? order.slice(0, Math.max(at, 0)).findLast(isThere);
}
