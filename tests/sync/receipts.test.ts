import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nameRecord } from '../../electron/core/sync/reporting/receipt-words.ts';
import type { ReceiptPage } from '../../shared/contract/sync-models.ts';
import type { TestCore } from '../support/core.ts';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';
import { paragraph, write } from '../support/typing.ts';

let two: TwoDevices;
beforeEach(async () => {
	two = await startTwoDevices();
});
afterEach(() => two.stop());

async function sharedIssue(title = 'Cost centre missing'): Promise<{ id: string; ref: string }> {
	const { id } = await two.sam.ok('issues.create', { account_id: 'a-1', title });
	await two.settle();
	return { id, ref: (await two.sam.ok('issues.get', { id })).issue.ref_no };
}

/** The newest receipt of a laptop; undefined while it has none. */
async function newest(device: TestCore): Promise<ReceiptPage | undefined> {
	const [first] = await device.ok('receipts.list', {});
	return first && device.ok('receipts.get', { id: first.id });
}

const said = (page: ReceiptPage | undefined) =>
	page?.lines.map(({ kind, title, detail }) => `${kind}: ${title}: ${detail}`);

describe('a receipt', () => {
	it('says what was merged, whose is which, without a question', async () => {
		const { id, ref } = await sharedIssue();
		await two.sam.ok('issues.update', { id, patch: { priority: 'HIGH' } });
		await two.specialist.ok('issues.update', { id, patch: { due_date: '2026-12-01' } });
		await two.specialist.ok('sync.now', {});
		await two.sam.ok('sync.now', {});
		const page = await newest(two.sam);
		expect(page?.receipt).toMatchObject({ sent: 1, received: 0, merged: 1, toDecide: 0, refused: 0, problem: null });
		expect(page?.receipt.summary).toBe(`1 sent; merged: ${ref} (priority yours, due date Ben Roth’s)`);
		const name = `${ref} Cost centre missing`;
		expect(said(page)).toEqual([
			`sent: ${name}: priority High`,
			`merged: ${name}: priority yours, due date Ben Roth’s`,
		]);
		expect(page?.lines[1]).toMatchObject({
			byName: 'Ben Roth',
			accountName: 'Halden Pharma AG (fictional)',
			rowId: id,
		});
		expect(page?.receipt.bytesUp).toBeGreaterThan(0);
		expect(page?.receipt.bytesDown).toBeGreaterThan(0);
		await two.specialist.ok('sync.now', {});
		expect(said(await newest(two.specialist))).toEqual([`received: ${name}: priority High`]);
	});

	it('is left by a round that did something, and by no other', async () => {
		await two.settle();
		const before = await two.sam.ok('receipts.list', {});
		await two.settle();
		expect(await two.sam.ok('receipts.list', {})).toEqual(before);
		two.server.setFault('down');
		await two.sam.ok('issues.create', { account_id: 'a-1', title: 'Offline' });
		await two.sam.ok('sync.now', {});
		expect(await two.sam.ok('receipts.list', {})).toEqual(before);
	});

	it('is left by a round that broke off half-way, with what it did and why it ended', async () => {
		await two.specialist.ok('issues.create', { account_id: 'a-1', title: 'Waits at the office' });
		await two.specialist.ok('sync.now', {});
		await two.sam.ok('issues.create', { account_id: 'a-1', title: 'Went out' });
		two.server.setFault({ kind: 'half', path: '/pull' });
		await two.sam.ok('sync.now', {});
		const page = await newest(two.sam);
		expect(page?.receipt).toMatchObject({ sent: 1, received: 0 });
		expect(page?.receipt.problem).toMatch(/bad_reply|unreachable/);
		two.server.setFault(null);
		await two.sam.ok('sync.now', {});
		expect((await newest(two.sam))?.receipt).toMatchObject({ sent: 0, received: 1, problem: null });
		expect(said(await newest(two.sam))).toEqual([expect.stringMatching(/^received: .*: new$/)]);
	});

	it('asks for a decision and names the other', async () => {
		const { id, ref } = await sharedIssue();
		await two.specialist.ok('issues.update', { id, patch: { root_cause: 'Theirs' } });
		await two.specialist.ok('sync.now', {});
		await two.sam.ok('issues.update', { id, patch: { root_cause: 'Mine' } });
		await two.sam.ok('sync.now', {});
		const page = await newest(two.sam);
		expect(page?.receipt).toMatchObject({ sent: 1, toDecide: 1 });
		expect(page?.lines.find(({ kind }) => kind === 'decide')).toMatchObject({
			title: `${ref} Cost centre missing`,
			detail: 'root cause: both are kept',
			byName: 'Ben Roth',
		});
		await two.specialist.ok('sync.now', {});
		expect((await newest(two.specialist))?.receipt.toDecide).toBe(1);
	});

	it('tells a deleter that the record stays, and who edited it', async () => {
		const { id, ref } = await sharedIssue();
		await two.specialist.ok('issues.update', { id, patch: { remedy: 'Re-issue the invoices' } });
		await two.specialist.ok('sync.now', {});
		await two.sam.ok('issues.delete', { id });
		await two.sam.ok('sync.now', {});
		const kept = (await newest(two.sam))?.lines.find(({ kind }) => kind === 'kept');
		expect(kept).toMatchObject({ title: `${ref} Cost centre missing`, byName: 'Ben Roth' });
		expect(kept?.detail).toBe('stays: Ben Roth edited it after you deleted it here');
	});

	it('says why something was refused, while the rest is sent', async () => {
		await two.sam.ok('contacts.create', { account_id: 'a-foreign', full_name: 'Nobody’s contact' });
		await two.sam.ok('issues.create', { account_id: 'a-1', title: 'Fine' });
		await two.sam.ok('sync.now', {});
		const page = await newest(two.sam);
		expect(page?.receipt).toMatchObject({ sent: 1, refused: 1 });
		expect(page?.receipt.summary).toContain('refused: Nobody’s contact');
	});

	it('says that two people wrote in one note', async () => {
		const note = { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1', title: 'Call' } as const;
		const { id } = await two.sam.ok('notes.create', note);
		await two.settle();
		await write(two.specialist, id, paragraph('Office.'));
		await two.specialist.ok('sync.now', {});
		await write(two.sam, id, paragraph('Plane.'));
		await two.sam.ok('sync.now', {});
		const page = await newest(two.sam);
		expect(page?.receipt).toMatchObject({ sent: 1, merged: 1 });
		expect(page?.lines.find(({ kind }) => kind === 'merged')?.detail).toBe(
			'your words and Ben Roth’s stand side by side',
		);
	});

	it('is found by its words, newest first, and stays true when the record changes', async () => {
		const { id, ref } = await sharedIssue('Turbine invoices');
		await two.sam.ok('issues.update', { id, patch: { due_date: '2026-12-01' } });
		await two.sam.ok('sync.now', {});
		await two.sam.ok('issues.create', { account_id: 'a-2', title: 'Optics' });
		await two.sam.ok('sync.now', {});
		const found = await two.sam.ok('receipts.list', { text: `${ref} date 2026` });
		expect(found.map(({ summary }) => summary)).toEqual([`sent: ${ref} (due date 1 Dec 2026)`]);
		expect(await two.sam.ok('receipts.list', { text: 'turbine due' })).toEqual(found);
		expect(await two.sam.ok('receipts.list', { text: '100% sure' })).toEqual([]);
		const all = await two.sam.ok('receipts.list', { limit: 2 });
		expect(all[0]?.id).toBeGreaterThan(all[1]?.id ?? 0);
	});

	it('says in its one line what was sent and received, by name while they are few', async () => {
		const issues = ['One', 'Two', 'Three'].map((title) => ({ account_id: 'a-1', title }));
		for (const issue of issues) await two.sam.ok('issues.create', issue);
		await two.sam.ok('sync.now', {});
		const refs = (await two.sam.ok('issues.list', {})).map(({ ref_no }) => ref_no).sort();
		expect((await newest(two.sam))?.receipt.summary).toBe(`3 sent: ${refs.join(', ')}`);
		await two.specialist.ok('sync.now', {});
		expect((await newest(two.specialist))?.receipt.summary).toBe(`3 received: ${refs.join(', ')}`);
		for (const issue of [...issues, ...issues]) await two.sam.ok('issues.create', issue);
		await two.sam.ok('sync.now', {});
		expect((await newest(two.sam))?.receipt.summary).toBe('6 sent');
	});

	it('goes on calling a record by its name when that is not on this laptop any more', async () => {
		const { id, ref } = await sharedIssue('Turbine invoices');
		const { store } = two.sam.core;
		const account = 'Halden Pharma AG (fictional)';
		store.raw.prepare('DELETE FROM issue WHERE id = ?').run(id);
		expect(nameRecord(store, 'issue', id)).toEqual({ title: `${ref} Turbine invoices`, accountName: account });
		expect(nameRecord(store, 'issue', 'never-here')).toEqual({ title: 'Issue', accountName: null });
	});

	it('holds a few hundred lines and counts the rest; receipts are kept for 400 days and no more than 2,000', async () => {
		for (let index = 0; index < 210; index += 1)
			await two.specialist.ok('issues.create', { account_id: 'a-1', title: `Number ${index}` });
		await two.specialist.ok('sync.now', {});
		await two.sam.ok('sync.now', {});
		const page = await newest(two.sam);
		expect(page?.receipt.received).toBe(210);
		expect(page?.lines.filter(({ kind }) => kind === 'received')).toHaveLength(200);
		expect(page?.more.received).toBe(10);
		const { raw } = two.sam.core.store;
		raw.exec("UPDATE receipt SET finished_at = '2020-01-01T00:00:00.000Z'");
		await two.sam.ok('issues.create', { account_id: 'a-1', title: 'Later' });
		await two.sam.ok('sync.now', {});
		expect(await two.sam.ok('receipts.list', {})).toHaveLength(1);
		raw.exec(`WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
			INSERT INTO receipt SELECT i, '2999', '2999', 1, 0, 0, 0, 0, 0, 0, NULL, '{}', '' FROM n`);
		await two.sam.ok('issues.create', { account_id: 'a-1', title: 'Last' });
		await two.sam.ok('sync.now', {});
		expect(raw.prepare('SELECT count(*) FROM receipt').pluck().get()).toBe(2000);
		expect(
			raw
				.prepare('SELECT count(*) FROM receipt_line l LEFT JOIN receipt r ON r.id = l.receipt_id WHERE r.id IS NULL')
				.pluck()
				.get(),
		).toBe(0);
	});
});

describe('the log of sync', () => {
	it('has steps and reasons without any content, and no more than 10,000 of them', async () => {
		await sharedIssue('Confidential title');
		const { raw } = two.sam.core.store;
		const rows = raw.prepare('SELECT * FROM sync_log').all();
		expect(JSON.stringify(rows)).toContain('sync/hello');
		expect(JSON.stringify(rows)).not.toContain('Confidential');
		raw.exec(`WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
			INSERT INTO sync_log SELECT i, '2026', 'x', 0, 0, 0, NULL FROM n`);
		await two.sam.ok('sync.now', {});
		expect(raw.prepare('SELECT count(*) FROM sync_log').pluck().get()).toBe(10_000);
	});
});
