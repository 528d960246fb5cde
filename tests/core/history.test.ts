import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAccount, startCore, type TestCore } from '../support/core.ts';

let test: TestCore;
let now: number;
beforeEach(async () => {
	now = Date.parse('2026-11-24T09:00:00Z');
	test = await startCore({ now: () => new Date(now) });
	await addAccount(test);
});
afterEach(() => test.stop());

const later = (minutes: number) => {
	now += minutes * 60_000;
};
const newIssue = async () => (await test.ok('issues.create', { account_id: 'a-1', title: 'Late receipt' })).id;
const lines = (entity: string, id: string) => test.ok('history.list', { entity, id });

async function newVisit(): Promise<string> {
	const { id } = await test.ok('visits.create', {
		account_id: 'a-1',
		purpose: 'Review',
		time_zone: 'Europe/Zurich',
		local_start: '2026-12-01T09:00',
		local_end: '2026-12-01T10:00',
	});
	return id;
}

describe('an earlier value', () => {
	it('can be given back from any line, and that is an edit that can be undone', async () => {
		const id = await newIssue();
		for (const due_date of ['2026-12-01', '2026-12-05', '2026-12-09']) {
			await test.ok('issues.update', { id, patch: { due_date } });
			later(1);
		}
		const [newest, middle, oldest] = await lines('issue', id);
		expect([newest, middle, oldest].map((line) => line?.restorable)).toEqual([
			{ before: true, after: false },
			{ before: true, after: true },
			{ before: false, after: true },
		]);
		await test.ok('history.restore', { id: oldest?.id ?? '', side: 'after' });
		expect((await test.ok('issues.get', { id })).issue.due_date).toBe('2026-12-01');
		expect((await lines('issue', id))[0]).toMatchObject({ before: '2026-12-09', after: '2026-12-01', origin: 'local' });
		await test.ok('undo.last', {});
		expect((await test.ok('issues.get', { id })).issue.due_date).toBe('2026-12-09');
		await test.ok('history.restore', { id: middle?.id ?? '', side: 'before' });
		expect((await test.ok('issues.get', { id })).issue.due_date).toBe('2026-12-01');
	});

	it('goes the way of any edit: a status brings its day of resolution along', async () => {
		const id = await newIssue();
		await test.ok('issues.update', { id, patch: { status: 'CLOSED' } });
		later(1);
		await test.ok('issues.update', { id, patch: { status: 'OPEN' } });
		const line = (await lines('issue', id)).find((each) => each.label === 'Status' && each.after === 'Open');
		await test.ok('history.restore', { id: line?.id ?? '', side: 'before' });
		expect((await test.ok('issues.get', { id })).issue).toMatchObject({
			status: 'CLOSED',
			resolved_at: new Date(now).toISOString(),
		});
	});

	it('of a visit’s times comes with its other end, and moves the instants', async () => {
		const id = await newVisit();
		await test.ok('visits.update', {
			id,
			patch: { local_start: '2026-12-08T14:00', local_end: '2026-12-08T15:30' },
		});
		const history = await lines('visit', id);
		expect(history.map((line) => line.field).sort()).toEqual(['created', 'local_end', 'local_start']);
		const start = history.find((line) => line.field === 'local_start');
		await test.ok('history.restore', { id: start?.id ?? '', side: 'before' });
		expect((await test.ok('visits.get', { id })).visit).toMatchObject({
			local_start: '2026-12-01T09:00',
			local_end: '2026-12-01T10:00',
			starts_at: '2026-12-01T08:00:00.000Z',
		});
	});

	it('of the office, and of a deleted record, stays where it is', async () => {
		const id = await newIssue();
		await test.ok('issues.update', { id, patch: { priority: 'HIGH' } });
		const [line] = await lines('issue', id);
		await test.ok('issues.delete', { id });
		expect((await test.refused('history.restore', { id: line?.id, side: 'before' })).code).toBe('not_found');
		expect((await lines('issue', id)).some(({ restorable }) => restorable.before || restorable.after)).toBe(false);
		test.core.store.raw
			.prepare(
				`INSERT INTO history (at, by, entity, row_id, field, before, after, origin, undone)
				VALUES ('2026-11-20T09:00:00.000Z', NULL, 'account', 'a-1', 'city', '"Bern"', '"Basel"', 'remote', 0)`,
			)
			.run();
		const [office] = await lines('account', 'a-1');
		expect(office?.restorable).toEqual({ before: false, after: false });
		expect((await test.refused('history.restore', { id: office?.id, side: 'before' })).code).toBe('office_owned');
	});

	it('long texts say so, and every line is to be had however many there are', async () => {
		const id = await newIssue();
		for (let edit = 0; edit < 230; edit += 1) {
			await test.ok('issues.update', { id, patch: { root_cause: `Found ${edit}: ${'a long reason '.repeat(8)}` } });
			later(6);
		}
		expect((await lines('issue', id))[0]).toMatchObject({ long: true, label: 'Root cause' });
		expect(await lines('issue', id)).toHaveLength(200);
		expect(await test.ok('history.list', { entity: 'issue', id, limit: 5000 })).toHaveLength(231);
	});
});

