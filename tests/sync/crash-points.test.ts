import { afterEach, beforeEach, expect, it } from 'vitest';
import { CRASH_POINTS, type CrashPoint } from '../../electron/core/sync/crash-points.ts';
import { startCore, type TestCore } from '../support/core.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { syncRecords } from '../support/sync-records.ts';
import { paragraph, write } from '../support/typing.ts';

let server: TestServer;
beforeEach(async () => {
	server = await startTestServer({ records: syncRecords });
});
afterEach(() => server.stop());

class Death extends Error {}

/** A laptop that dies at a point: whatever is under way ends there, and nothing it does afterwards counts. */
async function startMortal(userId: string, token: string) {
	let at: CrashPoint | undefined;
	let deaths = 0;
	const laptop: TestCore = await startCore({
		userId,
		server: { url: server.url, token },
		crashPoint: (point) => {
			if (point !== at) return;
			at = undefined;
			deaths += 1;
			throw new Death(point);
		},
	});
	return {
		laptop,
		dieAt: (point: CrashPoint) => {
			at = point;
		},
		deaths: () => deaths,
	};
}

it.each(CRASH_POINTS)(
	'a laptop that dies at %s loses nothing, doubles nothing, and its receipts count right',
	async (point) => {
		const { laptop, dieAt, deaths } = await startMortal('u-sam', 'dev-sam');
		const other = await startCore({ userId: 'u-specialist', server: { url: server.url, token: 'dev-specialist' } });
		await laptop.ok('sync.now', {});
		await other.ok('sync.now', {});
		await other.ok('issues.create', { account_id: 'a-1', title: 'From the office' });
		await other.ok('sync.now', {});
		const titles = ['First', 'Second'];
		dieAt(point);
		const made: string[] = [];
		for (const title of titles) {
			const result = await laptop.core.call('issues.create', { account_id: 'a-1', title });
			if (result.ok) made.push(title);
		}
		const note = { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' } as const;
		const { id } = await laptop.ok('notes.create', note);
		await write(laptop, id, paragraph('Typed.'));
		await laptop.ok('sync.now', {});
		expect(deaths()).toBe(1);
		await laptop.reopen();
		for (const device of [laptop, other, laptop, other]) await device.ok('sync.now', {});
		// An edit that was never answered may have been committed; one that was answered must have been.
		const shown = async (device: TestCore) =>
			(await device.ok('issues.list', {}))
				.map(({ title }) => title)
				.filter((title) => title !== 'Late invoice')
				.sort();
		const found = await shown(other);
		const lost = made.filter((title) => !found.includes(title));
		expect(lost).toEqual([]);
		expect(new Set(found).size).toBe(found.length);
		expect(await shown(laptop)).toEqual(found);
		expect((await other.ok('notes.get', { id })).note.body).toBe('Typed.');
		expect(await laptop.ok('conflicts.list', {})).toEqual([]);
		expect(await laptop.ok('sync.status', {})).toMatchObject({ state: 'acknowledged', unsent: 0, refused: 0 });
		const receipts = await laptop.ok('receipts.list', {});
		const own = found.filter((title) => titles.includes(title)).length + 2;
		expect(receipts.reduce((sum, { sent }) => sum + sent, 0)).toBe(own);
		await laptop.stop();
		await other.stop();
	},
);
