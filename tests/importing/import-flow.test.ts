import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAccount, startCore, type TestCore } from '../support/core.ts';
import { dataFolder, tempFolder } from './support.ts';

const folder = tempFolder();
let test: TestCore;
const account_id = 'a-1';

beforeAll(async () => {
	test = await startCore();
	await addAccount(test, account_id);
});
afterAll(async () => {
	await test.stop();
	folder.remove();
});

let tokens = 0;
function choose(path: string): string {
	const token = `t${++tokens}`;
	test.core.registerFile(token, path);
	return token;
}

const all = (sql: string, ...values: unknown[]) =>
	test.core.store.raw.prepare(sql).all(...values) as Record<string, unknown>[];
const living = (table: string) => Number(all(`SELECT count(*) AS n FROM ${table} WHERE deleted_at IS NULL`)[0]?.n);

async function importText(text: string) {
	const file = choose(folder.path(`f${tokens}.csv`, text));
	const preview = await test.ok('imports.preview', { file, account_id });
	const result = await test.ok('imports.commit', { file, account_id, settings: preview.settings });
	return { file, preview, result };
}

const portfolio = [
	'Our ref;Land;Anmeldenummer;Titel;Anmeldetag;Jahresgebühr;Fälligkeit;Amtsgebühr (EUR);Status',
	'R-1;DE;10 2012 019 863.9;Flügel;11.10.2012;15;31.10.2026;1.060,00;erteilt',
	'R-2;EP;15150367.9;Pumpe;07.01.2015;12;31.01.2028;1.740,00;erteilt',
	'R-3;FR;0950012;Schall;32.01.2009;18;31.01.2027;600,00;erteilt',
].join('\r\n');

