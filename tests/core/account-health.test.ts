import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAccount, startCore, type TestCore } from '../support/core.ts';

const today = '2026-11-24';
const at = '2026-11-23T08:00:00.000Z';
let test: TestCore;
beforeEach(async () => {
	test = await startCore({ now: () => new Date('2026-11-24T09:00:00Z') });
	await addAccount(test);
	await addAccount(test, 'a-2', 'Another (fictional)');
});
afterEach(() => test.stop());

const health = (id = 'a-1') => test.ok('accounts.health', { id, today });
const reasons = async () =>
	(await health()).components.flatMap((component) => component.reasons.map(({ words }) => words));

function addCase(id: string, status: string, due: string): void {
	const { raw } = test.core.store;
	raw
		.prepare(
			"INSERT INTO patent_asset (id, created_at, updated_at, fv, account_id, grant_no, country, filing_date) VALUES (?, ?, ?, '', 'a-1', ?, 'EP', '2015-03-01')",
		)
		.run(`p-${id}`, at, at, id);
	raw
		.prepare(
			"INSERT INTO renewal_event (id, created_at, updated_at, fv, account_id, asset_id, due_date, client_cutoff, status) VALUES (?, ?, ?, '', 'a-1', ?, ?, ?, ?)",
		)
		.run(`r-${id}`, at, at, `p-${id}`, due, due, status);
}

describe('the health of an account', () => {
	it('follows each change at once', async () => {
		const before = await health();
		const { id } = await test.ok('issues.create', {
			account_id: 'a-1',
			title: 'Wrong amount',
			type: 'COMPLAINT',
			due_date: '2026-11-20',
		});
		expect(await reasons()).toEqual(expect.arrayContaining(['1 open complaint', '1 overdue issue']));
		expect((await health()).score).toBeLessThan(before.score ?? 0);
		await test.ok('issues.update', { id, patch: { status: 'RESOLVED' } });
		expect((await health()).score).toBeGreaterThanOrEqual(before.score ?? 100);
	});

	it('counts renewals of twelve months, and nothing of another account or of other years', async () => {
		addCase('1', 'PAID', '2026-06-01');
		addCase('2', 'PAID_LATE', '2026-07-01');
		addCase('3', 'PAID_LATE', '2024-07-01');
		addCase('4', 'OPEN', '2026-11-20');
		addCase('5', 'OPEN', '2027-05-20');
		expect(await reasons()).toEqual(
			expect.arrayContaining(['1 of 2 renewals paid late in twelve months', '1 case undecided past our cut-off']),
		);
		expect((await health('a-2')).components.find(({ name }) => name === 'delivery')?.points).toBeNull();
	});

	it('is held at 40 by an open complaint about a lapsed case, and at 30 by a notice', async () => {
		for (const id of ['1', '2', '3', '4', '5', '6']) addCase(id, 'PAID', '2026-06-01');
		addCase('9', 'LAPSED', '2025-06-01');
		await test.ok('issues.create', { account_id: 'a-1', title: 'Lapsed', type: 'COMPLAINT', asset_id: 'p-9' });
		expect(await health()).toMatchObject({ score: 40, cap: { words: '1 open incident about a lapsed case' } });
		test.core.store.raw.prepare("UPDATE account SET status = 'NOTICE_GIVEN' WHERE id = 'a-1'").run();
		expect(await health()).toMatchObject({ score: 30, band: 'at risk', cap: { words: 'notice given' } });
	});

	it('is asked of an account that is here', async () => {
		expect(await test.refused('accounts.health', { id: 'a-9', today })).toMatchObject({ code: 'not_found' });
	});
});
