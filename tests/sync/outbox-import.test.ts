import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TestCore } from '../support/core.ts';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';

let two: TwoDevices;
let laptop: TestCore;
beforeEach(async () => {
	two = await startTwoDevices();
	laptop = two.sam;
});
afterEach(() => two.stop());

const unsent = () => laptop.ok('sync.unsent', {});

it('takes a whole import back, rows and all, and nothing once it was worked on', async () => {
	const before = two.tables(laptop);
	const path = join(laptop.folder, 'export.csv');
	const lines = Array.from({ length: 620 }, (_, index) => `P-${index},Valve`);
	writeFileSync(path, ['Ref,Title', ...lines, ''].join('\n'));
	laptop.core.registerFile('export', path);
	const mapping = ['patent_asset.client_ref', 'patent_asset.title'];
	const settings = { encoding: 'utf-8', delimiter: ',', sheet: null, headerRow: 1, mapping, dateStyles: {} };
	await laptop.ok('imports.commit', { file: 'export', account_id: 'a-1', settings });
	const [change] = await unsent();
	expect(change).toMatchObject({ entity: 'import_batch' });
	const { rows } = await laptop.ok('assets.list', { account_id: 'a-1' });
	await laptop.ok('assets.update', { id: rows[0]?.id ?? '', patch: { watch: true } });
	expect((await laptop.refused('outbox.undo', { group: change?.group })).code).toBe('cannot_undo');
	await laptop.ok('outbox.undo', { group: (await unsent()).find(({ label }) => label === 'Case changed')?.group ?? 0 });
	await laptop.ok('outbox.undo', { group: change?.group ?? 0 });
	const after = two.tables(laptop);
	for (const key of Object.keys(after.records)) if (key.startsWith('mapping_profile ')) delete after.records[key];
	expect(after).toEqual(before);
	expect((await laptop.ok('assets.list', { account_id: 'a-1' })).total).toBe(0);
	await laptop.ok('issues.create', { account_id: 'a-1', title: 'Next' });
	await two.settle();
	expect(await laptop.ok('sync.status', {})).toMatchObject({ state: 'acknowledged', unsent: 0, refused: 0 });
	expect((await two.specialist.ok('assets.list', { account_id: 'a-1' })).total).toBe(0);
});
