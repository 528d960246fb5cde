import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAccount, startCore, type TestCore } from '../support/core.ts';
import { paragraph, write } from '../support/typing.ts';

const day = 86_400_000;
let test: TestCore;
let now: number;
beforeEach(async () => {
	now = Date.parse('2026-11-24T09:00:00Z');
	test = await startCore({ now: () => new Date(now) });
	await addAccount(test);
});
afterEach(() => test.stop());

const list = async (text = '') => (await test.ok('trash.list', { text })).rows;
const newIssue = async (title: string) => (await test.ok('issues.create', { account_id: 'a-1', title })).id;

async function newVisit(): Promise<string> {
	const { id } = await test.ok('visits.create', {
		account_id: 'a-1',
		purpose: 'Annual review',
		time_zone: 'Europe/Zurich',
		local_start: '2026-12-01T09:00',
		local_end: '2026-12-01T10:00',
	});
	await test.ok('attendees.create', { visit_id: id, name: 'Dr. Keller', side: 'CLIENT' });
	await test.ok('attendees.create', { visit_id: id, name: 'Ada Lind', side: 'OWN' });
	return id;
}

describe('the trash', () => {
	it('holds what was deleted: what, from where, by whom, when, and how long it stays', async () => {
		const id = await newIssue('Receipt for Göteborg');
		await test.ok('issues.delete', { id });
		expect(await list()).toMatchObject([
			{
				entity: 'issue',
				id,
				entity_label: 'Issue',
				title: 'Receipt for Göteborg',
				account_name: 'Halden Pharma AG (fictional)',
				deleted_by_name: 'Ada Lind',
				deleted_at: '2026-11-24T09:00:00.000Z',
				stays_until: '2026-12-24T09:00:00.000Z',
			},
		]);
		expect(await list('goteborg lind')).toHaveLength(1);
		expect(await list('goteborg roth')).toEqual([]);
	});

	it('says before and after a visit is deleted what goes with it and what stays', async () => {
		const id = await newVisit();
		const gone = (await test.ok('attendees.create', { visit_id: id, name: 'Left before', side: 'CLIENT' })).id;
		await test.ok('attendees.delete', { id: gone });
		now += 60_000;
		const parent = { account_id: 'a-1', parent_type: 'visit', parent_id: id } as const;
		await test.ok('notes.create', parent);
		await test.ok('tasks.create', { ...parent, title: 'Badges', status: 'TODO' });
		const checklist = (await test.ok('visits.get', { id })).checklist.length;
		const along = [
			{ label: 'attendees', count: 2 },
			{ label: 'checklist items', count: checklist },
		];
		const stays = [
			{ label: 'note', count: 1 },
			{ label: 'task', count: 1 },
		];
		expect(await test.ok('trash.before', { entity: 'visit', id })).toEqual({ along, stays });
		await test.ok('visits.delete', { id });
		expect(await test.ok('trash.about', { entity: 'visit', id })).toMatchObject({ along, stays });
		expect((await list())[0]).toMatchObject({ along });
		await test.ok('trash.restore', { items: [{ entity: 'visit', id }] });
		const page = await test.ok('visits.get', { id });
		expect([page.attendees.length, page.checklist.length, page.notes.length]).toEqual([2, checklist, 1]);
	});

	it('gives a selection back at once, and one undo takes it away again', async () => {
		const ids = [await newIssue('One'), await newIssue('Two'), await newIssue('Three')];
		for (const id of ids) {
			await test.ok('issues.delete', { id });
			now += 60_000;
		}
		expect((await list()).map((row) => row.title)).toEqual(['Three', 'Two', 'One']);
		const items = ids.slice(0, 2).map((id) => ({ entity: 'issue' as const, id }));
		expect(await test.ok('trash.restore', { items })).toEqual({ restored: 2 });
		expect((await list()).map((row) => row.title)).toEqual(['Three']);
		expect(await test.ok('issues.list', {})).toHaveLength(2);
		await test.ok('undo.last', {});
		expect(await list()).toHaveLength(3);
	});

	it('loses a record after 30 days from its screens, and keeps it in the store', async () => {
		const id = await newIssue('Old');
		await test.ok('issues.delete', { id });
		now += 30 * day - 1000;
		expect(await list()).toHaveLength(1);
		expect(await test.ok('trash.about', { entity: 'issue', id })).toMatchObject({ mine: true, by_name: 'Ada Lind' });
		now += 2000;
		expect(await list()).toEqual([]);
		expect(await test.ok('trash.about', { entity: 'issue', id })).toMatchObject({ stays_until: null });
		expect((await test.refused('trash.restore', { items: [{ entity: 'issue', id }] })).code).toBe('not_found');
		expect(test.core.store.raw.prepare('SELECT count(*) FROM issue WHERE id = ?').pluck().get(id)).toBe(1);
	});

	it('is told nothing of a record that is not deleted', async () => {
		const id = await newIssue('Here');
		expect(await test.ok('trash.about', { entity: 'issue', id })).toBeNull();
		expect(await test.ok('trash.restore', { items: [{ entity: 'issue', id }] })).toEqual({ restored: 0 });
	});
});

