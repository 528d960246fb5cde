import { measurePageEdits } from './edit-page.ts';
import { measureStoreEdits } from './edit-store.ts';
import { median, percentile, printLine, round } from './measures.ts';
import { copyStore } from './stores.ts';

/** An edit of an issue: from the command in the page to the changed value painted, and its store-side part alone. */
export async function benchEdit(runs: number): Promise<void> {
	const store = await copyStore('typical');
	try {
		const page = await measurePageEdits(store.folder, Math.min(runs, 200));
		const core = await measureStoreEdits(store.folder, runs);
		const p95 = percentile(page.onPage, 0.95);
		printLine({
			name: 'edit',
			value: round(p95, 1),
			unit: 'ms',
			floor: core.rawMedianMs,
			ratio: core.ratio,
			runs: page.onPage.length,
			met: p95 <= 30 && core.ratio <= 2.5,
			target: 'p95 painted <= 30 ms; commit <= 2.5 x the raw transaction (medians)',
			p95: round(p95, 1),
			medianMs: round(median(page.onPage), 1),
			listP95: round(percentile(page.inList, 0.95), 1),
			listMedianMs: round(median(page.inList), 1),
			commitMedianMs: core.medianMs,
			commitP95: core.p95Ms,
			rawP95: core.rawP95Ms,
			p95Ratio: core.p95Ratio,
			commits: runs,
		});
	} finally {
		store.remove();
	}
}
