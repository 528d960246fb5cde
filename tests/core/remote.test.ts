import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { applyRemoteRow, applyRemoteText } from '../../db/apply-remote.ts';
import { beginUnit } from '../../db/unit.ts';
import type { PullRow } from '../../shared/sync/protocol.ts';
import { formatVersion } from '../../shared/sync/version.ts';
import { addAccount, startCore, type TestCore } from '../support/core.ts';

let test: TestCore;
let id: string;
beforeEach(async () => {
	test = await startCore();
	await addAccount(test);
	id = (await test.ok('issues.create', { account_id: 'a-1', title: 'Late receipt, Korea' })).id;
});
afterEach(() => test.stop());

const theirs = (counter: number) =>
	formatVersion({ ms: Date.parse('2026-11-24T10:00:00Z'), counter, device: 'special1' });

/** Applies lines as the pull does: one transaction, origin remote. */
function receive(work: (unit: ReturnType<typeof beginUnit>) => void): void {
	const { store } = test.core;
	const clock = { last: undefined, now: () => new Date('2026-11-24T12:00:00Z') };
	const unit = beginUnit({ store, clock, userId: 'u-sam', deviceShort: 'samlapt1', label: '', origin: 'remote' });
	store.raw.transaction(() => work(unit))();
}

function issueLine(
	values: Record<string, unknown>,
	versions: Record<string, string>,
	del: string | null = null,
): PullRow {
	const row = test.core.store.raw.prepare('SELECT * FROM issue WHERE id = ?').get(id) as Record<string, string>;
	const v = Object.fromEntries(
		Object.entries(row)
			.slice(7)
			.filter(([, value]) => value !== null),
	);
	const own = (row.fv ?? '').startsWith('{') ? JSON.parse(row.fv as string) : { '*': row.fv };
	return {
		seq: 9,
		t: 'issue',
		id,
		v: { ...v, ...values } as PullRow['v'],
		fv: JSON.stringify({ ...own, ...versions }),
		created_at: row.created_at as string,
		by: 'u-specialist',
		del,
	};
}

describe('what the server sends', () => {
	it('changes the fields nobody here has touched and keeps the ones with unsent edits', async () => {
		await test.ok('issues.update', { id, patch: { due_date: '2026-12-01' } });
		const line = issueLine(
			{ due_date: '2026-12-24', priority: 'URGENT' },
			{ due_date: theirs(1), priority: theirs(2) },
		);
		receive((unit) => applyRemoteRow(unit, line));
		expect((await test.ok('issues.get', { id })).issue).toMatchObject({ due_date: '2026-12-01', priority: 'URGENT' });
		// The unsent edit still names the base it was made on, so the server can see the clash.
		const op = test.core.store.raw.prepare("SELECT op FROM outbox_op WHERE kind = 'set'").pluck().get() as string;
		expect(JSON.parse(op).f.due_date.base).not.toBe(theirs(1));
	});

	it('says who changed what in the history', async () => {
		const now = '2026-11-24T09:00:00.000Z';
		test.core.store.raw
			.prepare(
				"INSERT INTO device (id, created_at, updated_at, fv, short, user_id) VALUES ('d2', ?, ?, '', 'special1', 'u-specialist')",
			)
			.run(now, now);
		receive((unit) => applyRemoteRow(unit, issueLine({ priority: 'URGENT' }, { priority: theirs(2) })));
		const [line] = await test.ok('history.list', { entity: 'issue', id });
		expect(line).toMatchObject({
			label: 'Priority',
			before: 'Normal',
			after: 'Urgent',
			by_name: 'Ben Roth',
			origin: 'remote',
		});
	});

	it('can arrive twice without a trace', async () => {
		const line = issueLine({ priority: 'URGENT' }, { priority: theirs(2) });
		receive((unit) => applyRemoteRow(unit, line));
		const before = (await test.ok('history.list', { entity: 'issue', id })).length;
		receive((unit) => applyRemoteRow(unit, line));
		expect((await test.ok('history.list', { entity: 'issue', id })).length).toBe(before);
	});

	it('keeps fields of a newer schema untouched and skips entities it does not know', async () => {
		const line = issueLine({ mood: 'stormy' }, { mood: theirs(1) });
		receive((unit) => {
			applyRemoteRow(unit, line);
			applyRemoteRow(unit, { ...line, t: 'weather', id: 'w1' });
		});
		expect(test.core.store.raw.prepare('SELECT x FROM issue WHERE id = ?').pluck().get(id)).toBe('{"mood":"stormy"}');
	});

	it('deletes and brings back', async () => {
		receive((unit) => applyRemoteRow(unit, issueLine({}, { status: theirs(1) }, '2026-11-24T10:00:00.000Z')));
		expect(await test.ok('issues.list', {})).toEqual([]);
		receive((unit) => applyRemoteRow(unit, issueLine({}, { status: theirs(2) })));
		expect(await test.ok('issues.list', {})).toHaveLength(1);
	});
});

describe('typing of somebody else', () => {
	it('merges with one’s own, may come before its note, and garbage is set aside', async () => {
		const doc = new Y.Doc();
		doc.getXmlFragment('default').insert(0, [new Y.XmlText('from the office')]);
		const y = Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64');
		const line = { seq: 1, t: 'note', field: 'body', by: 'u-specialist' };
		receive((unit) => {
			applyRemoteText(unit, { ...line, id: 'n-1', y, hlc: theirs(5) });
			applyRemoteText(unit, { ...line, id: 'n-1', y: Buffer.from('not yjs').toString('base64'), hlc: theirs(6) });
			applyRemoteRow(unit, {
				seq: 2,
				t: 'note',
				id: 'n-1',
				v: {
					account_id: 'a-1',
					parent_type: 'account',
					parent_id: 'a-1',
					at: '2026-11-24T10:00:00.000Z',
					author_id: 'u-specialist',
				},
				fv: theirs(4),
				created_at: '2026-11-24T10:00:00.000Z',
				by: 'u-specialist',
				del: null,
			});
		});
		const page = await test.ok('notes.get', { id: 'n-1' });
		expect(page.note.body).toBe('from the office');
		expect(page.damaged).toBe(true);
	});
});
