import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { addAccount, startCore, type TestCore } from '../support/core.ts';

let test: TestCore;
beforeEach(async () => {
	test = await startCore();
	await addAccount(test);
});
afterEach(() => test.stop());

const newIssue = (title = 'Cost centre missing on 14 invoices') =>
	test.ok('issues.create', { account_id: 'a-1', title, type: 'COMPLAINT', priority: 'HIGH' });

describe('a person edits', () => {
	it('creates an issue with owner, reference and status filled in', async () => {
		const { id } = await newIssue();
		const { issue, owner_name, unsent } = await test.ok('issues.get', { id });
		expect(issue).toMatchObject({ status: 'OPEN', owner_id: 'u-sam', priority: 'HIGH', deleted_at: null });
		expect(issue.ref_no).toMatch(/^I-[0-9A-Z]{2}-1$/);
		expect(owner_name).toBe('Ada Lind');
		expect(unsent).toBe(true);
	});

	it('keeps every acknowledged edit over a restart', async () => {
		const { id } = await newIssue();
		await test.ok('issues.update', { id, patch: { due_date: '2026-12-01', root_cause: 'Column H skipped' } });
		await test.reopen();
		const { issue } = await test.ok('issues.get', { id });
		expect(issue).toMatchObject({ due_date: '2026-12-01', root_cause: 'Column H skipped' });
	});

	it('writes row, outbox and history in one go, and nothing for an edit that changes nothing', async () => {
		const { id } = await newIssue();
		await test.ok('issues.update', { id, patch: { priority: 'URGENT' } });
		await test.ok('issues.update', { id, patch: { priority: 'URGENT' } });
		const history = await test.ok('history.list', { entity: 'issue', id });
		expect(history.map((line) => [line.label, line.before, line.after, line.by_name, line.sent])).toEqual([
			['Priority', 'High', 'Urgent', 'Ada Lind', false],
			['created', null, null, 'Ada Lind', false],
		]);
		const unsent = await test.ok('sync.unsent', {});
		expect(unsent.map((change) => change.label)).toEqual(['New issue', 'Issue changed']);
		expect(unsent[1]?.changes).toEqual([{ label: 'Priority', after: 'Urgent' }]);
	});

	it('numbers its groups without a gap', async () => {
		for (let index = 0; index < 5; index += 1) await newIssue(`Issue ${index}`);
		await test.refused('issues.update', { id: 'nothing', patch: { title: 'x' } });
		await newIssue('After a refusal');
		const groups = test.core.store.raw.prepare('SELECT group_no FROM outbox ORDER BY group_no').pluck().all();
		expect(groups).toEqual([1, 2, 3, 4, 5, 6]);
	});

	it('keeps the figures of the account list true', async () => {
		const { id } = await newIssue();
		await test.ok('issues.update', { id, patch: { priority: 'URGENT' } });
		expect(await test.ok('accounts.list', {})).toMatchObject([{ id: 'a-1', open_issues: 1, urgent_issues: 1 }]);
		await test.ok('issues.update', { id, patch: { status: 'CLOSED' } });
		expect(await test.ok('accounts.list', {})).toMatchObject([{ open_issues: 0, urgent_issues: 0 }]);
	});
});

describe('a text saved while it is typed', () => {
	it('is one line of history, one unsent change and one step of undo', async () => {
		const { id } = await newIssue();
		for (const root_cause of ['Column', 'Column H', 'Column H was skipped']) {
			await test.ok('issues.update', { id, patch: { root_cause } });
		}
		const history = await test.ok('history.list', { entity: 'issue', id });
		expect(history.map((line) => [line.label, line.before, line.after])).toEqual([
			['Root cause', null, 'Column H was skipped'],
			['created', null, null],
		]);
		const [, unsent] = await test.ok('sync.unsent', {});
		expect(unsent).toMatchObject({ count: 1, changes: [{ label: 'Root cause', after: 'Column H was skipped' }] });
		expect((await test.ok('sync.status', {})).unsent).toBe(2);
		await test.ok('undo.last', {});
		expect((await test.ok('issues.get', { id })).issue.root_cause).toBeNull();
	});

	it('is not joined with an edit of another field', async () => {
		const { id } = await newIssue();
		await test.ok('issues.update', { id, patch: { root_cause: 'A' } });
		await test.ok('issues.update', { id, patch: { remedy: 'B' } });
		await test.ok('issues.update', { id, patch: { root_cause: 'C' } });
		expect(await test.ok('history.list', { entity: 'issue', id })).toHaveLength(4);
	});
});

describe('what is refused', () => {
	it('names the field and the reason, and writes nothing', async () => {
		const error = await test.refused('issues.create', { account_id: 'a-1', title: '  ' });
		expect(error).toMatchObject({ code: 'bad_input', details: { problems: [{ field: 'title' }] } });
		expect(await test.ok('sync.unsent', {})).toEqual([]);
	});

	it('keeps the office fields read-only', async () => {
		const error = await test.refused('accounts.update', { id: 'a-1', patch: { name: 'Mine now' } });
		expect(error.code).toBe('bad_input');
		await test.ok('accounts.update', { id: 'a-1', patch: { priorities: 'Fewer late instructions' } });
		expect((await test.ok('accounts.get', { id: 'a-1' })).account).toMatchObject({
			priorities: 'Fewer late instructions',
		});
	});

	it('refuses days that do not exist and unknown fields', async () => {
		const { id } = await newIssue();
		expect((await test.refused('issues.update', { id, patch: { due_date: '2026-02-31' } })).code).toBe('bad_input');
		expect((await test.refused('issues.update', { id, patch: { owner: 'x' } })).code).toBe('bad_input');
	});

	it('answers unknown methods and records with a code', async () => {
		expect((await test.refused('issues.get', { id: 'none' })).code).toBe('not_found');
		expect((await test.refused('accounts.nonsense' as never, {})).code).toBe('unknown_method');
		expect((await test.refused('__proto__' as never, {})).code).toBe('unknown_method');
	});
});

