import path from 'node:path';
import { ask, go } from '../support/page.ts';
import { type Stage, sync, waitFor } from './stage.ts';

/** What the later steps speak of. */
export interface Prepared {
	accountId: string;
	accountName: string;
	visitId: string;
	/** An issue that both people will work on. */
	issueId: string;
}

/** At the office: both laptops open, an export comes in, a visit is planned. */
export async function prepare(stage: Stage): Promise<Prepared> {
	await openBoth(stage);
	const [account] = (await ask(stage.sam.app.page, 'accounts.list', {})).filter((row) => row.name.startsWith('Halden'));
	if (!account) throw new Error('The sample has no account called Halden.');
	await importExport(stage, account.id);
	const visitId = await planVisit(stage, account);
	await sync(stage.sam);
	await sync(stage.specialist);
	const [issue] = await ask(stage.sam.app.page, 'issues.list', { account_id: account.id });
	if (!issue) throw new Error('The account has no open issue.');
	return { accountId: account.id, accountName: account.name, visitId, issueId: issue.id };
}

async function openBoth(stage: Stage): Promise<void> {
	await stage.step('Two laptops open on the fictional sample', async (shoot) => {
		for (const device of [stage.sam, stage.specialist]) {
			const started = performance.now();
			await device.app.page.getByRole('grid', { name: 'Accounts' }).getByRole('row').nth(5).waitFor();
			await sync(device);
			stage.journal.time(`${device.name}: first pull`, performance.now() - started);
		}
		const { counts } = await ask(stage.sam.app.page, 'app.info', {});
		for (const [name, value] of Object.entries(counts)) stage.journal.count(`sample ${name}`, value);
		await shoot('accounts', stage.sam.app.page);
		stage.journal.promise('both laptops open on the same sample', counts.accounts > 10, counts.accounts);
	});
}

async function importExport(stage: Stage, accountId: string): Promise<void> {
	const { journal, sam } = stage;
	const { page } = sam.app;
	const { file } = journal.summary.source;
	await stage.step(`An export is looked at before anything is written: ${path.basename(file)}`, async (shoot) => {
		await sam.app.electron.evaluate(({ dialog }, chosen) => {
			dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
		}, file);
		await go(page, `/accounts/${accountId}/import`);
		await page.getByRole('button', { name: 'Choose a file' }).click();
		await page.getByRole('button', { name: /^Import [\d,. ]+ row/ }).waitFor();
		const before = await ask(page, 'assets.list', { account_id: accountId, limit: 1 });
		journal.count('cases before the import', before.total);
		await shoot('import-preview', page);
	});
	await stage.step('The export becomes cases', async (shoot) => {
		await page.keyboard.press('Control+Enter');
		await page.getByText(/imported$/).waitFor({ timeout: 60_000 });
		const [batch] = await ask(page, 'imports.list', { account_id: accountId });
		const after = await ask(page, 'assets.list', { account_id: accountId, limit: 1 });
		journal.count('rows imported', batch?.rows_ok ?? 0);
		journal.count('rows rejected', batch?.rows_rejected ?? 0);
		journal.count('cases after the import', after.total);
		const added = after.total - (journal.summary.counts['cases before the import'] ?? 0);
		journal.promise('every row that was ready is a case', added > 1000 && added === batch?.rows_ok, added);
		await shoot('import-done', page);
	});
}

async function planVisit(stage: Stage, account: { name: string }): Promise<string> {
	const { journal, sam } = stage;
	const { page } = sam.app;
	await stage.step('A visit is planned by keyboard: place, time, people, checklist', async (shoot) => {
		await page.keyboard.press('g');
		await page.keyboard.press('t');
		await page.getByRole('region', { name: 'Visits', exact: true }).waitFor();
		await page.keyboard.press('c');
		await page.getByRole('textbox', { name: 'Purpose' }).fill(journal.wrote('purpose', 'Annual review and forecast'));
		await page.getByLabel('Account', { exact: true }).fill(account.name.slice(0, 6));
		await page.getByRole('option', { name: account.name }).click();
		await page.getByRole('textbox', { name: 'Place' }).fill(journal.wrote('place', 'Building 4, Rhine room'));
		await shoot('visit-new', page);
		await page.keyboard.press('Control+Enter');
		await page.getByRole('heading', { name: /Checklist/ }).waitFor();
		await addPeopleAndItems(stage);
		await shoot('visit', page);
	});
	const id = (await page.evaluate(() => location.hash)).split('/').at(-1) ?? '';
	const visit = await ask(page, 'visits.get', { id });
	journal.count('attendees', visit.attendees.length);
	journal.count('checklist items', visit.checklist.length);
	journal.promise(
		'the visit has its people, its checklist and one tick',
		visit.attendees.length === 2 && visit.checklist.length > 1 && visit.checklist.some((item) => item.done_at),
		`${visit.attendees.length} people, ${visit.checklist.length} items`,
	);
	return id;
}

async function addPeopleAndItems({ journal, sam, specialist }: Stage): Promise<void> {
	const { page } = sam.app;
	const users = await ask(page, 'users.list', {});
	const colleague = users.find((user) => user.id === specialist.user)?.name ?? '';
	const objectives = page.getByRole('textbox', { name: 'Objectives' });
	await objectives.fill(journal.wrote('objectives', 'Agree on the 2027 forecast; close the surcharge question.'));
	await objectives.press('Control+Enter');
	for (const name of ['Dr Vera Immenhof', colleague]) {
		const box = page.getByRole('combobox', { name: 'Add an attendee' });
		await box.fill(journal.wrote('attendee', name));
		await page.getByRole('button', { name: 'Add', exact: true }).click();
		await page.getByRole('button', { name: `Remove ${name}` }).waitFor();
	}
	const line = page.getByRole('textbox', { name: 'Add an item' });
	await line.fill('Print the forecast T-2');
	await line.press('Enter');
	journal.wrote('checklist item', 'Print the forecast');
	await page.getByRole('button', { name: 'Remove Print the forecast' }).waitFor();
	const first = page.getByRole('checkbox').first();
	await first.press('Space');
	await waitFor('the tick', () => first.isChecked());
}
