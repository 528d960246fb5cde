import { readTextDoc } from '../../../db/text-doc.ts';
import { type Exporting, heedCancel, readingOf, writeLines } from './exporting.ts';
import { readTable } from './read-table.ts';

interface Doc {
	entity: string;
	row_id: string;
	field: string;
}

const DOCS = 'SELECT DISTINCT entity, row_id, field FROM text_update ORDER BY row_id';

/** Each text document: its words, and the Yjs state from which every version of it can be read. */
export async function writeNoteTexts(exporting: Exporting): Promise<void> {
	const { context, accountId, ids, unreadable } = exporting;
	const { store } = context;
	const all = await context.read(async () => readSafely(() => store.raw.prepare(DOCS).all() as Doc[], undefined));
	if (!all) unreadable.add('Note texts');
	await writeLines(exporting, 'Note texts.jsonl', async (add) => {
		for (const { entity, row_id, field } of all ?? []) {
			heedCancel(exporting);
			if (accountId && !ids.has(row_id)) continue;
			const doc = await context.read(async () => readSafely(() => readTextDoc(store, row_id, field), undefined));
			if (!doc) unreadable.add('Note texts');
			else {
				const yjs = Buffer.from(doc.state).toString('base64');
				await add({ entity, id: row_id, field, text: doc.text, isDamaged: doc.damaged, yjs });
			}
		}
	});
}

/** The history of fields. */
export async function writeHistory(exporting: Exporting): Promise<void> {
	const { context, accountId, ids } = exporting;
	await writeLines(exporting, 'History.jsonl', async (add) => {
		for await (const rows of readTable(context.store, { table: 'history' }, readingOf(exporting, 'History'))) {
			for (const row of rows) if (!accountId || ids.has(String(row.row_id))) await add(row);
			await context.breathe();
		}
	});
}

const OPS = 'SELECT row_id, op FROM outbox_op WHERE group_no = ? ORDER BY op_no';

/** What the office does not have yet. */
export async function writeUnsent(exporting: Exporting): Promise<void> {
	const { context, accountId, ids, unreadable } = exporting;
	const { store } = context;
	const opsOf = (group: unknown) => store.statement(OPS).all(group) as { row_id: string; op: string }[];
	await writeLines(exporting, 'Unsent changes.jsonl', async (add) => {
		const unsent = { table: 'outbox', where: 'sent_at IS NULL' };
		for await (const groups of readTable(store, unsent, readingOf(exporting, 'Unsent changes')))
			for (const group of groups) {
				const ops = await context.read(async () => readSafely(() => opsOf(group.group_no), undefined));
				if (!ops) unreadable.add('Unsent changes');
				if (accountId && !ops?.some(({ row_id }) => ids.has(row_id))) continue;
				const operations = (ops ?? []).map(({ op }) => readSafely<unknown>(() => JSON.parse(op), op));
				await add({ ...group, operations });
			}
	});
}

/** What came and went with each sync, as its receipt tells it. */
export async function writeReceipts(exporting: Exporting): Promise<void> {
	if (exporting.accountId) return;
	const { store } = exporting.context;
	for (const [table, name] of [
		['receipt', 'Sync receipts.jsonl'],
		['receipt_line', 'Sync receipt lines.jsonl'],
	] as const)
		await writeLines(exporting, name, async (add) => {
			for await (const rows of readTable(store, { table }, readingOf(exporting, 'Sync receipts')))
				for (const row of rows) await add(row);
		});
}

function readSafely<T>(work: () => T, otherwise: T): T {
	try {
		return work();
	} catch {
		return otherwise;
	}
}
