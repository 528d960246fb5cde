import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';

let two: TwoDevices;
beforeEach(async () => {
	two = await startTwoDevices();
});
afterEach(() => two.stop());

/** Both laptops and the server hold the same: values, versions, deletions and every typed character. */
async function expectEqual(): Promise<void> {
	const server = await two.server.serverTables();
	for (const device of [two.sam, two.specialist]) {
		const here = two.tables(device);
		expect(here.texts).toEqual(server.texts);
		for (const [key, record] of Object.entries(server.records)) {
			const mine = here.records[key];
			expect([key, mine?.v, mine?.deleted]).toEqual([key, record.v, record.deleted]);
		}
		expect(Object.keys(here.records).sort()).toEqual(Object.keys(server.records).sort());
	}
}

async function sharedIssue(): Promise<string> {
	const { id } = await two.sam.ok('issues.create', { account_id: 'a-1', title: 'Cost centre missing on 14 invoices' });
	await two.settle();
	return id;
}

describe('two laptops and one server', () => {
	it('start with what the server has', async () => {
		expect((await two.sam.ok('accounts.list', {})).map((account) => account.name)).toHaveLength(2);
		expect((await two.sam.ok('app.info', {})).user?.name).toBe('Ada Lind');
		expect(await two.sam.ok('sync.status', {})).toMatchObject({ state: 'acknowledged', unsent: 0, problem: null });
	});

	it('merge edits of different fields without asking', async () => {
		const id = await sharedIssue();
		await two.sam.ok('issues.update', { id, patch: { priority: 'HIGH' } });
		await two.specialist.ok('issues.update', { id, patch: { due_date: '2026-12-01' } });
		await two.settle();
		for (const device of [two.sam, two.specialist]) {
			const { issue, conflicts } = await device.ok('issues.get', { id });
			expect(issue).toMatchObject({ priority: 'HIGH', due_date: '2026-12-01' });
			expect(conflicts).toEqual([]);
		}
		const history = await two.sam.ok('history.list', { entity: 'issue', id });
		expect(history[0]).toMatchObject({ label: 'Due', after: '2026-12-01', by_name: 'Ben Roth', origin: 'remote' });
		await expectEqual();
	});

	it('keep both of two edits of one field, show them on both sides and settle by a decision', async () => {
		const id = await sharedIssue();
		await two.sam.ok('issues.update', { id, patch: { root_cause: 'The mapping profile skipped column H' } });
		await two.specialist.ok('issues.update', { id, patch: { root_cause: 'Blank in the client’s file' } });
		await two.specialist.ok('sync.now', {});
		await two.settle();
		for (const device of [two.sam, two.specialist]) {
			const [conflict] = await device.ok('conflicts.list', {});
			expect(conflict).toMatchObject({
				field_label: 'Root cause',
				mine_text: 'The mapping profile skipped column H',
				theirs_text: 'Blank in the client’s file',
				mine_name: 'Ada Lind',
				theirs_name: 'Ben Roth',
			});
			expect((await device.ok('issues.get', { id })).issue.root_cause).toBe('Blank in the client’s file');
		}
		const [conflict] = await two.sam.ok('conflicts.list', {});
		const value = 'Blank in the file; our mapping skipped column H too';
		await two.sam.ok('conflicts.decide', { id: conflict?.id ?? '', choice: 'other', value });
		await two.settle();
		for (const device of [two.sam, two.specialist]) {
			expect(await device.ok('conflicts.list', {})).toEqual([]);
			expect((await device.ok('issues.get', { id })).issue.root_cause).toBe(value);
		}
		await expectEqual();
	});

	it('make no conflict of two hundred edits by one person', async () => {
		const id = await sharedIssue();
		for (let day = 1; day <= 200; day += 1) {
			await two.sam.ok('issues.update', {
				id,
				patch: { due_date: `2026-12-${String((day % 28) + 1).padStart(2, '0')}` },
			});
		}
		await two.settle();
		expect(await two.sam.ok('conflicts.list', {})).toEqual([]);
		await expectEqual();
	});

	it('let an edit win over a deletion that had not seen it', async () => {
		const id = await sharedIssue();
		await two.specialist.ok('issues.update', { id, patch: { remedy: 'Re-issue the invoices' } });
		await two.sam.ok('issues.delete', { id });
		await two.settle();
		for (const device of [two.sam, two.specialist]) {
			expect((await device.ok('issues.get', { id })).issue).toMatchObject({
				deleted_at: null,
				remedy: 'Re-issue the invoices',
			});
		}
		await expectEqual();
	});

	it('carry a deletion, and its undoing, to the other side', async () => {
		const id = await sharedIssue();
		await two.sam.ok('issues.delete', { id });
		await two.settle();
		expect(await two.specialist.ok('issues.list', {})).toEqual([]);
		await two.sam.ok('undo.last', {});
		await two.settle();
		expect(await two.specialist.ok('issues.list', {})).toHaveLength(1);
		await expectEqual();
	});

	it('merge what two people type into one note', async () => {
		const { id } = await two.sam.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
		await two.settle();
		await type(two.sam, id, 'Typed on the plane');
		await type(two.specialist, id, 'Typed in the office');
		await two.settle();
		const bodies = await Promise.all(
			[two.sam, two.specialist].map(async (device) => (await device.ok('notes.get', { id })).note.body),
		);
		expect(bodies[0]).toBe(bodies[1]);
		expect(bodies[0]?.split('\n').sort()).toEqual(['Typed in the office', 'Typed on the plane']);
		await expectEqual();
	});
});

/** Opens the note as the editor does, adds a paragraph and appends the difference. */
async function type(device: TwoDevices['sam'], id: string, text: string): Promise<void> {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, Buffer.from((await device.ok('notes.get', { id })).state, 'base64'));
	const before = Y.encodeStateVector(doc);
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText(text)]);
	const fragment = doc.getXmlFragment('default');
	fragment.insert(fragment.length, [paragraph]);
	await device.ok('notes.append', { id, update: Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString('base64') });
}
