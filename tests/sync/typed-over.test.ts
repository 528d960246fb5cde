import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';

let two: TwoDevices;
beforeEach(async () => {
	two = await startTwoDevices();
});
afterEach(() => two.stop());

/** An issue that both have, with a cause that Sam wrote and a colleague has just written over. */
async function writtenOver(): Promise<string> {
	const { id } = await two.sam.ok('issues.create', { account_id: 'a-1', title: 'Cost centre missing' });
	await two.sam.ok('issues.update', { id, patch: { root_cause: 'Not known' } });
	await two.settle();
	await two.specialist.ok('issues.update', {
		id,
		patch: { root_cause: 'Blank in the file', title: 'Fourteen missing' },
	});
	await two.settle();
	return id;
}

const causeOn = async (device: TwoDevices['sam'], id: string) =>
	(await device.ok('issues.get', { id })).issue.root_cause;

describe('an edit typed over a value that a colleague changed meanwhile', () => {
	it('meets it as a conflict instead of taking its place', async () => {
		const id = await writtenOver();
		const seen = { root_cause: 'Not known' };
		await two.sam.ok('issues.update', { id, patch: { root_cause: 'Column H was skipped' }, seen });
		expect(await causeOn(two.sam, id)).toBe('Column H was skipped');
		await two.settle();
		for (const device of [two.sam, two.specialist]) {
			expect(await causeOn(device, id)).toBe('Blank in the file');
			expect(await device.ok('conflicts.list', {})).toMatchObject([
				{ base_value: 'Not known', mine_value: 'Column H was skipped', theirs_value: 'Blank in the file' },
			]);
		}
	});

	it('is one conflict however often the typing goes on, before its answer and after', async () => {
		const id = await writtenOver();
		const type = (root_cause: string, seen: string) =>
			two.sam.ok('issues.update', { id, patch: { root_cause }, seen: { root_cause: seen } });
		await type('Column H', 'Not known');
		await type('Column H was', 'Column H');
		await two.settle();
		await type('Column H was skipped', 'Column H was');
		await two.settle();
		const [conflict, ...others] = await two.specialist.ok('conflicts.list', {});
		expect(others).toEqual([]);
		expect(conflict).toMatchObject({ base_value: 'Not known', mine_value: 'Column H was skipped' });
		expect(await causeOn(two.sam, id)).toBe('Blank in the file');
	});

	it('also where the value seen is as old as the record', async () => {
		const id = await writtenOver();
		const seen = { title: 'Cost centre missing' };
		await two.sam.ok('issues.update', { id, patch: { title: 'Cost centre missing on 14 invoices' }, seen });
		await two.settle();
		expect((await two.specialist.ok('issues.get', { id })).issue.title).toBe('Fourteen missing');
		expect(await two.sam.ok('conflicts.list', {})).toHaveLength(1);
	});

	it('taken back before it was sent leaves what the colleague wrote, and nothing to decide', async () => {
		const id = await writtenOver();
		const seen = { root_cause: 'Not known' };
		await two.sam.ok('sync.pause', { paused: true });
		await two.sam.ok('issues.update', { id, patch: { root_cause: 'Column H was skipped' }, seen });
		const [change] = await two.sam.ok('sync.unsent', {});
		await two.sam.ok('outbox.undo', { group: change!.group });
		expect(await causeOn(two.sam, id)).toBe('Blank in the file');
		const lines = await two.sam.ok('history.list', { entity: 'issue', id });
		expect(lines.filter(({ field }) => field === 'root_cause').map(({ after }) => after)).toContain(
			'Blank in the file',
		);
		await two.sam.ok('sync.pause', { paused: false });
		await two.settle();
		expect(await two.sam.ok('conflicts.list', {})).toEqual([]);
		expect(await causeOn(two.specialist, id)).toBe('Blank in the file');
	});

	it('is an ordinary edit when what was changed meanwhile is one’s own, or was seen', async () => {
		const id = await writtenOver();
		await two.sam.ok('issues.update', { id, patch: { root_cause: 'First' } });
		await two.settle();
		await two.sam.ok('issues.update', {
			id,
			patch: { root_cause: 'Second' },
			seen: { root_cause: 'Blank in the file' },
		});
		await two.settle();
		await two.specialist.ok('issues.update', { id, patch: { root_cause: 'Third' }, seen: { root_cause: 'Second' } });
		await two.settle();
		expect(await two.sam.ok('conflicts.list', {})).toEqual([]);
		expect(await causeOn(two.sam, id)).toBe('Third');
	});
});

it('a conflict says what stands now, whose it is and since when, also when that is neither of the two', async () => {
	const id = await writtenOver();
	const seen = { root_cause: 'Not known' };
	await two.sam.ok('issues.update', { id, patch: { root_cause: 'Column H was skipped' }, seen });
	await two.settle();
	const standingOn = async (device: TwoDevices['sam']) => (await device.ok('conflicts.list', {}))[0]?.standing;
	expect(await standingOn(two.sam)).toMatchObject({ text: 'Blank in the file', name: 'Ben Roth', is_me: false });
	const both = 'Blank in the file, and column H was skipped';
	await two.specialist.ok('issues.update', { id, patch: { root_cause: both } });
	await two.settle();
	expect(await standingOn(two.sam)).toMatchObject({ value: both, text: both, name: 'Ben Roth', is_me: false });
	expect((await standingOn(two.specialist))?.is_me).toBe(true);
	expect((await standingOn(two.sam))?.at).toMatch(/^20\d\d-/);
});