describe('a visit', () => {
	const parts = async (id: string) => {
		const page = await test.ok('visits.get', { id });
		return { attendees: page.attendees.length, items: page.checklist.length };
	};

	it('takes its attendees and checklist with it, as one change, and brings them back', async () => {
		const id = await newVisit();
		const before = await parts(id);
		await test.ok('visits.delete', { id });
		expect(await parts(id)).toEqual({ attendees: 0, items: 0 });
		const [row, ...others] = await list();
		expect(others).toEqual([]);
		expect(row).toMatchObject({
			entity: 'visit',
			along: [
				{ label: 'attendees', count: 2 },
				{ label: 'checklist items', count: before.items },
			],
		});
		await test.ok('trash.restore', { items: [{ entity: 'visit', id }] });
		expect(await parts(id)).toEqual(before);
		await test.ok('undo.last', {});
		expect(await parts(id)).toEqual({ attendees: 0, items: 0 });
	});

	it('comes back whole when its deletion is undone', async () => {
		const id = await newVisit();
		const before = await parts(id);
		await test.ok('visits.delete', { id });
		expect(await test.ok('undo.last', {})).toMatchObject({ entity: 'visit', row_id: id });
		expect(await parts(id)).toEqual(before);
	});

	it('does not bring back what was taken off it before', async () => {
		const id = await newVisit();
		const [first] = (await test.ok('visits.get', { id })).attendees;
		await test.ok('attendees.delete', { id: first?.id ?? '' });
		now += 60_000;
		await test.ok('visits.delete', { id });
		await test.ok('trash.restore', { items: [{ entity: 'visit', id }] });
		expect((await parts(id)).attendees).toBe(1);
		expect(await list()).toMatchObject([{ entity: 'attendee', parent: { title: 'Annual review', deleted: false } }]);
	});

	it('is offered with a note of its own that comes back', async () => {
		const visit = await newVisit();
		const before = await parts(visit);
		const { id } = await test.ok('notes.create', { account_id: 'a-1', parent_type: 'visit', parent_id: visit });
		await write(test, id, paragraph('What the client said.'));
		await test.ok('notes.delete', { id });
		now += 60_000;
		await test.ok('visits.delete', { id: visit });
		const row = (await list()).find((each) => each.entity === 'note');
		expect(row).toMatchObject({ title: 'What the client said.', parent: { id: visit, deleted: true } });
		await test.ok('trash.restore', { items: [{ entity: 'note', id }], parents: true });
		expect(await list()).toEqual([]);
		expect(await parts(visit)).toEqual(before);
		expect((await test.ok('notes.get', { id })).note).toMatchObject({
			deleted_at: null,
			body: 'What the client said.',
		});
	});

	it('stays in the trash when only its note is wanted', async () => {
		const visit = await newVisit();
		const { id } = await test.ok('notes.create', { account_id: 'a-1', parent_type: 'visit', parent_id: visit });
		await test.ok('notes.delete', { id });
		await test.ok('visits.delete', { id: visit });
		await test.ok('trash.restore', { items: [{ entity: 'note', id }] });
		expect(await list()).toMatchObject([{ entity: 'visit' }]);
	});
});
