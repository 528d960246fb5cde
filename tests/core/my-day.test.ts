import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAccount, startCore, type TestCore } from '../support/core.ts';

const today = '2026-11-24';
let test: TestCore;
beforeEach(async () => {
	test = await startCore({ now: () => new Date('2026-11-24T09:00:00Z') });
	await addAccount(test);
});
afterEach(() => test.stop());

const rows = async () => (await test.ok('day.get', { today })).rows;

function addCase(number: string, cutoff: string, status = 'OPEN'): void {
	const { raw } = test.core.store;
	const at = '2026-11-23T08:00:00.000Z';
	raw
		.prepare(
			"INSERT INTO patent_asset (id, created_at, updated_at, fv, account_id, grant_no) VALUES (?, ?, ?, '', 'a-1', ?)",
		)
		.run(`p-${number}`, at, at, number);
	raw
		.prepare(
			"INSERT INTO renewal_event (id, created_at, updated_at, fv, account_id, asset_id, fee_no, due_date, client_cutoff, status) VALUES (?, ?, ?, '', 'a-1', ?, 4, ?, ?, ?)",
		)
		.run(`r-${number}`, at, at, `p-${number}`, cutoff, cutoff, status);
}

describe('my day', () => {
	it('is empty when nothing waits', async () => {
		const page = await test.ok('day.get', { today });
		expect(page).toMatchObject({ rows: [], total: 0 });
		expect(page.days).toHaveLength(10);
	});

	it('holds the open issues and tasks of the person, and leaves when they are done', async () => {
		const { id } = await test.ok('issues.create', { account_id: 'a-1', title: 'Receipt', due_date: '2026-11-20' });
		await test.ok('issues.create', { account_id: 'a-1', title: 'Of a colleague', owner_id: 'u-specialist' });
		await test.ok('tasks.create', { account_id: 'a-1', title: 'Call Basel', status: 'TODO', assignee_id: 'u-sam' });
		expect(await rows()).toMatchObject([
			{
				id: `issue ${id}`,
				account_name: 'Halden Pharma AG (fictional)',
				day: '2026-11-20',
				reasons: [{ words: '4 days late' }],
			},
			{ fact: { kind: 'task', title: 'Call Basel' } },
		]);
		await test.ok('issues.update', { id, patch: { status: 'RESOLVED' } });
		expect((await rows()).map(({ fact }) => fact.kind)).toEqual(['task']);
	});

	it('holds undecided cases of the accounts the person looks after, and of no other', async () => {
		addCase('EP1', '2026-11-25');
		addCase('EP2', '2026-12-01');
		addCase('EP3', '2026-11-20');
		addCase('EP4', '2026-11-26', 'INSTRUCTED');
		addCase('EP5', '2027-06-01');
		expect(await rows()).toEqual([]);
		test.core.store.raw.prepare("UPDATE account SET sam_user = 'u-sam'").run();
		expect(await rows()).toMatchObject([
			{ fact: { kind: 'renewals', undecided: 2, pastCutoff: 1, nextCutoff: '2026-11-25' }, day: '2026-11-25' },
		]);
	});

	it('holds the visits that are not prepared, and marks the days away', async () => {
		const { id } = await test.ok('visits.create', {
			account_id: 'a-1',
			purpose: 'Annual review',
			type: 'ONSITE',
			time_zone: 'Europe/Zurich',
			local_start: '2026-11-26T09:00',
			local_end: '2026-11-26T16:00',
		});
		const page = await test.ok('day.get', { today });
		expect(page.rows).toMatchObject([{ id: `visit ${id}`, reasons: [{ words: 'begins in 2 days' }, {}, {}] }]);
		expect(page.days.filter(({ away }) => away.length > 0)).toMatchObject([
			{ day: '2026-11-26', away: ['Halden Pharma AG (fictional)'] },
		]);
		for (const line of (await test.ok('visits.get', { id })).checklist)
			await test.ok('checklist.tick', { id: line.id, done: true });
		expect(await rows()).toEqual([]);
	});
});
