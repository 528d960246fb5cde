import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyRemoteRow, finishLanes } from '../../db/apply-remote.ts';
import { updateFigures } from '../../db/figures.ts';
import { beginBulk, noteBulk } from '../../db/insert-received.ts';
import { indexNextRun } from '../../db/search-index.ts';
import { beginUnit, type Unit } from '../../db/unit.ts';
import type { PullRow } from '../../shared/sync/protocol.ts';
import { formatVersion } from '../../shared/sync/version.ts';
import { startCore, type TestCore } from '../support/core.ts';

let one: TestCore;
let many: TestCore;
beforeEach(async () => {
	one = await startCore();
	many = await startCore();
});
afterEach(async () => {
	await one.stop();
	await many.stop();
});

const clock = { last: undefined, now: () => new Date('2026-11-24T12:00:00Z') };

function unitOf({ core }: TestCore): Unit {
	return beginUnit({ store: core.store, clock, userId: 'u-sam', deviceShort: 'samlapt1', label: '', origin: 'remote' });
}

const version = (counter: number) =>
	formatVersion({ ms: Date.parse('2026-11-24T10:00:00Z'), counter, device: 'office01' });

/** Records of every shape: with and without their optional fields, deleted, of newer versions, with typing to come. */
function lines(count: number): PullRow[] {
	const rest = { created_at: '2026-11-23T00:00:00.000Z', by: 'u-specialist' };
	return Array.from({ length: count }, (_, n): PullRow[] => {
		const account = `a-${n % 3}`;
		const base = { seq: n, fv: version(n), ...rest };
		const issue = {
			account_id: account,
			ref_no: `I-${n}`,
			title: `Überfällige Gebühr ${n}`,
			type: n % 7 === 0 ? 'NEW_KIND' : 'QUERY',
			status: n % 5 === 0 ? 'CLOSED' : 'OPEN',
			priority: n % 4 === 0 ? 'URGENT' : 'LOW',
			owner_id: 'u-sam',
			...(n % 3 === 0 ? { due_date: '2026-12-01', remedy: null } : {}),
			...(n % 11 === 0 ? { mood: { of: ['the', 'day'] } } : {}),
		};
		const contact = { account_id: account, full_name: `Jo ${n}`, authorised_to_instruct: n % 2 === 0 };
		const fee = {
			account_id: account,
			asset_id: `p-${n}`,
			status: 'OPEN',
			client_cutoff: '2027-01-05',
			official_fee: '470.5',
		};
		return [
			{ ...base, t: 'issue', id: `i-${n}`, v: issue, del: n % 13 === 0 ? '2026-11-24T00:00:00.000Z' : null },
			{ ...base, t: 'contact', id: `c-${n}`, v: contact, del: null },
			{
				...base,
				t: 'patent_asset',
				id: `p-${n}`,
				v: { account_id: account, app_no: `EP ${n} 334`, watch: true },
				del: null,
			},
			{ ...base, t: 'renewal_event', id: `r-${n}`, v: fee, del: null },
			{ ...base, t: 'weather', id: `w-${n}`, v: {}, del: null },
		];
	}).flat();
}

function apply(core: TestCore, all: readonly PullRow[], isBulk: boolean): void {
	const { store } = core.core;
	store.raw.transaction(() => {
		const unit = unitOf(core);
		const bulk = isBulk ? beginBulk() : undefined;
		for (const line of all) applyRemoteRow(unit, line, { bulk });
		finishLanes(unit, { bulk });
		if (bulk) noteBulk(unit, bulk);
		updateFigures(unit);
	})();
}

/** What is done afterwards, as the laptop does it between other work. */
function catchUp(core: TestCore): void {
	const { store } = core.core;
	store.raw.transaction(() => {
		while (indexNextRun(store));
		const unit = unitOf(core);
		for (const account of store.statement('SELECT account_id FROM figure_stale').pluck().all())
			unit.staleFigures.add(account as string);
		store.statement('DELETE FROM figure_stale').run();
		updateFigures(unit);
	})();
}

function dump({ core }: TestCore): Record<string, unknown[]> {
	const { raw } = core.store;
	const tables = [
		'issue',
		'contact',
		'patent_asset',
		'renewal_event',
		'account_figure',
		'history',
		'figure_stale',
		'search_pending',
	];
	const all = tables.map((table) => [table, raw.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()] as const);
	const indexed = raw.prepare('SELECT entity, row_id, account_id FROM search_doc ORDER BY row_id').all();
	return { ...Object.fromEntries(all), indexed };
}

const found = async (core: TestCore, text: string) => JSON.stringify(await core.ok('search.find', { text }));

describe('records that come by the hundred', () => {
	it('are the same as if they had come one by one', async () => {
		const all = lines(150);
		apply(one, all, false);
		apply(many, all, true);
		catchUp(many);
		expect(dump(many)).toEqual(dump(one));
		for (const text of ['überfällige 77', 'Jo 3', 'EP 12 334']) {
			expect(await found(many, text)).toBe(await found(one, text));
			expect(await found(one, text)).not.toBe('[]');
		}
	});

	it('may be known already, in part, and may come twice', async () => {
		const all = lines(60);
		const changed = all.map((line, n) =>
			n % 3 === 0 ? { ...line, fv: version(5000 + n), v: { ...line.v, x_new: n } } : line,
		);
		for (const isBulk of [false, true]) {
			const core = isBulk ? many : one;
			apply(
				core,
				all.filter((_, n) => n % 2 === 0),
				false,
			);
			apply(core, all, isBulk);
			apply(core, changed, isBulk);
			apply(core, changed, isBulk);
			catchUp(core);
		}
		const strip = (rows: Record<string, unknown[]>) => ({ ...rows, history: rows.history?.length });
		expect(strip(dump(many))).toEqual(strip(dump(one)));
	});

	it('are indexed a few at a time', () => {
		apply(many, lines(400), true);
		const { store } = many.core;
		const indexed = () => store.statement('SELECT count(*) FROM search_doc').pluck().get() as number;
		for (let before = indexed(); store.raw.transaction(() => indexNextRun(store))(); before = indexed())
			expect(indexed() - before).toBeLessThanOrEqual(150);
		expect(indexed()).toBe(400 * 3 - Math.ceil(400 / 13));
	});
});

describe('a record that went to another account', () => {
	it('is found on the one it is on now', async () => {
		const [issue] = lines(1).filter((line) => line.t === 'issue');
		if (!issue) throw new Error('There is no issue among the lines.');
		const unit = unitOf(one);
		applyRemoteRow(unit, { ...issue, del: null });
		applyRemoteRow(unit, { ...issue, del: null, fv: version(1), v: { ...issue.v, account_id: 'a-9' } });
		const found = await one.ok('search.find', { text: 'Überfällige' });
		expect(found.map((hit) => hit.account_id)).toEqual(['a-9']);
	});
});
