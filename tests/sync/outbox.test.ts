import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { replayAfter } from '../../electron/core/sync/sending/push.ts';
import { readVersions } from '../../shared/sync/version.ts';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';
import { block, paragraph, textAt, write } from '../support/typing.ts';

let two: TwoDevices;
beforeEach(async () => {
	two = await startTwoDevices();
});
afterEach(() => two.stop());

const raw = () => two.sam.core.store.raw;
const newIssue = async (title: string) => (await two.sam.ok('issues.create', { account_id: 'a-1', title })).id;
const update = (id: string, patch: Record<string, unknown>) => two.sam.ok('issues.update', { id, patch });
const unsent = () => two.sam.ok('sync.unsent', {});

/** The group of the unsent change with this label and title. */
async function groupOf(title: string, label?: string): Promise<number> {
	const found = (await unsent()).find((change) => change.title === title && (!label || change.label === label));
	if (!found) throw new Error(`${title} is not unsent.`);
	return found.group;
}

/** What the records, versions and texts of the laptop are, without the times of their last writing. */
function everything() {
	return two.tables(two.sam);
}

/** Everything is with the server, and all three hold the same. */
async function expectSettled(): Promise<void> {
	await two.settle();
	expect(await two.sam.ok('sync.status', {})).toMatchObject({ state: 'acknowledged', unsent: 0, refused: 0 });
	const server = await two.server.serverTables();
	for (const device of [two.sam, two.specialist]) {
		const here = two.tables(device);
		expect(here.texts).toEqual(server.texts);
		for (const [key, record] of Object.entries(server.records).filter(([name]) => !name.startsWith('handover ')))
			expect([key, here.records[key]?.v]).toEqual([key, record.v]);
	}
}

/** Numbers under which the SAM's groups reached the server, in the order of arrival, with the record they are about. */
async function arrived(): Promise<string[]> {
	const rows = await two.server.store.db
		.selectFrom('field_history')
		.select(['seq', 'entity', 'row_id', 'field', 'version'])
		.where('device', '=', raw().prepare("SELECT value FROM meta WHERE key = 'device_id'").pluck().get() as string)
		.orderBy('seq')
		.execute();
	return rows.map((row) => `${row.row_id} ${row.field}`);
}

/** An editor that stays open on a note, and sends what is typed in it without hearing of anything else. */
function openEditor() {
	const doc = new Y.Doc();
	return {
		type: async (id: string, words: string) => {
			const pieces: Uint8Array[] = [];
			const collect = (piece: Uint8Array) => pieces.push(piece);
			doc.on('update', collect);
			const fragment = doc.getXmlFragment('default');
			if (fragment.length === 0) fragment.insert(0, [block('')]);
			const text = textAt(fragment, 0);
			text.insert(text.length, words);
			doc.off('update', collect);
			await two.sam.ok('notes.append', { id, update: Buffer.from(Y.mergeUpdates(pieces)).toString('base64') });
		},
	};
}

