import { ask, go, syncStatus } from '../support/page.ts';
import type { Prepared } from './prepare.ts';
import { type Stage, startDevice, waitFor } from './stage.ts';

const NOTE = [
	'They want one list of undecided cases every Monday.',
	'No surcharge this year: the invoice of March is to be looked at again.',
	'Dr Immenhof leaves in June; her successor joins the next call.',
];

/** At the client's, without a network: notes, an issue, a crash. */
export async function away(stage: Stage, prepared: Prepared): Promise<void> {
	await goOffline(stage);
	await writeNote(stage, prepared);
	await crash(stage);
	await writeIssue(stage, prepared);
}

async function goOffline({ step, journal, sam }: Stage): Promise<void> {
	await step('The network is cut', async (shoot) => {
		await sam.network.cut();
		const { page } = sam.app;
		await page.evaluate(() => window.fieldbook.call('sync.now', {}));
		await waitFor('offline in the rail', async () => (await syncStatus(page).innerText()).includes('Offline'));
		const words = await syncStatus(page).innerText();
		journal.promise('the rail says offline and nothing else', !words.includes('acknowledged'), words);
		await shoot('offline', page);
	});
}

async function writeNote({ step, journal, sam }: Stage, { visitId }: Prepared): Promise<void> {
	await step('Notes are written on the visit, one second before the app is killed', async (shoot) => {
		const { page } = sam.app;
		await go(page, `/travel-prep/${visitId}`);
		await page.getByRole('heading', { name: /Checklist/ }).waitFor();
		await page.keyboard.press('n');
		await page.getByRole('textbox', { name: 'Title' }).waitFor();
		await page.keyboard.type(journal.wrote('title of the note', 'Annual review, what was said'));
		await page.keyboard.press('Enter');
		for (const sentence of NOTE) {
			await page.keyboard.type(journal.wrote('note', sentence), { delay: 8 });
			await page.keyboard.press('Enter');
		}
		await shoot('note', page);
		// The last words come after the pictures, and nothing but one second after them.
		await page.keyboard.type(journal.wrote('last words', 'And this is the last line before the light goes out.'), {
			delay: 8,
		});
		await page.waitForTimeout(1000);
	});
}

async function crash({ step, journal, sam }: Stage): Promise<void> {
	await step('SIGKILL for every process of the app; it is started again', async (shoot) => {
		const route = await sam.app.page.evaluate(() => location.hash.slice(1));
		await sam.app.kill();
		const started = performance.now();
		sam.app = await startDevice(sam);
		const { page } = sam.app;
		await page.getByRole('navigation', { name: 'Fieldbook' }).waitFor();
		journal.time('started again after SIGKILL', performance.now() - started);
		await go(page, route);
		const text = page.getByRole('textbox', { name: 'Text of the note' });
		await text.waitFor();
		const last = journal.written.at(-1)?.words ?? '';
		await waitFor('the note', async () => ((await text.textContent()) ?? '').length > 0);
		const found = (await text.textContent()) ?? '';
		journal.promise(
			'every word of the note is there',
			[...NOTE, last].every((words) => found.includes(words)),
			found,
		);
		await shoot('after-the-crash', page);
	});
}

async function writeIssue({ step, journal, sam }: Stage, { accountName, issueId }: Prepared): Promise<void> {
	await step('An issue is raised by keyboard alone, and a known one is worked on', async (shoot) => {
		const { page } = sam.app;
		const started = performance.now();
		await page.getByRole('navigation', { name: 'Fieldbook' }).getByRole('link', { name: 'Accounts' }).focus();
		await page.keyboard.press('g');
		await page.keyboard.press('i');
		await page.getByRole('grid', { name: 'Issues' }).waitFor();
		await page.keyboard.press('c');
		await page.getByRole('textbox', { name: 'Title' }).waitFor();
		await page.keyboard.type(journal.wrote('offline issue', 'Surcharge of March charged twice'));
		await page.keyboard.press('Enter');
		await page.keyboard.type(accountName.slice(0, 6));
		await page.getByRole('option', { name: accountName }).waitFor();
		await page.keyboard.press('Enter');
		await page.keyboard.press('Tab');
		await page.keyboard.type('in 3 days');
		await page.keyboard.press('Control+Enter');
		await page.getByText('Issue created').waitFor();
		const ms = performance.now() - started;
		journal.time('an issue by keyboard', ms);
		journal.promise('an issue takes less than 20 seconds', ms < 20_000, `${Math.round(ms)} ms`);
		await shoot('issue-by-keyboard', page);
		await go(page, `/issues/${issueId}`);
		const summary = page.getByRole('textbox', { name: 'Summary' });
		await summary.fill(journal.wrote('clash, of the SAM', 'Promised on site: the credit note comes by Friday.'));
		await summary.press('Control+Enter');
		await page.getByText('Saved', { exact: true }).first().waitFor();
		const cause = page.getByRole('textbox', { name: 'Root cause' });
		await cause.fill(journal.wrote('merge, of the SAM', 'The fee was paid by the agent as well.'));
		await cause.press('Control+Enter');
		await waitFor(
			'the root cause on disk',
			async () => (await ask(page, 'issues.get', { id: issueId })).issue.root_cause !== null,
		);
		const { unsent, state } = await ask(page, 'sync.status', {});
		journal.count('changes made offline', unsent);
		journal.promise('what waits is counted, and nothing is called sent', unsent >= 4 && state === 'offline', unsent);
	});
}