describe('the value that lost in a conflict', () => {
	/** As the server would have sent it: this laptop made neither of the two edits. */
	const conflict = (values: Record<string, string | null>) => {
		const row = {
			...{ id: 'c-1', created_at: '2026-11-24T10:00:00.000Z', updated_at: '2026-11-24T10:00:00.000Z', fv: '' },
			...{ account_id: 'a-1', entity: 'issue', field: 'root_cause', base_value: '"Unknown"' },
			...{ mine_value: '"The mapping skipped column H"', mine_by: 'u-specialist', mine_at: '2026-11-24T07:00:00.000Z' },
			...{ theirs_value: '"Blank in the file"', theirs_by: 'u-other', theirs_at: '2026-11-24T08:00:00.000Z' },
			...values,
		};
		const names = Object.keys(row);
		test.core.store.raw
			.prepare(`INSERT INTO conflict (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
			.run(Object.values(row));
	};

	it('waits in the history of a laptop that did not make it, and can be restored there', async () => {
		const id = await newIssue();
		await test.ok('issues.update', { id, patch: { root_cause: 'Blank in the file' } });
		conflict({ row_id: id });
		const waiting = (await lines('issue', id)).filter((line) => line.conflict !== null);
		expect(waiting).toMatchObject([
			{
				label: 'Root cause',
				before: 'Unknown',
				after: 'The mapping skipped column H',
				by_name: 'Ben Roth',
				conflict: 'waiting',
				restorable: { before: true, after: true },
			},
		]);
		await test.ok('history.restore', { id: waiting[0]?.id ?? '', side: 'after' });
		expect((await test.ok('issues.get', { id })).issue.root_cause).toBe('The mapping skipped column H');
	});

	it.each([
		['mine', ['Blank in the file']],
		['theirs', ['The mapping skipped column H']],
		['other', ['Blank in the file', 'The mapping skipped column H']],
	])('once “%s” was chosen, is marked as not chosen', async (choice, losers) => {
		const id = await newIssue();
		conflict({ row_id: id, choice, decided_at: '2026-11-24T11:00:00.000Z', decided_by: 'u-specialist' });
		const marked = (await lines('issue', id)).filter((line) => line.conflict === 'not_chosen');
		expect(marked.map((line) => line.after).sort()).toEqual([...losers].sort());
	});

	it('stands once in the history of the laptop that wrote it', async () => {
		const id = await newIssue();
		await test.ok('issues.update', { id, patch: { root_cause: 'Mine, written here' } });
		conflict({ row_id: id, mine_value: '"Mine, written here"', mine_by: 'u-sam', choice: 'theirs', decided_at: 'x' });
		const marked = (await lines('issue', id)).filter((line) => line.after === 'Mine, written here');
		expect(marked).toMatchObject([{ conflict: 'not_chosen', origin: 'local' }]);
	});
});
