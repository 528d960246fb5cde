import { afterEach, beforeEach, expect, it } from 'vitest';
import { reassign } from '../../server/admin/reassign.ts';
import { startCore, type TestCore } from '../support/core.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { syncRecords } from '../support/sync-records.ts';
import { paragraph, write } from '../support/typing.ts';

let server: TestServer;
let sam: TestCore;
let specialist: TestCore;

beforeEach(async () => {
	server = await startTestServer({
		records: syncRecords,
		accounts: { 'u-sam': ['a-1'], 'u-specialist': ['a-2'] },
	});
	const laptop = (user: string) =>
		startCore({ userId: `u-${user}`, server: { url: server.url, token: `dev-${user}` } });
	[sam, specialist] = [await laptop('sam'), await laptop('specialist')];
	for (const one of [sam, specialist]) await one.ok('sync.now', {});
});
afterEach(async () => {
	await sam.stop();
	await specialist.stop();
	await server.stop();
});

it('late work is told record by record in words, in one hand-over however many rounds it came in', async () => {
	await sam.ok('issues.update', { id: 'i-1', patch: { title: 'Late words', priority: 'HIGH' } });
	const note = await sam.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
	await write(sam, note.id, paragraph('What was said.'));
	const made = await sam.ok('issues.create', { account_id: 'a-1', title: 'Made late' });
	await sam.ok('visits.delete', { id: 'v-1' });
	await reassign(server.store.db, { account: 'a-1', from: 'u-sam', to: 'u-specialist', by: null }, new Date());
	// It comes in crumbs, as over a bad network.
	for (const { group } of await sam.ok('sync.unsent', {})) await sam.core.call('outbox.sendAlone', { group });
	await sam.ok('sync.now', {});
	await specialist.ok('sync.now', {});
	const [tray, ...others] = await specialist.ok('handovers.list', {});
	expect(others).toEqual([]);
	expect(tray).toMatchObject({
		account_name: 'Norrland Turbines',
		from_name: 'Sam Rivers',
		kind: 'APPLIED',
		mine: false,
	});
	const told = Object.fromEntries((tray?.records ?? []).map((record) => [record.id, record]));
	expect(told['i-1']).toMatchObject({
		...{ kind: 'Issue', done: 'changed', title: 'Late words' },
		fields: [
			{ label: 'Title', value: 'Late words' },
			{ label: 'Priority', value: 'High' },
		],
	});
	expect(told[note.id]).toMatchObject({
		kind: 'Note',
		done: 'new',
		fields: [{ label: 'Text', value: 'What was said.' }],
	});
	expect(told[made.id]).toMatchObject({ kind: 'Issue', done: 'new', title: 'Made late', fields: [] });
	expect(told['v-1']).toMatchObject({ kind: 'Visit', done: 'deleted', fields: [] });
	await specialist.ok('handovers.take', { id: tray?.id ?? '' });
	await specialist.ok('sync.now', {});
	expect(await specialist.ok('handovers.list', {})).toEqual([]);
});

it('work that was held back is told with what it says, without ids', async () => {
	await sam.ok('issues.create', { account_id: 'a-2', title: 'Not mine', priority: 'HIGH' }).catch(() => undefined);
	await sam.ok('sync.now', {});
	await specialist.ok('sync.now', {});
	const [tray] = await specialist.ok('handovers.list', {});
	expect(tray).toMatchObject({ kind: 'HELD', reasons: ['no_access'] });
	const [record] = tray?.records ?? [];
	expect(record).toMatchObject({ done: 'new', title: 'Not mine' });
	expect(record?.fields).toContainEqual({ label: 'Priority', value: 'High' });
	expect(JSON.stringify(record?.fields)).not.toMatch(/a-2|u-sam/);
});