describe('an import', () => {
	it('writes nothing before it is confirmed; then cases and renewals; one undo removes them', async () => {
		const before = living('patent_asset');
		const file = choose(folder.path('portfolio.csv', portfolio));
		const preview = await test.ok('imports.preview', { file, account_id });
		expect(preview).toMatchObject({ rows: 3, ready: 2, rejected: 1, remembered: false });
		expect(living('patent_asset')).toBe(before);
		expect(living('import_batch')).toBe(0);

		const result = await test.ok('imports.commit', { file, account_id, settings: preview.settings });
		expect(result).toMatchObject({
			rows: 3,
			assets: 2,
			renewals: 2,
			rejected: 1,
			rejects: [{ row: 4, value: '32.01.2009' }],
		});
		const [asset] = all('SELECT * FROM patent_asset WHERE client_ref = ?', 'R-1');
		expect(asset).toMatchObject({
			account_id,
			country: 'DE',
			app_no: '10 2012 019 863.9',
			match_key: 'DE|A|102012019863',
			title: 'Flügel',
			filing_date: '2012-10-11',
			status: 'GRANTED',
			source_row: 2,
			import_batch_id: result.batchId,
		});
		expect(all('SELECT * FROM renewal_event WHERE asset_id = ?', asset?.id)).toMatchObject([
			{ fee_no: '15', due_date: '2026-10-31', official_fee: 10_600_000, currency: 'EUR', account_id },
		]);
		expect(await test.ok('imports.list', { account_id })).toMatchObject([
			{ id: result.batchId, status: 'COMMITTED', rows_ok: 2, rows_rejected: 1, undoable: true },
		]);

		expect(await test.ok('imports.undo', { batchId: result.batchId })).toEqual({ removed: 4 });
		expect(living('patent_asset')).toBe(before);
		expect(living('renewal_event')).toBe(0);
		expect(await test.ok('imports.list', { account_id })).toMatchObject([{ status: 'ROLLED_BACK', undoable: false }]);
		expect((await test.refused('imports.undo', { batchId: result.batchId })).code).toBe('cannot_undo');
	});

	it('is undone with tombstones when a case of it was written on: that edit keeps a record to belong to', async () => {
		const { result } = await importText('Case,Title\nW-1,Valve\nW-2,Pump\n');
		const [asset] = all('SELECT id FROM patent_asset WHERE client_ref = ?', 'W-1');
		await test.ok('assets.update', { id: String(asset?.id), patch: { sam_note: 'Ask Priya' } });
		expect(await test.ok('imports.undo', { batchId: result.batchId })).toEqual({ removed: 2 });
		const [kept] = all('SELECT deleted_at, sam_note FROM patent_asset WHERE id = ?', asset?.id);
		expect(kept).toMatchObject({ deleted_at: expect.any(String), sam_note: 'Ask Priya' });
	});

	it('remembers a confirmed mapping for the next file with these columns, and says that a file came before', async () => {
		const text = 'Case,Odd name,Filing date\nM-1,EP 99403122.7,03/04/2015\n';
		const file = choose(folder.path('odd.csv', text));
		const first = await test.ok('imports.preview', { file, account_id });
		const settings = {
			...first.settings,
			mapping: ['patent_asset.client_ref', 'patent_asset.app_no', 'patent_asset.filing_date'],
			dateStyles: { 2: 'mdy' as const },
		};
		await test.ok('imports.commit', { file, account_id, settings });
		const again = await test.ok('imports.preview', { file, account_id });
		expect(again.warnings[0]).toMatch(/This very file was imported/);
		expect(again.warnings.join('\n')).toMatch(/already has \(row 2\)/);
		const next = choose(folder.path('odd2.csv', text.replace('M-1', 'M-2')));
		const second = await test.ok('imports.preview', { file: next, account_id });
		expect(second).toMatchObject({
			remembered: true,
			settings: { mapping: settings.mapping, dateStyles: { 2: 'mdy' } },
		});
		expect(second.columns[1]).toMatchObject({ target: 'patent_asset.app_no', confidence: 1 });
	});

	it('makes one case of rows that differ only in their renewal', async () => {
		const { result } = await importText(
			'Case,Country,Annuity,Due date\nG-1,DE,3,2027-01-31\nG-1,DE,4,2028-01-31\nG-2,DE,3,2027-05-31\n',
		);
		expect(result).toMatchObject({ rows: 3, assets: 2, renewals: 3 });
	});

	it('saves rejected rows with row, field, reason and the row itself, formulas disarmed', async () => {
		const { file } = await importText('Case,Title,Filing date\n=1+1,"a, b",soon\nS-2,c,2015-01-01\n');
		const target = join(folder.path('x', ''), '..', 'rejects.csv');
		expect(await test.ok('imports.saveRejects', { file, target: choose(target) })).toEqual({ rows: 1 });
		expect(readFileSync(target, 'utf8')).toBe(
			'\ufeffRow,Field,Reason,Case,Title,Filing date\r\n2,Filing date,Filing date is not a date in any style that is known,"\'=1+1","a, b",soon\r\n',
		);
	});

	it('refuses a file that changed after its preview, an unknown account, and settings that name no case', async () => {
		const path = folder.path('changing.csv', 'Case,Title\nC-1,a\n');
		const file = choose(path);
		const { settings } = await test.ok('imports.preview', { file, account_id });
		expect(
			(await test.refused('imports.commit', { file, account_id, settings: { ...settings, mapping: [null, null] } }))
				.code,
		).toBe('bad_input');
		folder.path('changing.csv', 'Case,Title\nC-1,a\nC-2,b\n');
		expect((await test.refused('imports.commit', { file, account_id, settings })).code).toBe('file_gone');
		expect((await test.refused('imports.preview', { file, account_id: 'a-none' })).code).toBe('not_found');
	});

	it('removes what it wrote when it is cancelled midway', async () => {
		const before = living('patent_asset');
		const rows = Array.from({ length: 9000 }, (_, index) => `K-${index},title ${index}`).join('\n');
		const file = choose(folder.path('long.csv', `Case,Title\n${rows}\n`));
		const { settings } = await test.ok('imports.preview', { file, account_id });
		const stop = test.core.onEvent((event) => {
			if (event.type === 'progress' && event.progress.done >= 4000)
				void test.core.call('calls.cancel', { progressId: 'p1' });
		});
		expect((await test.refused('imports.commit', { file, account_id, settings, progressId: 'p1' })).code).toBe(
			'cancelled',
		);
		stop();
		expect(living('patent_asset')).toBe(before);
		expect((await test.ok('imports.list', { account_id }))[0]).toMatchObject({ status: 'ROLLED_BACK' });
	});

	it('removes at the next start what a crash left half done, and leaves imports of other laptops alone', async () => {
		const { result } = await importText('Case,Title\nZ-1,a\nZ-2,b\n');
		test.core.store.raw.prepare("UPDATE import_batch SET status = 'RUNNING' WHERE id = ?").run(result.batchId);
		test.core.store.raw
			.prepare(
				"INSERT INTO import_batch (id, created_at, updated_at, fv, account_id, file_name, status) VALUES ('b-other', '', '', '', ?, 'other.csv', 'RUNNING')",
			)
			.run(account_id);
		await test.reopen();
		expect(all('SELECT id FROM patent_asset WHERE import_batch_id = ? AND deleted_at IS NULL', result.batchId)).toEqual(
			[],
		);
		expect(
			all("SELECT status FROM import_batch WHERE id IN (?, 'b-other') ORDER BY id", result.batchId)
				.map(({ status }) => status)
				.sort(),
		).toEqual(['ROLLED_BACK', 'RUNNING']);
	});

	it.skipIf(dataFolder === undefined)('takes the real exports whole', async () => {
		for (const [name, assets] of [
			['nasa/NASA_Patents.csv', 1393],
			['nasa/NASA_Patents.xlsx', 1393],
			['poldham-osa/drones_tac_1606_families.csv', 1606],
			['poldham-osa/pizza_small.csv', 25],
		] as const) {
			const before = living('patent_asset');
			const file = choose(join(dataFolder ?? '', name));
			const { settings } = await test.ok('imports.preview', { file, account_id });
			const result = await test.ok('imports.commit', { file, account_id, settings });
			expect(result).toMatchObject({ rows: assets, assets, renewals: 0, rejected: 0 });
			expect(living('patent_asset')).toBe(before + assets);
			expect(await test.ok('imports.undo', { batchId: result.batchId })).toEqual({ removed: assets });
			expect(living('patent_asset')).toBe(before);
		}
	});
});
