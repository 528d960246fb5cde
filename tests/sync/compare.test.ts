import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { startTwoDevices, type TwoDevices } from '../support/two-devices.ts';

let two: TwoDevices;
let days = 0;
beforeEach(async () => {
	days = 0;
	two = await startTwoDevices({ now: () => new Date(Date.now() + days * 86_400_000) });
});
afterEach(() => two.stop());

const raw = () => two.sam.core.store.raw;
const meta = (key: string) => raw().prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key);
const sync = () => two.sam.ok('sync.now', {});
const asked = () => raw().prepare("SELECT count(*) FROM sync_log WHERE step = 'sync/digest'").pluck().get() as number;

async function checkedLines(): Promise<string[]> {
	const lines: string[] = [];
	for (const { id } of await two.sam.ok('receipts.list', { text: '', offset: 0, limit: 20 })) {
		const page = await two.sam.ok('receipts.get', { id });
		lines.push(
			...page.lines.filter(({ kind }) => kind === 'checked').map(({ title, detail }) => `${title}: ${detail}`),
		);
	}
	return lines;
}

/** Work of every kind on both laptops, brought together. */
async function workTogether(): Promise<string> {
	const { sam, specialist } = two;
	const { id } = await sam.ok('issues.create', { account_id: 'a-1', title: 'Größe \u2028 "x" \ud800' });
	const note = await sam.ok('notes.create', {
		account_id: 'a-1',
		parent_type: 'account',
		parent_id: 'a-1',
		title: 'N',
	});
	const doc = new Y.Doc();
	doc.getXmlFragment('default').insert(0, [new Y.XmlText('Words')]);
	const update = Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64');
	await sam.ok('notes.append', { id: note.id, update });
	const gone = await sam.ok('issues.create', { account_id: 'a-1', title: 'Deleted' });
	await two.settle();
	await sam.ok('issues.update', { id, patch: { priority: 'HIGH', root_cause: 'Mine' } });
	await specialist.ok('issues.update', { id, patch: { root_cause: 'Theirs', due_date: '2027-01-02' } });
	await sam.ok('issues.delete', { id: gone.id });
	const path = join(sam.folder, 'fees.csv');
	writeFileSync(path, 'Ref,Fee,Due\nP-1,470.5,2027-03-01\nP-2,0.1,2027-04-01\n');
	const file = randomUUID();
	sam.core.registerFile(file, path);
	const mapping = ['patent_asset.client_ref', 'renewal_event.official_fee', 'renewal_event.official_due'];
	const settings = { encoding: 'utf-8', delimiter: ',', sheet: null, headerRow: 1, mapping, dateStyles: {} };
	await sam.ok('imports.commit', { file, account_id: 'a-1', settings });
	await two.settle();
	return id;
}

describe('comparing with the office', () => {
	it('finds nothing where nothing is wrong, whatever was done, and asks again only after a week', async () => {
		await workTogether();
		days = 8;
		const before = asked();
		await sync();
		await sync();
		expect(asked()).toBe(before + 2);
		expect(await checkedLines()).toEqual([]);
		expect(meta('digest')).toBeUndefined();
		days = 14;
		await sync();
		expect(asked()).toBe(before + 2);
		days = 16;
		await sync();
		expect(asked()).toBe(before + 4);
		expect(meta('staging')).toBeUndefined();
	});

	it.each([
		['a record that is missing here', "DELETE FROM issue WHERE title LIKE 'Gr%'"],
		['a value that is another one here', "UPDATE issue SET priority = 'LOW'"],
		['a version that is another one here', "UPDATE issue SET fv = replace(fv, '0', '1')"],
		['a record that is only here', 'ghost'],
		['typing that is missing here', 'DELETE FROM text_update'],
	])('%s is found and mended, and what is unsent stays', async (_, fault) => {
		const id = await workTogether();
		raw().exec(fault === 'ghost' ? ghostSql() : fault);
		days = 8;
		const made = await two.sam.ok('issues.create', { account_id: 'a-2', title: 'Unsent all the while' });
		two.server.setFault({ kind: 'down', path: '/push' });
		await sync();
		expect((await two.sam.ok('issues.get', { id: made.id })).issue.title).toBe('Unsent all the while');
		two.server.setFault(null);
		await sync();
		await sync();
		expect(await checkedLines()).toEqual([
			expect.stringContaining('Halden Pharma AG (fictional): differs from the office in'),
		]);
		await sync();
		await two.settle();
		const theirs = await two.server.serverTables();
		const mine = two.tables(two.sam);
		expect(Object.keys(mine.records).sort()).toEqual(Object.keys(theirs.records).sort());
		expect(mine.records[`issue ${id}`]).toEqual(two.tables(two.specialist).records[`issue ${id}`]);
		expect(Object.keys(mine.texts)).toEqual(Object.keys(two.tables(two.specialist).texts));
		expect(await checkedLines()).toHaveLength(1);
		expect(meta('digest')).toBeUndefined();
	});

	it('does not start over again and again for what does not mend', async () => {
		const id = await workTogether();
		await two.server.store.db
			.updateTable('record')
			.set({ versions: '{"*":"018f00000000000000aaaaaaaa","nothing":"018f00000000000000aaaaaaaa"}' })
			.where('id', '=', id)
			.execute();
		// The laptop is sent the line as it is and reads it as it is; only a difference of its own stays.
		const spoil = () => raw().prepare("UPDATE issue SET title = 'Spoilt' WHERE id = ?").run(id);
		spoil();
		days = 8;
		await sync();
		spoil();
		await sync();
		await sync();
		spoil();
		expect(await checkedLines()).toHaveLength(2);
		days = 16;
		await sync();
		await sync();
		expect(await checkedLines()).toHaveLength(2);
		expect(meta('staging')).toBeUndefined();
	});

	it('is put off when the server cannot say, and the round is good all the same', async () => {
		await workTogether();
		days = 8;
		two.server.setFault({ kind: 'down', path: '/digest' });
		expect(await sync()).toMatchObject({ state: 'acknowledged', problem: null });
		two.server.setFault(null);
		const before = asked();
		await sync();
		expect(asked()).toBe(before);
		days = 8.1;
		await sync();
		expect(asked()).toBe(before + 2);
	});
});

function ghostSql(): string {
	const columns = (raw().prepare('PRAGMA table_info(issue)').all() as { name: string }[]).map(({ name }) => name);
	return `INSERT INTO issue (${columns.join(', ')}) SELECT ${columns.map((name) => (name === 'id' ? "'ghost'" : name)).join(', ')} FROM issue WHERE deleted_at IS NULL LIMIT 1`;
}
