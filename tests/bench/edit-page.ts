import type { Page } from '@playwright/test';
// For `window.fieldbook` in code that runs in the page.
import type {} from '../../renderer/lib/core.ts';
import { launchApp } from '../support/app.ts';

export interface PageEdits {
	/** Milliseconds from the command to the painted value, on the issue's own page. */
	onPage: number[];
	/** The same with the list of issues on screen. */
	inList: number[];
}

/** Edits issues from inside the page and waits for the glass to show it. */
export async function measurePageEdits(userData: string, edits: number): Promise<PageEdits> {
	const app = await launchApp({ userData });
	try {
		await app.page.getByRole('grid', { name: 'Accounts' }).waitFor();
		const { id, title } = await firstIssue(app.page);
		const inList = await editOn(app.page, { route: '#/issues', id, title, edits });
		const onPage = await editOn(app.page, { route: `#/issues/${id}`, id, title: inList.title, edits });
		return { onPage: onPage.times, inList: inList.times };
	} finally {
		await app.close();
	}
}

/** The first line of the list: certainly on screen there. */
async function firstIssue(page: Page): Promise<{ id: string; title: string }> {
	return page.evaluate(async () => {
		const result = await window.fieldbook.call('issues.list', { limit: 1 });
		if (!result.ok || !result.value[0]) throw new Error('There is no open issue.');
		return { id: result.value[0].id, title: result.value[0].title };
	});
}

interface Where {
	route: string;
	id: string;
	title: string;
	edits: number;
}

async function editOn(page: Page, where: Where): Promise<{ times: number[]; title: string }> {
	await page.evaluate((route) => {
		location.hash = route;
	}, where.route);
	await page.getByText(where.title, { exact: true }).first().waitFor();
	// What the page loads lazily is there before the first edit is timed.
	await page.waitForTimeout(1000);
	return page.evaluate(editAndWatch, where);
}

/** Runs in the page. */
async function editAndWatch({ id, edits }: Where): Promise<{ times: number[]; title: string }> {
	const shows = (text: string) =>
		document.body.textContent?.includes(text) ||
		[...document.querySelectorAll<HTMLInputElement>('input, textarea')].some((field) => field.value.includes(text));
	const shown = (text: string) =>
		new Promise<void>((resolve) => {
			if (shows(text)) return resolve();
			const observer = new MutationObserver(() => {
				if (!shows(text)) return;
				observer.disconnect();
				resolve();
			});
			observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
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
	const times: number[] = [];
	let title = '';
	for (let turn = -10; turn < edits; turn++) {
		title = `Benchmark title ${turn + 10}.`;
		// A person does not edit in step with the frames.
		await new Promise((resolve) => setTimeout(resolve, 40 + Math.random() * 30));
		const started = performance.now();
		const result = await window.fieldbook.call('issues.update', { id, patch: { title } });
		if (!result.ok) throw new Error(result.error.message);
		await shown(title);
		await painted();
		if (turn >= 0) times.push(performance.now() - started);
	}
	return { times, title };
}
