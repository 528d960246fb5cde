import type { Page } from '@playwright/test';
// For `window.fieldbook` in code that runs in the page.
import type {} from '../../renderer/lib/core.ts';
import { launchApp } from '../support/app.ts';
import { percentile, printLine, round } from './measures.ts';
import { copyStore, type StoreSize } from './stores.ts';

/** From the key to the painted list of My day, each time after a change that makes it be worked out anew. */
export async function benchMyDay(runs: number): Promise<void> {
	const small = await measure('small', runs);
	const large = await measure('large', runs);
	const p95 = percentile(large.times, 0.95);
	const floor = percentile(small.times, 0.95);
	printLine({
		name: 'my-day',
		value: round(p95, 1),
		unit: 'ms',
		floor: round(floor, 1),
		ratio: round(p95 / floor),
		runs,
		met: p95 <= 100,
		target: 'p95 on the large store <= 100 ms from key to painted',
		medianMs: round(percentile(large.times, 0.5), 1),
		things: large.things,
	});
}

async function measure(size: StoreSize, runs: number): Promise<{ times: number[]; things: number }> {
	const store = await copyStore(size);
	const app = await launchApp({ userData: store.folder });
	try {
		await app.page.getByRole('grid', { name: 'Accounts' }).waitFor();
		return await openOften(app.page, runs);
	} finally {
		await app.close();
		store.remove();
	}
}

function openOften(page: Page, runs: number): Promise<{ times: number[]; things: number }> {
	return page.evaluate(async (runs: number) => {
		const list = () => document.querySelector('[aria-label="What waits for you"] li');
		const shown = (there: () => boolean) =>
			new Promise<void>((resolve) => {
				if (there()) return resolve();
				const observer = new MutationObserver(() => {
					if (!there()) return;
					observer.disconnect();
					resolve();
				});
				observer.observe(document.body, { subtree: true, childList: true });
			});
		// The task after the frame's callbacks runs when the frame has been drawn.
		const painted = () =>
			new Promise<void>((resolve) =>
				requestAnimationFrame(() => {
					const { port1, port2 } = new MessageChannel();
					port1.onmessage = () => resolve();
					port2.postMessage(null);
				}),
			);
		const press = (key: string) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
		const first = await window.fieldbook.call('issues.list', { limit: 1 });
		const id = first.ok ? first.value[0]?.id : undefined;
		if (!id) throw new Error('There is no open issue.');
		const times: number[] = [];
		for (let turn = -5; turn < runs; turn++) {
			location.hash = '#/accounts';
			await shown(() => list() === null && document.querySelector('[role="grid"]') !== null);
			await window.fieldbook.call('issues.update', { id, patch: { title: `Benchmark title ${turn + 5}.` } });
			await new Promise((resolve) => setTimeout(resolve, 120 + Math.random() * 60));
			press('g');
			const started = performance.now();
			press('m');
			await shown(() => list() !== null);
			await painted();
			if (turn >= 0) times.push(performance.now() - started);
		}
		return { times, things: document.querySelectorAll('[aria-label="What waits for you"] li').length };
	}, runs);
}
