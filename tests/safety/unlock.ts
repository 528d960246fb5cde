import { expect, type Page } from '@playwright/test';
import { launchApp, removeFolder, temporaryFolder } from '../support/app.ts';
import { createWorkbook } from '../support/workbook.ts';
import type { Options, Result } from './result.ts';

const PASSPHRASE = 'four plain words here';
const LIMIT_MS = 1000;

/**
 * Locks and unlocks the real app, and measures from the passphrase to the first answer of the open store: argon2id, the
 * slot, the store with its checks. The workbook lies on this disk, without a keyring and without a network.
 */
export async function run({ long, quick, plant }: Options): Promise<Result> {
	const tried = long ? 100 : quick ? 6 : 30;
	const userData = temporaryFolder('unlock');
	const app = await launchApp({ userData, sample: false, switches: ['--password-store=basic'] });
	const times: number[] = [];
	try {
		await createWorkbook(app.page, PASSPHRASE);
		let { page } = app;
		for (let round = 0; round < tried; round++) {
			const next = app.electron.waitForEvent('window');
			await page.keyboard.press('Control+l').catch(() => undefined);
			page = await next;
			await expect(page.getByRole('heading', { name: 'Unlock your workbook' })).toBeVisible({ timeout: 20_000 });
			// What the lock clears away is not part of the unlock.
			await page.waitForTimeout(1500);
			const extra = plant ? [await wrong(page), await wrong(page)] : [];
			times.push((await unlock(page)) + extra.reduce((sum, ms) => sum + ms, 0));
		}
	} finally {
		await app.close();
		removeFolder(userData);
	}
	const sorted = times.sort((a, b) => a - b);
	const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN);
	const slow = times.filter((ms) => ms > LIMIT_MS).length;
	return {
		name: 'unlock',
		ok: at(0.95) <= LIMIT_MS,
		tried,
		lost: 0,
		slow,
		p50: at(0.5),
		p95: at(0.95),
		limit: LIMIT_MS,
	};
}

/** Milliseconds from the passphrase to the first answer of the store. */
function unlock(page: Page): Promise<number> {
	return page.evaluate(async (words) => {
		const started = performance.now();
		const answer = await window.fieldbook.vault({ ask: 'unlock', passphrase: new TextEncoder().encode(words) });
		if (!answer.ok) throw new Error(answer.problem);
		const list = await window.fieldbook.call('accounts.list', {});
		if (!list.ok) throw new Error(list.error.code);
		return performance.now() - started;
	}, PASSPHRASE);
}

function wrong(page: Page): Promise<number> {
	return page.evaluate(async () => {
		const started = performance.now();
		await window.fieldbook.vault({ ask: 'unlock', passphrase: new TextEncoder().encode('not the passphrase') });
		return performance.now() - started;
	});
}
