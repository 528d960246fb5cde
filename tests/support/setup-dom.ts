import { cleanup } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// Mantine asks for these at mount; the simulated DOM does not have them.
class SilentObserver {
	observe(): void {}
	unobserve(): void {}
	disconnect(): void {}
}

Object.assign(globalThis, {
	ResizeObserver: SilentObserver,
	IntersectionObserver: SilentObserver,
});

Object.defineProperty(window, 'matchMedia', {
	writable: true,
	value: vi.fn((query: string) => ({
		matches: false,
		media: query,
		onchange: null,
		addEventListener: () => undefined,
		removeEventListener: () => undefined,
		dispatchEvent: () => false,
	})),
});

window.HTMLElement.prototype.scrollIntoView = () => undefined;

afterEach(() => {
	cleanup();
	for (const style of document.head.querySelectorAll('style')) style.remove();
});
