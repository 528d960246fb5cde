// For `window.fieldbook` in code that runs in the page.
import type {} from '../../renderer/lib/core.ts';
import { launchApp } from '../support/app.ts';
import type { ImportFile } from './import-files.ts';
import { copyStore } from './stores.ts';

export interface PageDuringImport {
	/** Tasks of the page over 50 ms while the file was imported. */
	longTasks: number;
	longestMs: number;
	/** Longest time between two frames. */
	longestFrameMs: number;
	appMs: number;
}

/** Imports the file in the real app, with the client's page on screen, and watches the page meanwhile. */
export async function measurePageDuringImport(file: ImportFile): Promise<PageDuringImport> {
	const store = await copyStore('typical');
	const app = await launchApp({ userData: store.folder });
	try {
		await app.page.getByRole('grid', { name: 'Accounts' }).waitFor();
		await app.electron.evaluate(({ dialog }, path) => {
			dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
		}, file.path);
		return await app.page.evaluate(importAndWatch);
	} finally {
		await app.close();
		store.remove();
	}
}

/** Runs in the page. */
async function importAndWatch(): Promise<PageDuringImport> {
	const value = <T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T => {
		if (!result.ok) throw new Error(result.error.message);
		return result.value;
	};
	const [account] = value(await window.fieldbook.call('accounts.list', {}));
	const account_id = account?.id ?? '';
	location.hash = `#/accounts/${account_id}`;
	const chosen = await window.fieldbook.chooseFile('import');
	const { settings } = value(await window.fieldbook.call('imports.preview', { file: chosen?.token ?? '', account_id }));
	const tasks: number[] = [];
	const observer = new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) tasks.push(entry.duration);
	});
	observer.observe({ type: 'longtask' });
	let longestFrameMs = 0;
	let last = performance.now();
	let watching = true;
	const watch = (now: number) => {
		longestFrameMs = Math.max(longestFrameMs, now - last);
		last = now;
		if (watching) requestAnimationFrame(watch);
	};
	requestAnimationFrame(watch);
	const started = performance.now();
	const order = { file: chosen?.token ?? '', account_id, settings: settings as never, progressId: 'bench' };
	value(await window.fieldbook.call('imports.commit', order));
	const appMs = Math.round(performance.now() - started);
	// The page still has to draw what came last.
	await new Promise((resolve) => setTimeout(resolve, 500));
	watching = false;
	observer.disconnect();
	const longestMs = Math.round(Math.max(0, ...tasks));
	return { longTasks: tasks.length, longestMs, longestFrameMs: Math.round(longestFrameMs), appMs };
}
