import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import exceljs from 'exceljs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { openZip, type ZipFile } from '../../electron/core/imports/zip-file.ts';
import type { Entity, FieldKind } from '../../shared/entities/define.ts';
import { entities } from '../../shared/entities/registry.ts';
import { onAccount, token } from '../files/file-world.ts';
import { addAccount, startCore, type TestCore } from '../support/core.ts';
import { paragraph, write } from '../support/typing.ts';

/** What a spreadsheet program would run, or what would break it, were it not written as text. */
const NASTY = [
	'=1+1',
	'+SUM(A1:A9)',
	'-2+3',
	'@cmd',
	'\t=1',
	'=HYPERLINK("http://127.0.0.1/","x")',
	'＝1+1',
	'<b>&"\'</b> ]]>',
	'_x0041_ and _x000D_',
	'tab\tnew\nline\rreturn',
	'nul \u0001 and bell \u0007',
	'𝄞 日本 العربية',
	' leading and trailing ',
];

let test: TestCore;
let noteId: string;
beforeEach(async () => {
	test = await startCore();
	await addAccount(test, 'a-1', 'Halden Pharma AG (fictional)');
	await addAccount(test, 'a-2', 'Tanaka Optics KK (fictional)');
	for (const [no, client_summary] of NASTY.entries())
		await test.ok('issues.create', {
			account_id: no % 2 ? 'a-1' : 'a-2',
			title: `No. ${no}`,
			client_summary,
			due_date: '2026-12-24',
		});
	const gone = await test.ok('issues.create', { account_id: 'a-1', title: 'Deleted again' });
	await test.ok('issues.delete', { id: gone.id });
	noteId = (await test.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' })).id;
	await write(test, noteId, paragraph('=Words of the note'));
	const film = path.join(test.folder, 'plan "A".txt');
	writeFileSync(film, 'the bytes of a file');
	await test.ok('attachments.add', { ...onAccount, files: [token(test, film)] });
});
afterEach(() => test.stop());

async function exportTo(name: string, account_id: string | null = null, files = true) {
	const target = path.join(test.folder, name);
	test.core.registerFile('target', target);
	const result = await test.ok('export.everything', { target: 'target', account_id, files });
	return { target, result, zip: await openZip(target) };
}

async function linesOf(zip: ZipFile, name: string): Promise<Record<string, unknown>[]> {
	const text = await zip.text(name);
	expect([name, text === undefined]).toEqual([name, false]);
	return (text ?? '').split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

const rowsOf = ({ table }: Entity, where = '') =>
	test.core.store.raw.prepare(`SELECT * FROM ${table} ${where} ORDER BY id`).all() as Record<string, unknown>[];

/** The stored value, from what the export says. */
const back: Partial<Record<FieldKind, (value: never) => unknown>> = {
	amount: (value: string) => Math.round(Number(value) * 10_000),
	bool: (value: boolean) => (value ? 1 : 0),
	json: (value: unknown) => JSON.stringify(value),
};

/** As a spreadsheet program reads text: `_x005F_` is how an underscore is kept from being read as such a code. */
const decoded = (cells: unknown[]) => cells.filter(Boolean).map((text) => String(text).replaceAll('_x005F_', '_'));

describe('everything in open formats', () => {
	it('has every record with every value of the store', async () => {
		const { zip, result } = await exportTo('Export.zip');
		let rows = 0;
		for (const entity of Object.values(entities) as Entity[]) {
			const lines = new Map((await linesOf(zip, `records/${entity.plural}.jsonl`)).map((line) => [line['id'], line]));
			const stored = rowsOf(entity);
			rows += stored.length;
			expect([entity.name, lines.size]).toEqual([entity.name, stored.length]);
			for (const row of stored) {
				const line = lines.get(row['id']) as Record<string, unknown>;
				for (const [name, field] of Object.entries(entity.fields)) {
					const value = line[name] ?? null;
					const said = value === null ? null : (back[field.kind]?.(value as never) ?? value);
					expect([entity.name, name, said]).toEqual([entity.name, name, row[name] ?? null]);
				}
				expect(line['deleted_at']).toBe(row['deleted_at']);
			}
		}
		expect(result.rows).toBe(rows);
		expect(result.unreadable).toEqual([]);
		expect(result.bytes).toBe(statSync(path.join(test.folder, 'Export.zip')).size);
	});

	it('has the words of notes, their versions, the history and what is unsent', async () => {
		const { zip } = await exportTo('Export.zip');
		const [text] = await linesOf(zip, 'Note texts.jsonl');
		expect(text).toMatchObject({ id: noteId, text: '=Words of the note', isDamaged: false });
		const doc = new Y.Doc();
		Y.applyUpdate(doc, Buffer.from(String(text?.['yjs']), 'base64'));
		expect(doc.getXmlFragment('default').toString()).toContain('=Words of the note');
		const count = (sql: string) => test.core.store.raw.prepare(sql).pluck().get();
		expect(await linesOf(zip, 'History.jsonl')).toHaveLength(count('SELECT count(*) FROM history') as number);
		const unsent = await linesOf(zip, 'Unsent changes.jsonl');
		expect(unsent).toHaveLength(count('SELECT count(*) FROM outbox WHERE sent_at IS NULL') as number);
		expect(JSON.stringify(unsent)).toContain('=HYPERLINK');
		expect(await zip.text('Read me.txt')).toContain('everything on this computer');
	});

	it('has a workbook with the same values, in which nothing is a formula', async () => {
		const { zip } = await exportTo('Export.zip');
		const pieces: Buffer[] = [];
		for await (const piece of zip.pieces('Workbook.xlsx')) pieces.push(piece);
		const book = new exceljs.Workbook();
		await book.xlsx.load(Buffer.concat(pieces) as never);
		expect(book.worksheets.map(({ name }) => name)).toEqual(Object.values(entities).map(({ plural }) => plural));
		for (const entity of Object.values(entities) as Entity[]) {
			const sheet = book.getWorksheet(entity.plural);
			expect([entity.name, sheet?.rowCount]).toEqual([entity.name, rowsOf(entity).length + 1]);
			sheet?.eachRow((row) =>
				row.eachCell((cell) => {
					expect(cell.formula ?? null).toBeNull();
					expect(cell.hyperlink ?? null).toBeNull();
				}),
			);
		}
		const issues = book.getWorksheet('Issues');
		const header = (issues?.getRow(1).values ?? []) as string[];
		const column = (label: string) => (issues?.getColumn(header.indexOf(label)).values ?? []).slice(2) as unknown[];
		const plain = NASTY.map((title) => title.replaceAll('\u0001', '\ufffd').replaceAll('\u0007', '\ufffd'));
		expect(decoded(column('Summary for the client')).sort()).toEqual([...plain].sort());
		expect(column('Due').map((day) => (day instanceof Date ? day.toISOString().slice(0, 10) : day))).toContain(
			'2026-12-24',
		);
	});

	it('has the files that are here, and counts those that are not', async () => {
		const { zip, result } = await exportTo('Export.zip');
		const [name = ''] = zip.names().filter((one) => one.startsWith('files/'));
		expect(name).toMatch(/^files\/\S+ plan _A_\.txt$/);
		expect(await zip.text(name)).toBe('the bytes of a file');
		expect(result).toMatchObject({ files: 19, filesElsewhere: 0 });
		const without = await exportTo('Lines.zip', null, false);
		expect(without.zip.names().some((one) => one.startsWith('files/'))).toBe(false);
		const folder = `${test.file}.files`;
		for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true });
		const later = await exportTo('Later.zip');
		expect(later.result).toMatchObject({ files: 0, filesElsewhere: 1 });
		expect(await later.zip.text('Read me.txt')).toContain('1 file is at the office only');
	});

	it('of one account holds nothing of another', async () => {
		const { target, zip } = await exportTo('One.zip', 'a-1');
		expect((await linesOf(zip, 'records/Accounts.jsonl')).map(({ id }) => id)).toEqual(['a-1']);
		const issues = await linesOf(zip, 'records/Issues.jsonl');
		expect(issues).toHaveLength(rowsOf(entities.issue, "WHERE account_id = 'a-1'").length);
		const all = zip.names();
		const others = ['a-2', 'Tanaka', ...rowsOf(entities.issue, "WHERE account_id = 'a-2'").map(({ id }) => String(id))];
		for (const name of all.filter((one) => one.endsWith('.jsonl'))) {
			const text = (await zip.text(name)) ?? '';
			expect([name, others.filter((other) => text.includes(other))]).toEqual([name, []]);
		}
		expect(existsSync(`${target}.part`)).toBe(false);
	});

	it('that is cancelled, or finds no room or no folder, leaves nothing', async () => {
		const target = path.join(test.folder, 'Cancelled.zip');
		test.core.registerFile('target', target);
		test.core.onEvent((event) => {
			if (event.type === 'progress') void test.core.call('calls.cancel', { progressId: 'e' });
		});
		const asked = { target: 'target', account_id: null, files: true, progressId: 'e' };
		const refused = await test.core.call('export.everything', asked, 'e');
		expect(refused).toMatchObject({ ok: false, error: { code: 'cancelled' } });
		expect(readdirSync(test.folder).filter((name) => name.includes('Cancelled'))).toEqual([]);
		test.core.registerFile('target', path.join(test.folder, 'not', 'there.zip'));
		expect((await test.core.call('export.everything', asked, 'f')).ok).toBe(false);
	});

	it('takes the place of an older one only when it is whole', async () => {
		const target = path.join(test.folder, 'Again.zip');
		writeFileSync(target, 'the old one');
		test.core.registerFile('target', target);
		const stop = test.core.onEvent((event) => {
			if (event.type === 'progress') void test.core.call('calls.cancel', { progressId: 'e' });
		});
		const asked = { target: 'target', account_id: null, files: true, progressId: 'e' };
		await test.core.call('export.everything', asked, 'e');
		expect(readFileSync(target, 'utf8')).toBe('the old one');
		stop();
		const { zip } = await exportTo('Again.zip');
		expect(zip.names()).toContain('Workbook.xlsx');
		expect(statSync(target).mode & 0o777).toBe(0o600);
	});
});
