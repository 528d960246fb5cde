import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCore } from '../support/core.ts';
import type { FaultKind } from '../support/server-faults.ts';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';

let two: TwoDevices;
beforeEach(async () => {
	two = await startTwoDevices();
});
afterEach(() => two.stop());

const newIssue = (title: string) => two.sam.ok('issues.create', { account_id: 'a-1', title });
const titles = async () => (await two.specialist.ok('issues.list', {})).map((issue) => issue.title).sort();

const faults: [FaultKind, string][] = [
	['down', 'unreachable'],
	['status500', 'not_our_server'],
	['html', 'not_our_server'],
	['half', 'bad_reply|unreachable'],
	['drop-reply', 'unreachable'],
];

describe('a network that fails', () => {
	it.each(faults)('%s: says offline, keeps the work, and sends it once when it is over', async (kind, problem) => {
		await newIssue('Before');
		two.server.setFault(kind);
		const status = await two.sam.ok('sync.now', {});
		expect(status).toMatchObject({ state: 'offline', unsent: 1 });
		expect(status.problem).toMatch(new RegExp(problem));
		await newIssue('During');
		two.server.setFault(null);
		await two.settle();
		expect(await two.sam.ok('sync.status', {})).toMatchObject({ state: 'acknowledged', unsent: 0, problem: null });
		expect(await titles()).toEqual(['Before', 'During']);
	});

	it.each(['half', 'drop-reply'] as FaultKind[])(
		'a push whose answer is lost (%s) is not applied twice',
		async (kind) => {
			const { id } = await newIssue('Once');
			await two.sam.ok('issues.update', { id, patch: { priority: 'URGENT' } });
			two.server.setFault({ kind, path: '/push', times: 1 });
			expect((await two.sam.ok('sync.now', {})).state).toBe('offline');
			await two.settle();
			expect(await titles()).toEqual(['Once']);
			expect(await two.sam.ok('conflicts.list', {})).toEqual([]);
			const { records } = await two.server.serverTables();
			expect(Object.keys(records).filter((key) => key.startsWith('issue '))).toHaveLength(1);
		},
	);

	it('a page cut short is thrown away whole and fetched again', async () => {
		for (let index = 0; index < 30; index += 1) await newIssue(`Issue ${index}`);
		await two.sam.ok('sync.now', {});
		two.server.setFault({ kind: 'half', path: '/pull', times: 1 });
		await two.specialist.ok('sync.now', {});
		expect(await titles()).toEqual([]);
		await two.settle();
		expect(await titles()).toHaveLength(30);
	});

	it('working offline on purpose sends nothing until switched back', async () => {
		expect(await two.sam.ok('sync.pause', { paused: true })).toMatchObject({ state: 'paused', paused: true });
		await newIssue('Quiet');
		expect(await two.sam.ok('sync.now', {})).toMatchObject({ state: 'paused', unsent: 1 });
		await two.sam.ok('sync.pause', { paused: false });
		await two.settle();
		expect(await titles()).toEqual(['Quiet']);
	});
});

describe('what the server refuses', () => {
	it('does not hold up the rest and says why', async () => {
		const { id } = await newIssue('Good');
		two.sam.core.store.raw
			.prepare("UPDATE outbox_op SET op = json_set(op, '$.v.account_id', 'a-foreign') WHERE row_id = ?")
			.run(id);
		await newIssue('Also good');
		await two.settle();
		expect(await titles()).toEqual(['Also good']);
		expect(await two.sam.ok('sync.status', {})).toMatchObject({ unsent: 0, refused: 1 });
		const [change] = await two.sam.ok('sync.unsent', {});
		expect(change).toMatchObject({ refused: 'no_access', title: 'Good' });
		await two.sam.ok('sync.dismiss', { group: change?.group ?? 0 });
		expect(await two.sam.ok('sync.status', {})).toMatchObject({ unsent: 0, refused: 0 });
	});
});

describe('a copied profile', () => {
	it('goes on as a device of its own, and neither copy swallows the other’s edits', async () => {
		await newIssue('Original');
		await two.settle();
		await two.sam.core.store.raw.pragma('wal_checkpoint(TRUNCATE)');
		const file = join(two.specialist.folder, 'copy.db');
		copyFileSync(two.sam.file, file);
		const copy = await startCore({ file, userId: 'u-sam', server: { url: two.server.url, token: 'dev-sam' } });
		await copy.ok('issues.create', { account_id: 'a-1', title: 'From the copy' });
		await newIssue('From the original');
		await copy.ok('sync.now', {});
		await two.settle();
		await copy.ok('sync.now', {});
		await two.settle();
		expect(await titles()).toEqual(['From the copy', 'From the original', 'Original']);
		await copy.stop();
	});
});