describe('taking back a change that never left', () => {
	it('puts values, versions and deletion back exactly, and leaves it in the history as undone', async () => {
		const id = await newIssue('Known');
		await two.settle();
		const before = everything();
		await update(id, { priority: 'HIGH', due_date: '2026-12-01' });
		await two.sam.ok('outbox.undo', { group: await groupOf('Known') });
		expect(everything()).toEqual(before);
		await two.sam.ok('issues.delete', { id });
		await two.sam.ok('outbox.undo', { group: await groupOf('Known') });
		expect(everything()).toEqual(before);
		expect(await unsent()).toEqual([]);
		expect(raw().prepare('SELECT count(*) FROM outbox_op WHERE pending = 1').pluck().get()).toBe(0);
		const undone = raw()
			.prepare('SELECT field FROM history WHERE row_id = ? AND undone = 1 ORDER BY id')
			.pluck()
			.all(id);
		expect(undone).toEqual(['priority', 'due_date', 'deleted']);
		await expectSettled();
		expect((await arrived()).filter((line) => line.startsWith(id))).toEqual([`${id} *`]);
	});

	it('takes a record away that was never anywhere else, also from search and figures', async () => {
		const before = everything();
		await newIssue('Gone again');
		expect(await two.sam.ok('search.find', { text: 'Gone' })).toHaveLength(1);
		await two.sam.ok('outbox.undo', { group: await groupOf('Gone again') });
		expect(everything()).toEqual(before);
		expect(await two.sam.ok('search.find', { text: 'Gone' })).toHaveLength(0);
		const [account] = await two.sam.ok('accounts.list', {});
		expect(account?.open_issues).toBe(0);
		await newIssue('Next');
		await expectSettled();
	});

	it('is refused while a later change builds on it, and possible once that is taken back', async () => {
		const id = await newIssue('Base');
		await update(id, { priority: 'HIGH' });
		const refusal = await two.sam.refused('outbox.undo', { group: await groupOf('Base', 'New issue') });
		expect(refusal.code).toBe('cannot_undo');
		await two.sam.ok('outbox.undo', { group: await groupOf('Base', 'Issue changed') });
		await two.sam.ok('outbox.undo', { group: await groupOf('Base', 'New issue') });
		expect(await unsent()).toEqual([]);
	});

	it('goes back over a stretch of typing in one field to what was sent before', async () => {
		const id = await newIssue('Typed');
		await update(id, { root_cause: 'Column' });
		await two.settle();
		const before = everything();
		await update(id, { root_cause: 'Column H' });
		await update(id, { root_cause: 'Column H was skipped' });
		await two.sam.ok('outbox.undo', { group: await groupOf('Typed') });
		expect(everything()).toEqual(before);
		const lines = raw()
			.prepare("SELECT before, after, undone FROM history WHERE row_id = ? AND field = 'root_cause' ORDER BY id")
			.all(id);
		expect(lines).toEqual([
			{ before: null, after: '"Column"', undone: 0 },
			expect.objectContaining({ after: '"Column H was skipped"', undone: 1 }),
		]);
		await expectSettled();
	});

	it('shows what a colleague has set meanwhile, with the version it has at the office', async () => {
		const id = await newIssue('Shared');
		await two.settle();
		await two.specialist.ok('issues.update', { id, patch: { priority: 'LOW', due_date: '2026-12-05' } });
		await two.specialist.ok('sync.now', {});
		await update(id, { priority: 'HIGH' });
		await two.sam.ok('outbox.urgent', { group: await groupOf('Shared'), urgent: true });
		// Fetched while the edit is still here: a push that fails, and a fetch that does not.
		raw().prepare("UPDATE outbox SET sent_at = 'held' WHERE sent_at IS NULL").run();
		await two.sam.ok('sync.now', {});
		raw().prepare("UPDATE outbox SET sent_at = NULL WHERE sent_at = 'held'").run();
		expect((await two.sam.ok('issues.get', { id })).issue).toMatchObject({ priority: 'HIGH', due_date: '2026-12-05' });
		await two.sam.ok('outbox.undo', { group: await groupOf('Shared') });
		expect((await two.sam.ok('issues.get', { id })).issue.priority).toBe('LOW');
		const { records } = await two.server.serverTables();
		expect(everything().records[`issue ${id}`]).toEqual(records[`issue ${id}`]);
		const [line] = await two.sam.ok('history.list', { entity: 'issue', id });
		expect(line).toMatchObject({ label: 'Priority', after: 'Low', by_name: 'Ben Roth' });
		await expectSettled();
	});

	it('takes typing out of a note; its words stay in the history, reach nobody, and later typing arrives whole', async () => {
		const note = { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' } as const;
		const { id } = await two.sam.ok('notes.create', note);
		await write(two.sam, id, paragraph('Kept sentence.'));
		await two.settle();
		const state = (await two.sam.ok('notes.get', { id })).state;
		await write(two.sam, id, paragraph('Regretted sentence.'));
		const group = (await unsent())[0]?.group ?? 0;
		const regretted = (await two.sam.ok('notes.get', { id })).state;
		expect(regretted).not.toBe(state);
		await two.sam.ok('outbox.undo', { group });
		expect((await two.sam.ok('notes.get', { id })).note.body).toBe('Kept sentence.');
		expect(await unsent()).toEqual([]);
		expect((await two.sam.ok('sync.status', {})).unsent).toBe(0);
		await write(two.sam, id, paragraph('Later sentence.'));
		await expectSettled();
		const here = (await two.specialist.ok('notes.get', { id })).note.body ?? '';
		expect(here.split('\n').sort()).toEqual(['Kept sentence.', 'Later sentence.']);
		const { texts } = await two.server.serverTables();
		for (const update of texts[`note ${id} body`] ?? [])
			expect(Buffer.from(update, 'base64').toString('latin1')).not.toContain('Regretted');
		const kept = raw().prepare("SELECT after FROM history WHERE row_id = ? AND field = 'body'").pluck().all(id);
		expect(kept.join()).toContain('Regretted sentence.');
	});

	it('does not cut off an editor that is open on the note', async () => {
		const note = { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' } as const;
		const { id } = await two.sam.ok('notes.create', note);
		const editor = openEditor();
		await editor.type(id, 'First. ');
		await two.settle();
		await editor.type(id, 'Regretted. ');
		await two.sam.ok('outbox.undo', { group: (await unsent())[0]?.group ?? 0 });
		// The editor has not heard of it: what it sends next follows on what was taken back.
		await editor.type(id, 'Afterwards.');
		await expectSettled();
		const body = (await two.specialist.ok('notes.get', { id })).note.body;
		expect(body).toContain('First.');
		expect(body).toContain('Afterwards.');
		expect(body).not.toContain('Regretted');
	});

	it('takes a note’s making back once its typing has been', async () => {
		const before = everything();
		const note = { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1', title: 'Draft' } as const;
		const { id } = await two.sam.ok('notes.create', note);
		await write(two.sam, id, paragraph('Words.'));
		const [making, typing] = await unsent();
		expect((await two.sam.refused('outbox.undo', { group: making?.group })).code).toBe('cannot_undo');
		await two.sam.ok('outbox.undo', { group: typing?.group ?? 0 });
		await two.sam.ok('outbox.undo', { group: making?.group ?? 0 });
		expect(everything()).toEqual(before);
		await newIssue('Next');
		await expectSettled();
	});

	it('leaves the newest of what remains to the ordinary undo', async () => {
		const id = await newIssue('Mine');
		await update(id, { priority: 'HIGH' });
		await update(id, { due_date: '2026-12-01' });
		await two.sam.ok('outbox.undo', { group: (await unsent())[2]?.group ?? 0 });
		await two.sam.ok('undo.last', {});
		expect((await two.sam.ok('issues.get', { id })).issue).toMatchObject({ priority: 'NORMAL', due_date: null });
		await expectSettled();
	});
});

describe('taking back a change that the server may have already', () => {
	it('is an edit of its own, and cannot be done over a later one', async () => {
		const id = await newIssue('Handed over');
		await two.settle();
		await update(id, { priority: 'HIGH' });
		two.server.setFault({ kind: 'drop-reply', path: '/push', times: 1 });
		await two.sam.ok('sync.now', {});
		expect(await unsent()).toMatchObject([{ handedOver: true }]);
		await two.sam.ok('outbox.undo', { group: await groupOf('Handed over') });
		expect((await two.sam.ok('issues.get', { id })).issue.priority).toBe('NORMAL');
		await expectSettled();
		const { records } = await two.server.serverTables();
		expect(records[`issue ${id}`]?.v.priority).toBe('NORMAL');
		expect((await arrived()).filter((line) => line === `${id} priority`)).toHaveLength(2);
		expect(await two.sam.ok('conflicts.list', {})).toEqual([]);
	});
});

describe('the order of sending', () => {
	it('is what the person made it; what a change builds on comes along', async () => {
		const first = await newIssue('First');
		const second = await newIssue('Second');
		const third = await newIssue('Third');
		await update(third, { priority: 'HIGH' });
		await two.sam.ok('outbox.move', { group: await groupOf('Third', 'Issue changed'), before: await groupOf('First') });
		expect((await unsent()).map(({ title, label }) => `${title} ${label}`)).toEqual([
			'Third New issue',
			'Third Issue changed',
			'First New issue',
			'Second New issue',
		]);
		await two.sam.ok('outbox.move', { group: await groupOf('Third', 'New issue'), before: null });
		expect((await unsent()).map(({ title }) => title)).toEqual(['First', 'Second', 'Third', 'Third']);
		await two.sam.ok('outbox.move', { group: await groupOf('Second'), before: await groupOf('First') });
		await newIssue('Fourth');
		expect((await unsent()).map(({ title }) => title)).toEqual(['Second', 'First', 'Third', 'Third', 'Fourth']);
		await expectSettled();
		const made = (await arrived()).filter((line) => line.endsWith('*')).map((line) => line.split(' ')[0]);
		expect(made.slice(0, 3)).toEqual([second, first, third]);
	});

	it('leaves what the server may have already where it is', async () => {
		await newIssue('Out');
		two.server.setFault({ kind: 'drop-reply', path: '/push', times: 1 });
		await two.sam.ok('sync.now', {});
		await newIssue('Later');
		await two.sam.ok('outbox.move', { group: await groupOf('Later'), before: await groupOf('Out') });
		await two.sam.ok('outbox.move', { group: await groupOf('Out'), before: null });
		expect((await unsent()).map(({ title, handedOver }) => [title, handedOver])).toEqual([
			['Out', true],
			['Later', false],
		]);
		await expectSettled();
		const { records } = await two.server.serverTables();
		expect(Object.keys(records).filter((key) => key.startsWith('issue '))).toHaveLength(2);
	});

	it('keeps the numbers on the wire without a gap, whatever was taken back or moved', async () => {
		for (let index = 0; index < 6; index += 1) await newIssue(`N${index}`);
		await two.sam.ok('outbox.undo', { group: await groupOf('N2') });
		await two.sam.ok('outbox.move', { group: await groupOf('N5'), before: await groupOf('N0') });
		await two.sam.ok('outbox.urgent', { group: await groupOf('N4'), urgent: true });
		await expectSettled();
		const numbers = await two.server.store.db.selectFrom('push_group').select('no').orderBy('no').execute();
		expect(numbers.map(({ no }) => Number(no))).toEqual([1, 2, 3, 4, 5]);
	});
});

describe('an urgent change', () => {
	it('goes first with what it builds on, ahead of sixty others', async () => {
		for (let index = 0; index < 60; index += 1) await newIssue(`Queue ${index}`);
		const id = await newIssue('Escalation');
		await update(id, { priority: 'URGENT' });
		await two.sam.ok('outbox.urgent', { group: await groupOf('Escalation', 'Issue changed'), urgent: true });
		expect(await two.sam.ok('sync.status', {})).toMatchObject({ unsent: 62, urgent: 1 });
		expect((await unsent()).slice(0, 2).map(({ title, urgent }) => [title, urgent])).toEqual([
			['Escalation', false],
			['Escalation', true],
		]);
		expect(await two.sam.ok('sync.now', { what: 'urgent' })).toMatchObject({ unsent: 60, urgent: 0, state: 'unsent' });
		await two.specialist.ok('sync.now', {});
		expect((await two.specialist.ok('issues.list', {})).map(({ title, priority }) => [title, priority])).toEqual([
			['Escalation', 'URGENT'],
		]);
		await expectSettled();
	});

	it('stays urgent while its words are still being typed', async () => {
		const note = { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' } as const;
		const { id } = await two.sam.ok('notes.create', note);
		await write(two.sam, id, paragraph('Help'));
		const typing = (await unsent())[1];
		await two.sam.ok('outbox.urgent', { group: typing?.group ?? 0, urgent: true });
		await write(two.sam, id, paragraph('us.'));
		await newIssue('Other');
		expect((await two.sam.ok('sync.now', { what: 'urgent' })).unsent).toBe(1);
		expect((await unsent()).map(({ title }) => title)).toEqual(['Other']);
	});

	it('can be sent alone without being marked', async () => {
		await newIssue('One');
		const id = await newIssue('Two');
		await update(id, { priority: 'HIGH' });
		const status = await two.sam.ok('outbox.sendAlone', { group: await groupOf('Two', 'Issue changed') });
		expect(status).toMatchObject({ unsent: 1 });
		expect((await unsent()).map(({ title }) => title)).toEqual(['One']);
		expect((await two.sam.refused('outbox.sendAlone', { group: 9999 })).code).toBe('not_found');
		await expectSettled();
	});

	it('goes alone also when another one was told to a moment before', async () => {
		for (const title of ['One', 'Two', 'Three']) await newIssue(title);
		const groups = await Promise.all(['One', 'Two'].map((title) => groupOf(title)));
		await Promise.all(groups.map((group) => two.sam.ok('outbox.sendAlone', { group })));
		expect((await unsent()).map(({ title }) => title)).toEqual(['Three']);
	});
});

describe('a refused change', () => {
	it('that was set aside stays so when the server has gone back in time', async () => {
		const id = await newIssue('Good');
		await two.settle();
		await update(id, { priority: 'HIGH' });
		raw().prepare("UPDATE outbox_op SET op = json_set(op, '$.f.priority.v', 'SOMEHOW') WHERE pending = 1").run();
		await two.settle();
		const [change] = await unsent();
		await two.sam.ok('sync.dismiss', { group: change?.group ?? 0 });
		replayAfter(two.sam.core.store, 0);
		const waiting = raw().prepare("SELECT count(*) FROM outbox_op WHERE pending = 1 AND kind = 'set'").pluck();
		expect(waiting.get()).toBe(0);
		await two.settle();
		expect(await two.sam.ok('sync.status', {})).toMatchObject({ unsent: 0, refused: 0 });
	});

	it('is mended in place while the rest flows', async () => {
		const id = await newIssue('Good');
		await two.settle();
		await update(id, { priority: 'HIGH' });
		raw().prepare("UPDATE outbox_op SET op = json_set(op, '$.f.priority.v', 'SOMEHOW') WHERE pending = 1").run();
		await newIssue('Other');
		await two.settle();
		expect(await two.sam.ok('sync.status', {})).toMatchObject({ unsent: 0, refused: 1 });
		const [change] = await unsent();
		expect(change).toMatchObject({ refused: 'bad_value', fixable: true, title: 'Good' });
		const group = change?.group ?? 0;
		const refused = await two.sam.ok('outbox.refused', { group });
		expect(refused).toMatchObject({ entity: 'issue', row_id: id, reason: 'bad_value' });
		expect(refused.fields).toMatchObject([{ field: 'priority', value: 'SOMEHOW', standing: 'NORMAL' }]);
		expect(refused.fields[0]?.problem).toBeTruthy();
		expect((await two.sam.refused('outbox.fix', { group, values: { priority: 'NONE' } })).code).toBe('bad_input');
		await two.sam.ok('outbox.fix', { group, values: { priority: 'URGENT' } });
		await expectSettled();
		expect((await two.specialist.ok('issues.get', { id })).issue.priority).toBe('URGENT');
		expect(await two.sam.ok('conflicts.list', {})).toEqual([]);
	});

	it('that made a record is made again with all that was written in it since', async () => {
		const id = await newIssue('Misplaced');
		raw().prepare("UPDATE outbox_op SET op = json_set(op, '$.v.account_id', 'a-foreign') WHERE row_id = ?").run(id);
		await update(id, { priority: 'HIGH' });
		await two.settle();
		await update(id, { due_date: '2026-12-01' });
		const creation = (await unsent()).find(({ label }) => label === 'New issue');
		expect(creation?.fixable).toBe(true);
		await two.sam.ok('outbox.fix', { group: creation?.group ?? 0, values: { account_id: 'a-1' } });
		await expectSettled();
		const { issue } = await two.specialist.ok('issues.get', { id });
		expect(issue).toMatchObject({ title: 'Misplaced', priority: 'HIGH', due_date: '2026-12-01', account_id: 'a-1' });
		expect(
			Object.keys(readVersions(raw().prepare('SELECT fv FROM issue WHERE id = ?').pluck().get(id) as string)),
		).toEqual(['*']);
	});
});
