import { ask, go, syncStatus } from '../support/page.ts';
import { compareStores } from './compare.ts';
import type { Prepared } from './prepare.ts';
import { type Device, type Stage, sync, waitFor } from './stage.ts';

/** Meanwhile at the office, and the two back together. */
export async function meet(stage: Stage, prepared: Prepared): Promise<void> {
	await specialistWorks(stage, prepared);
	await networkReturns(stage, prepared);
	await decide(stage, prepared);
	await bothAreEqual(stage);
}

async function specialistWorks({ step, journal, specialist }: Stage, { issueId }: Prepared): Promise<void> {
	await step(
		'Online, the specialist changes other fields of the same issue, and one that the SAM changed too',
		async (shoot) => {
			const { page } = specialist.app;
			await go(page, `/issues/${issueId}`);
			const remedy = page.getByRole('textbox', { name: 'Remedy' });
			await remedy.fill(journal.wrote('merge, of the specialist', 'Credit note raised with accounting.'));
			await remedy.press('Control+Enter');
			const summary = page.getByRole('textbox', { name: 'Summary' });
			await summary.fill(journal.wrote('clash, of the specialist', 'Accounting confirms the double payment.'));
			await summary.press('Control+Enter');
			await waitFor(
				'the specialist’s words on disk',
				async () =>
					(await ask(page, 'issues.get', { id: issueId })).issue.client_summary?.startsWith('Accounting') ?? false,
			);
			await sync(specialist);
			await shoot('specialist', page);
		},
	);
}

async function networkReturns({ step, journal, sam, specialist }: Stage, { issueId }: Prepared): Promise<void> {
	await step('The network returns: other fields merge, the same field is kept twice', async (shoot) => {
		const { page } = sam.app;
		const started = performance.now();
		await sam.network.mend();
		await page.evaluate(() => window.fieldbook.call('sync.now', {}));
		await waitFor('nothing waits on the SAM’s laptop', async () => {
			const status = await ask(page, 'sync.status', {});
			return status.unsent === 0 && status.state === 'acknowledged';
		});
		journal.time('all sent after the network returned', performance.now() - started);
		await specialist.app.page.evaluate(() => window.fieldbook.call('sync.now', {}));
		for (const device of [sam, specialist]) await mergedOn(device, issueId, journal);
		await go(page, `/issues/${issueId}`);
		await page.getByText('1 field to decide').waitFor();
		await shoot('merged-issue', page);
	});
}

async function mergedOn(device: Device, id: string, journal: Stage['journal']): Promise<void> {
	const { page } = device.app;
	await waitFor(
		`the conflict on the laptop of ${device.name}`,
		async () => (await ask(page, 'conflicts.list', {})).length === 1,
	);
	const { issue } = await ask(page, 'issues.get', { id });
	const merged =
		issue.root_cause === words(journal, 'merge, of the SAM') &&
		issue.remedy === words(journal, 'merge, of the specialist');
	journal.promise(
		`different fields of one issue merged (${device.name})`,
		merged,
		`${issue.root_cause} / ${issue.remedy}`,
	);
	const [conflict] = await ask(page, 'conflicts.list', {});
	const texts = [conflict?.mine_text, conflict?.theirs_text].sort().join(' / ');
	const wanted = [words(journal, 'clash, of the SAM'), words(journal, 'clash, of the specialist')].sort().join(' / ');
	journal.promise(`the same field is kept twice and shown (${device.name})`, texts === wanted, texts);
}

function words(journal: Stage['journal'], what: string): string {
	return journal.written.find((line) => line.what === what)?.words ?? '';
}

async function decide({ step, journal, sam, specialist }: Stage, { issueId }: Prepared): Promise<void> {
	await step('Both see the clash; the SAM decides to keep both texts', async (shoot) => {
		for (const device of [specialist, sam]) {
			await go(device.app.page, '/sync');
			await device.app.page.getByRole('article').waitFor();
			await shoot(`conflict-${device.name}`, device.app.page);
		}
		const { page } = sam.app;
		await page.getByRole('button', { name: 'Keep both' }).click();
		await page.getByRole('button', { name: /^Decide/ }).click();
		await waitFor('the decision', async () => (await ask(page, 'conflicts.list', {})).length === 0);
		await sync(sam);
		await sync(specialist);
		for (const device of [sam, specialist]) {
			const { issue, conflicts } = await ask(device.app.page, 'issues.get', { id: issueId });
			const both = ['clash, of the SAM', 'clash, of the specialist'].every((what) =>
				issue.client_summary?.includes(words(journal, what)),
			);
			journal.promise(
				`the decision holds on the laptop of ${device.name}`,
				both && conflicts.length === 0,
				issue.client_summary,
			);
		}
	});
}

async function bothAreEqual({ step, journal, sam, specialist }: Stage): Promise<void> {
	await step('Both laptops are equal and nothing is lost', async (shoot) => {
		for (const device of [sam, specialist]) {
			await go(device.app.page, '/accounts');
			await sync(device);
			const said = await syncStatus(device.app.page).innerText();
			journal.promise(`${device.name}: all acknowledged`, said.includes('All acknowledged'), said);
		}
		await shoot('acknowledged', sam.app.page);
		await sam.app.close();
		await specialist.app.close();
		const found = compareStores(sam.userData, specialist.userData, journal.written);
		for (const [name, rows] of Object.entries(found.rows)) journal.count(`${name} on both`, rows);
		journal.count(
			'records compared',
			Object.values(found.rows).reduce((sum, rows) => sum + rows, 0),
		);
		journal.promise(
			'both stores hold the same records',
			found.differences.length === 0,
			found.differences.slice(0, 5).join('; '),
		);
		journal.promise(
			'everything that was typed is in both stores',
			found.missing.length === 0,
			found.missing.join('; '),
		);
		journal.promise('nothing is left unsent', found.unsent === 0, found.unsent);
	});
}