describe('undo', () => {
	it('takes back an edit, a create and a delete, newest first', async () => {
		const { id } = await newIssue();
		await test.ok('issues.update', { id, patch: { title: 'Renamed' } });
		await test.ok('issues.delete', { id });
		expect(await test.ok('undo.last', {})).toMatchObject({ label: 'Issue deleted', row_id: id });
		expect((await test.ok('issues.get', { id })).issue).toMatchObject({ deleted_at: null, title: 'Renamed' });
		await test.ok('undo.last', {});
		expect((await test.ok('issues.get', { id })).issue.title).toBe('Cost centre missing on 14 invoices');
		await test.ok('undo.last', {});
		expect(await test.ok('issues.list', {})).toEqual([]);
		expect((await test.refused('undo.last', {})).code).toBe('nothing_to_undo');
	});

	it('does not take back the making of a note that has been written on', async () => {
		const { id } = await test.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
		const doc = new Y.Doc();
		doc.getXmlFragment('default').insert(0, [new Y.XmlElement('paragraph')]);
		await test.ok('notes.append', { id, update: Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64') });
		expect((await test.refused('undo.last', {})).code).toBe('cannot_undo');
		expect((await test.ok('notes.get', { id })).note.deleted_at).toBeNull();
	});

	it('does not take back the making of a record that somebody else has changed since', async () => {
		const { id } = await newIssue();
		test.core.store.raw
			.prepare(
				"INSERT INTO history (at, by, entity, row_id, field, origin, undone) VALUES ('2026-11-24T08:00:00.000Z', 'u-specialist', 'issue', ?, 'priority', 'remote', 0)",
			)
			.run(id);
		expect((await test.refused('undo.last', {})).code).toBe('cannot_undo');
		expect(await test.ok('issues.list', {})).toHaveLength(1);
	});

	it('takes back a visit with its whole checklist at once', async () => {
		await test.ok('visits.create', {
			account_id: 'a-1',
			purpose: 'Workshop',
			time_zone: 'Europe/Zurich',
			local_start: '2026-11-24T09:00',
			local_end: '2026-11-24T16:00',
		});
		expect((await test.ok('visits.list', { past: true }))[0]?.checklist_total).toBeGreaterThan(4);
		await test.ok('undo.last', {});
		expect(await test.ok('visits.list', { past: true })).toEqual([]);
	});
});

describe('visits', () => {
	it('keeps the wall time at the site when the zone changes, and refuses an end before the start', async () => {
		const { id } = await test.ok('visits.create', {
			account_id: 'a-1',
			purpose: 'Review',
			time_zone: 'Europe/Zurich',
			local_start: '2026-11-24T09:00',
			local_end: '2026-11-24T10:00',
		});
		expect((await test.ok('visits.get', { id })).visit.starts_at).toBe('2026-11-24T08:00:00.000Z');
		await test.ok('visits.update', { id, patch: { time_zone: 'Asia/Tokyo' } });
		expect((await test.ok('visits.get', { id })).visit).toMatchObject({
			starts_at: '2026-11-24T00:00:00.000Z',
			local_start: '2026-11-24T09:00',
		});
		const error = await test.refused('visits.update', { id, patch: { local_end: '2026-11-24T08:00' } });
		expect(error.details?.problems?.[0]?.field).toBe('local_end');
		for (const local_start of ['soon', '2026-11-24', '2026-02-30T09:00', '2026-11-24T25:00']) {
			const { code, details } = await test.refused('visits.update', { id, patch: { local_start } });
			expect([code, details?.problems?.[0]?.field]).toEqual(['bad_input', 'local_start']);
		}
	});
});

describe('search', () => {
	it('finds by word beginnings, without accents, and never chokes on quotes or operators', async () => {
		await newIssue('Späte Zahlung für Universität');
		expect(await test.ok('search.find', { text: 'spate zahl' })).toMatchObject([{ entity: 'issue' }]);
		for (const text of ['"', '*', 'a AND', 'NEAR(', "o'brien", '-', '(']) await test.ok('search.find', { text });
	});
});

describe('indexing imported rows', () => {
	it('that fails, as on a full disk, leaves the core at work and the run queued', { timeout: 10_000 }, async () => {
		const { raw } = test.core.store;
		raw.prepare("INSERT INTO search_pending (entity, from_id, to_id) VALUES ('no_such_table', 'a', 'b')").run();
		await new Promise((resolve) => setTimeout(resolve, 1800));
		await newIssue();
		expect(raw.prepare('SELECT count(*) FROM search_pending').pluck().get()).toBe(1);
	});
});
