import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';
import { block, paragraph, textAt, write } from '../support/typing.ts';

let two: TwoDevices;
beforeEach(async () => {
	two = await startTwoDevices();
});
afterEach(() => two.stop());

const both = () => [two.sam, two.specialist];
const bodyOn = async (device: TwoDevices['sam'], id: string) => (await device.ok('notes.get', { id })).note.body;
const textsOn = async (device: TwoDevices['sam'], id: string) => {
	const { versions } = await device.ok('notes.versions', { id });
	return Promise.all(
		versions.map(async ({ version, by_name }) => {
			const { text } = await device.ok('notes.version', { id, version });
			return [by_name, text];
		}),
	);
};

async function sharedIssue(): Promise<string> {
	const { id } = await two.sam.ok('issues.create', { account_id: 'a-1', title: 'Cost centre missing on 14 invoices' });
	await two.settle();
	return id;
}

async function sharedNote(...lines: string[]): Promise<string> {
	const { id } = await two.sam.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
	await write(two.sam, id, (text) =>
		text.insert(
			0,
			lines.map((line) => block(line)),
		),
	);
	await two.settle();
	return id;
}

/** Both write the root cause without having seen the other; the specialist's reaches the server first. */
async function clash(id: string): Promise<void> {
	await two.sam.ok('issues.update', { id, patch: { root_cause: 'The mapping profile skipped column H' } });
	await two.specialist.ok('issues.update', { id, patch: { root_cause: 'Blank in the client’s file' } });
	await two.specialist.ok('sync.now', {});
	await two.settle();
}

const losers = async (device: TwoDevices['sam'], id: string) =>
	(await device.ok('history.list', { entity: 'issue', id }))
		.filter((line) => line.conflict !== null)
		.map((line) => [line.conflict, line.after, line.by_name, line.restorable.after]);

describe('the value that lost', () => {
	it('is in the history of both laptops while it waits and after the decision, and either can restore it', async () => {
		const id = await sharedIssue();
		await clash(id);
		const waiting = ['waiting', 'The mapping profile skipped column H', 'Ada Lind', true];
		for (const device of both()) expect(await losers(device, id)).toEqual([waiting]);
		const [conflict] = await two.specialist.ok('conflicts.list', {});
		await two.specialist.ok('conflicts.decide', { id: conflict?.id ?? '', choice: 'theirs' });
		await two.settle();
		const kept = ['not_chosen', 'The mapping profile skipped column H', 'Ada Lind', true];
		for (const device of both()) expect(await losers(device, id)).toEqual([kept]);
		const lines = await two.specialist.ok('history.list', { entity: 'issue', id });
		const line = lines.find((each) => each.conflict === 'not_chosen');
		await two.specialist.ok('history.restore', { id: line?.id ?? '', side: 'after' });
		await two.settle();
		for (const device of both())
			expect((await device.ok('issues.get', { id })).issue.root_cause).toBe('The mapping profile skipped column H');
		expect(await two.sam.ok('conflicts.list', {})).toEqual([]);
	});

	it('of a decision for the later one is the standing one, also where nobody had seen it before', async () => {
		const id = await sharedIssue();
		await clash(id);
		await two.sam.ok('conflicts.decide', {
			id: (await two.sam.ok('conflicts.list', {}))[0]?.id ?? '',
			choice: 'mine',
		});
		await two.settle();
		for (const device of both())
			expect(await losers(device, id)).toEqual([['not_chosen', 'Blank in the client’s file', 'Ben Roth', true]]);
	});

	it('is told apart on both laptops: what was decided, what was put back, and what came by sync', async () => {
		const id = await sharedIssue();
		await clash(id);
		const [conflict] = await two.sam.ok('conflicts.list', {});
		await two.sam.ok('conflicts.decide', { id: conflict?.id ?? '', choice: 'other', value: 'Both were to blame' });
		await two.settle();
		const lines = await two.specialist.ok('history.list', { entity: 'issue', id });
		const lost = lines.find((line) => line.after === 'The mapping profile skipped column H');
		await two.specialist.ok('history.restore', { id: lost?.id ?? '', side: 'after' });
		await two.settle();
		for (const device of both()) {
			const told = (await device.ok('history.list', { entity: 'issue', id })).filter(({ how }) => how !== null);
			expect(told.map(({ how, after, by_name }) => [how, after, by_name])).toEqual([
				['put_back', 'The mapping profile skipped column H', 'Ben Roth'],
				['decided', 'Both were to blame', 'Ada Lind'],
			]);
		}
	});

	it('comes back to be decided when the decision is undone', async () => {
		const id = await sharedIssue();
		await clash(id);
		const [conflict] = await two.sam.ok('conflicts.list', {});
		await two.sam.ok('sync.pause', { paused: true });
		await two.sam.ok('conflicts.decide', { id: conflict?.id ?? '', choice: 'other', value: 'Both were to blame' });
		expect(await two.sam.ok('conflicts.list', {})).toEqual([]);
		await two.sam.ok('undo.last', {});
		expect(await two.sam.ok('conflicts.list', {})).toHaveLength(1);
		expect((await two.sam.ok('issues.get', { id })).issue.root_cause).toBe('Blank in the client’s file');
		await two.sam.ok('sync.pause', { paused: false });
		await two.settle();
		for (const device of both()) expect(await device.ok('conflicts.list', {})).toHaveLength(1);
	});
});

