import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { seedStore } from '../../build/seed.ts';
import { noteFigures, updateFigures } from '../../db/figures.ts';
import { openStore, type Store } from '../../db/open-store.ts';
import { beginUnit } from '../../db/unit.ts';
import { createCore } from '../../electron/core/core.ts';
import { openSample, workspacePaths } from '../../electron/main/vault/vault.ts';
import { SEED_SIZES } from '../../shared/domain/sample/seed-plan.ts';
import { type SeedRow, seedRows } from '../../shared/domain/sample/seed-rows.ts';
import { type EntityName, getEntity } from '../../shared/entities/registry.ts';
import { createSchema } from '../../shared/entities/schema.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-seed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tiny = { accounts: 3, assets: 120, renewals: 1200, authored: 150 };
const request = { size: tiny, seed: 7, today: '2026-11-23' };
const seed = (name: string, change = {}) => seedStore({ ...request, ...change, out: path.join(folder, name) });

/** A seeded workspace as the app finds it. */
function opened(name: string): { file: string; keyHex: string } {
	const paths = workspacePaths(path.join(folder, name));
	const vault = openSample(paths, true);
	if (vault?.state !== 'key') throw new Error('The sample did not open.');
	return { file: paths.store, keyHex: vault.key.toString('hex') };
}

describe('seed rows', () => {
	it('are valid records with ids once', () => {
		const schemas = new Map<EntityName, ReturnType<typeof createSchema>>();
		const ids = new Set<string>();
		for (const { t, id, v } of seedRows(request)) {
			const schema = schemas.get(t) ?? createSchema(getEntity(t).fields);
			schemas.set(t, schema);
			const checked = schema.safeParse(v);
			if (!checked.success) throw new Error(`${t}: ${JSON.stringify(v)}: ${checked.error.message}`);
			ids.add(id);
		}
		const all: SeedRow[] = [...seedRows(request)];
		expect(ids.size).toBe(all.length);
	});

	it('come in the sizes that were asked', () => {
		const counts: Record<string, number> = {};
		for (const { t } of seedRows({ ...request, size: SEED_SIZES.small })) counts[t] = (counts[t] ?? 0) + 1;
		expect(counts).toMatchObject({ account: 5, patent_asset: 2000 });
		expect(Math.abs((counts.renewal_event ?? 0) - 20_000)).toBeLessThan(400);
		const { account: _a, patent_asset: _p, renewal_event: _r, app_user: _u, ...authored } = counts;
		expect(Math.abs(Object.values(authored).reduce((sum, count) => sum + count, 0) - 2000)).toBeLessThan(100);
	});
});

describe('a seeded store', () => {
	const first = seed('a');

	it('has the same content for the same seed and another for another', () => {
		expect(seed('b').hash).toBe(first.hash);
		expect(seed('c', { seed: 8 }).hash).not.toBe(first.hash);
		expect(seed('d', { today: '2026-11-24' }).hash).not.toBe(first.hash);
	});

	it('is encrypted and opened by the sample key only', () => {
		const { file, keyHex } = opened('a');
		const bytes = readFileSync(file);
		expect(bytes.subarray(0, 15).toString('latin1')).not.toBe('SQLite format 3');
		expect(bytes.includes('Brandt')).toBe(false);
		expect(() => openStore({ file, keyHex: 'ab'.repeat(32) })).toThrow();
		openStore({ file, keyHex }).close();
	});

	it('has the figures that the write path would keep', () => {
		const store = openStore(opened('a'));
		try {
			const before = figures(store);
			const now = () => new Date('2026-11-23T12:00:00Z');
			const unit = beginUnit({
				store,
				clock: { last: undefined, now },
				userId: 'u-sam',
				deviceShort: 'x0000000',
				label: '',
				origin: 'remote',
			});
			for (const { account_id } of before) noteFigures(unit, 'renewal_event', account_id);
			for (const { account_id } of before) noteFigures(unit, 'issue', account_id);
			store.raw.transaction(() => updateFigures(unit))();
			expect(figures(store)).toEqual(before);
			expect(before.reduce((sum, row) => sum + row.assets, 0)).toBe(120);
		} finally {
			store.close();
		}
	});

	it('opens in core without a server, with people, notes and search in place', async () => {
		const core = await createCore({
			...opened('a'),
			sample: true,
			deviceName: 'test',
			appVersion: '0',
			autoSync: false,
		});
		try {
			const value = async (method: string, input: unknown) => {
				const result = await core.call(method, input);
				if (!result.ok) throw new Error(`${method}: ${result.error.message}`);
				return result.value as never;
			};
			expect(await value('app.info', {})).toMatchObject({ user: { id: 'u-sam', name: 'Ada Lindgren' }, sample: true });
			expect(await value('accounts.list', {})).toHaveLength(3);
			expect(((await value('search.find', { text: 'Brandt' })) as unknown[]).length).toBeGreaterThan(0);
			const notes: { id: string; excerpt: string }[] = await value('notes.list', {
				parent_type: 'account',
				parent_id: 'acc-brandt',
			});
			expect(notes.length).toBeGreaterThan(3);
			const page: { state: string; damaged: boolean } = await value('notes.get', { id: notes[0]?.id });
			expect(page.damaged).toBe(false);
			expect(page.state.length).toBeGreaterThan(50);
			expect(notes[0]?.excerpt.length).toBeGreaterThan(20);
			expect(await value('sync.unsent', {})).toEqual([]);
		} finally {
			await core.close();
		}
	});
});

function figures(store: Store) {
	return store.raw.prepare('SELECT * FROM account_figure ORDER BY account_id').all() as {
		account_id: string;
		assets: number;
	}[];
}
