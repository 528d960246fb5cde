import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';
import { paragraph, write } from '../support/typing.ts';

let two: TwoDevices;
beforeEach(async () => {
	two = await startTwoDevices();
});
afterEach(() => two.stop());

/** "New issue: Late invoice | Priority: High". */
const lines = async () =>
	(await two.sam.ok('sync.unsent', {})).map(({ label, title, changes }) =>
		[`${label}: ${title}`, ...changes.map((part) => `${part.label}: ${part.after}`)].join(' | '),
	);

const times = { local_start: '2026-12-01T10:00', local_end: '2026-12-01T11:00', time_zone: 'Europe/Zurich' };

it('a new record is named with what it says, never as a change', async () => {
	await two.sam.ok('issues.create', { account_id: 'a-1', title: 'Late invoice' });
	const note = await two.sam.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
	await write(two.sam, note.id, paragraph('They want one named person.'));
	const [issue, made, typed] = await lines();
	expect(issue).toMatch(/^New issue: Late invoice \| .*Priority: Normal/);
	expect(issue).not.toContain('u-sam');
	expect(made).toMatch(/^New note: They want one named person\./);
	expect(typed).toBe('Note written: They want one named person. | Text: They want one named person.');
});

it('what was deleted and brought back says so, with what went and came along', async () => {
	const visit = await two.sam.ok('visits.create', { account_id: 'a-1', purpose: 'Review', ...times });
	for (const name of ['Eva', 'Tom']) await two.sam.ok('attendees.create', { visit_id: visit.id, name, side: 'CLIENT' });
	await two.sam.ok('checklist.create', { visit_id: visit.id, text: 'Badge' });
	await two.settle();
	await two.sam.ok('visits.delete', { id: visit.id });
	const [deleted] = await lines();
	expect(deleted).toMatch(/^Visit deleted: Review \| With it: 2 attendees, \d+ checklist items?$/);
	await two.settle();
	await two.sam.ok('trash.restore', { items: [{ entity: 'visit', id: visit.id }] });
	expect((await lines())[0]).toMatch(/^Restored visit: Review \| With it: 2 attendees, \d+ checklist items?$/);
});

it('an undone edit says that it was changed back, an undone deletion that the record is restored', async () => {
	const { id } = await two.sam.ok('issues.create', { account_id: 'a-1', title: 'Late invoice' });
	await two.sam.ok('issues.update', { id, patch: { priority: 'HIGH' } });
	await two.settle();
	await two.sam.ok('undo.last', {});
	expect(await lines()).toEqual(['Issue changed back: Late invoice | Priority: Normal']);
	await two.settle();
	await two.sam.ok('issues.delete', { id });
	await two.settle();
	await two.sam.ok('undo.last', {});
	expect(await lines()).toEqual(['Restored issue: Late invoice']);
});