describe('the versions of a note two people write', () => {
	it('end before somebody else’s words come in, and say whose they are', async () => {
		const id = await sharedNote('Agenda.');
		await write(two.sam, id, paragraph('Typed on the plane.'));
		await write(two.specialist, id, paragraph('Typed in the office.'));
		await two.settle();
		for (const device of both()) {
			const texts = await textsOn(device, id);
			expect(texts[0]?.[1]).toBe(await bodyOn(device, id));
			expect(texts.map(([name]) => name)).toContain('Ben Roth');
		}
		expect((await textsOn(two.sam, id))[1]).toEqual(['Ada Lind', 'Agenda.\nTyped on the plane.']);
		// The text just before the merge, as each of them had it.
		expect((await textsOn(two.specialist, id))[1]?.[1]).toBe('Agenda.\nTyped in the office.');
	});

	it('merge a version put back with what the other one types meanwhile', async () => {
		const id = await sharedNote('First paragraph as agreed.', 'Second paragraph.');
		const [agreed] = (await two.sam.ok('notes.versions', { id })).versions;
		await write(two.sam, id, (text) => {
			textAt(text, 0).insert(0, 'Wrongly changed. ');
			text.delete(1, 1);
		});
		await two.settle();
		await write(two.specialist, id, (text) => {
			const first = textAt(text, 0);
			first.insert(first.length, ' With a remark from the office.');
			text.insert(1, [block('Third, typed meanwhile.')]);
		});
		await two.sam.ok('notes.restoreVersion', { id, version: agreed?.version ?? 0 });
		await two.settle();
		const body = await bodyOn(two.sam, id);
		expect(await bodyOn(two.specialist, id)).toBe(body);
		expect(body?.split('\n').sort()).toEqual([
			'First paragraph as agreed. With a remark from the office.',
			'Second paragraph.',
			'Third, typed meanwhile.',
		]);
		expect((await two.specialist.ok('notes.versions', { id })).versions.some((each) => each.restored)).toBe(true);
	});

	it('hand over words that were typed into a paragraph somebody else had deleted', async () => {
		const id = await sharedNote('Kept paragraph.', 'Paragraph that goes.');
		await write(two.sam, id, (text) => text.delete(1, 1));
		// Key by key, with a slip that is mended, and a word put in afterwards.
		for (const [at, letter] of [...'The client cals'].entries())
			await write(two.specialist, id, (text) => textAt(text, 1).insert(at, letter));
		await write(two.specialist, id, (text) => textAt(text, 1).delete(14, 1));
		await write(two.specialist, id, (text) => textAt(text, 1).insert(14, 'ls on Friday. '));
		await write(two.specialist, id, (text) => textAt(text, 1).insert(4, 'new '));
		await two.sam.ok('sync.now', {});
		await two.settle();
		expect(await bodyOn(two.sam, id)).toBe('Kept paragraph.');
		const { versions } = await two.sam.ok('notes.versions', { id });
		expect(versions[0]).toMatchObject({ by_name: 'Ben Roth', aside: 'The new client calls on Friday.' });
		// On the laptop they were typed on they stand in the version before the merge.
		expect((await textsOn(two.specialist, id)).map(([, text]) => text)).toContain(
			'Kept paragraph.\nThe new client calls on Friday. Paragraph that goes.',
		);
	});
});

describe('what somebody else deleted', () => {
	it('is in the trash of both, with the name of the one who did it, and comes back on both', async () => {
		const { id } = await two.sam.ok('visits.create', {
			account_id: 'a-1',
			purpose: 'Annual review',
			time_zone: 'Europe/Zurich',
			local_start: '2026-12-01T09:00',
			local_end: '2026-12-01T10:00',
		});
		await two.sam.ok('attendees.create', { visit_id: id, name: 'Dr. Keller', side: 'CLIENT' });
		await two.settle();
		await two.specialist.ok('visits.delete', { id });
		await two.settle();
		for (const device of both()) {
			const { rows } = await device.ok('trash.list', {});
			expect(rows).toMatchObject([
				{ entity: 'visit', title: 'Annual review', deleted_by_name: 'Ben Roth', along: [{ count: 1 }, {}] },
			]);
			expect(await device.ok('trash.about', { entity: 'visit', id })).toMatchObject({ by_name: 'Ben Roth' });
			const [line] = await device.ok('history.list', { entity: 'visit', id });
			expect(line).toMatchObject({ field: 'deleted', by_name: 'Ben Roth' });
		}
		await two.sam.ok('trash.restore', { items: [{ entity: 'visit', id }] });
		await two.settle();
		for (const device of both()) {
			const page = await device.ok('visits.get', { id });
			expect(page.visit.deleted_at).toBeNull();
			expect(page.attendees).toHaveLength(1);
			expect(page.checklist.length).toBeGreaterThan(0);
			expect((await device.ok('trash.list', {})).total).toBe(0);
		}
	});
});
