import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';

let two: TwoDevices;
let visit: string;
let other: string;
let note: string;

const visitOf = (account_id: string, purpose: string) => ({
	account_id,
	purpose,
	type: 'ONSITE' as const,
	time_zone: 'Europe/Zurich',
	local_start: '2026-12-01T09:00',
	local_end: '2026-12-01T11:00',
});

/** Sam writes a note to a visit that the specialist deletes before it has reached them. */
beforeEach(async () => {
	two = await startTwoDevices();
	visit = (await two.sam.ok('visits.create', visitOf('a-1', 'Review in Basel'))).id;
	other = (await two.sam.ok('visits.create', visitOf('a-1', 'Workshop'))).id;
	await two.sam.ok('visits.create', visitOf('a-2', 'In Tokyo'));
	await two.settle();
	const place = { account_id: 'a-1', parent_type: 'visit' as const, parent_id: visit };
	note = (await two.sam.ok('notes.create', { ...place, title: 'On the way there' })).id;
	await two.specialist.ok('visits.delete', { id: visit });
	await two.specialist.ok('sync.now', {});
	await two.settle();
});
afterEach(() => two.stop());

const list = () => two.sam.ok('homeless.list', {});

describe('a record whose visit was deleted by somebody else', () => {
	it('is listed with what it belonged to and places of its own account only', async () => {
		const [record, ...more] = await list();
		expect(more).toEqual([]);
		expect(record).toMatchObject({
			entity: 'note',
			id: note,
			title: 'On the way there',
			account_id: 'a-1',
			lost: { entity: 'visit', id: visit, title: 'Review in Basel', deletedBy: 'Ben Roth' },
		});
		expect(record?.places).toEqual([
			{ parent_type: 'visit', parent_id: other, title: 'Workshop' },
			{ parent_type: 'account', parent_id: 'a-1', title: 'Halden Pharma AG (fictional)' },
		]);
		expect((await two.sam.ok('sync.status', {})).homeless).toBe(1);
	});

	it('is no question for the one who deleted it', async () => {
		expect(await two.specialist.ok('homeless.list', {})).toEqual([]);
	});

	it('moves to another place', async () => {
		await two.sam.ok('homeless.settle', {
			entity: 'note',
			id: note,
			choice: 'move',
			parent_type: 'visit',
			parent_id: other,
		});
		expect(await list()).toEqual([]);
		expect((await two.sam.ok('sync.status', {})).homeless).toBe(0);
		await two.settle();
		expect(two.tables(two.specialist).records[`note ${note}`]?.v).toMatchObject({ parent_id: other });
	});

	it('has its visit back, with what went with it, which is said before', async () => {
		const along = (await list())[0]?.lost.along;
		expect(along?.map(({ label }) => label)).toEqual(['checklist items']);
		await two.sam.ok('homeless.settle', { entity: 'note', id: note, choice: 'bring_back' });
		expect(await list()).toEqual([]);
		await two.settle();
		expect(two.tables(two.specialist).records[`visit ${visit}`]?.deleted).toBe(false);
	});

	it('is deleted', async () => {
		await two.sam.ok('homeless.settle', { entity: 'note', id: note, choice: 'delete' });
		expect(await list()).toEqual([]);
	});

	it('never lands on another account', async () => {
		const foreign = two.sam.core.store.raw.prepare("SELECT id FROM visit WHERE account_id = 'a-2'").pluck().get();
		for (const place of [
			{ parent_type: 'visit', parent_id: foreign },
			{ parent_type: 'account', parent_id: 'a-2' },
			{ parent_type: 'visit', parent_id: visit },
			{ parent_type: 'task', parent_id: 'x' },
			{},
		]) {
			const error = await two.sam.refused('homeless.settle', { entity: 'note', id: note, choice: 'move', ...place });
			expect(error.code).toBe('bad_input');
		}
		expect(await list()).toHaveLength(1);
	});
});

describe('a record that came without its visit', () => {
	it('is asked about once everything is here', async () => {
		const { raw } = two.sam.core.store;
		raw.prepare('UPDATE note SET parent_id = ? WHERE id = ?').run('v-never', note);
		expect(await list()).toMatchObject([{ id: note, lost: { id: 'v-never', title: null, deletedAt: null } }]);
		expect((await two.sam.refused('homeless.settle', { entity: 'note', id: note, choice: 'bring_back' })).code).toBe(
			'not_found',
		);
		raw.prepare("INSERT INTO meta (key, value) VALUES ('staging', '1')").run();
		expect(await list()).toEqual([]);
	});
});
