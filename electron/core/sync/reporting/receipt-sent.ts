import type { Store } from '../../../../db/open-store.ts';
import type { RangeOp } from '../../../../db/outbox.ts';
import type { ReceiptLine } from '../../../../shared/contract/sync-models.ts';
import { entityByName } from '../../../../shared/entities/registry.ts';
import type { Op, OpResult } from '../../../../shared/sync/protocol.ts';
import type { Settled } from '../sending/push.ts';
import { fieldWord, nameRecord, opWords, rangeWords, refusalWord } from './receipt-words.ts';
import type { Entries } from './receipts.ts';

interface SentGroup {
	unit: string;
	batch_id: string | null;
	label: string;
}

interface SentOp {
	group_no: number;
	op_no: number;
	entity: string;
	row_id: string;
	kind: string;
	op: string;
	refused: string | null;
}

/** One change as a person counts them, with all of it that this answer settled. */
interface SentUnit {
	label: string;
	batchId: string | null;
	ops: SentOp[];
}

/** What the server's answer says of our own changes: gone out, merged, to decide, refused, deleted in vain, late. */
export function linesOfSettled(store: Store, settled: Settled, typedIn: Set<string>): Entries {
	const entries = { lines: [] as ReceiptLine[], sent: 0, merged: 0, toDecide: 0, refused: 0 };
	const results = new Map(settled.results.map(({ groupNo, opNo, result }) => [`${groupNo} ${opNo}`, result]));
	for (const unit of unitsOf(store, settled.groups)) {
		const taken = unit.ops.filter((op) => op.refused === null);
		for (const op of taken) if (op.kind === 'text') typedIn.add(op.row_id);
		if (taken.length > 0) {
			entries.sent += 1;
			entries.lines.push(sentLine(store, unit, taken));
		}
		for (const op of unit.ops) {
			const result = results.get(`${op.group_no} ${op.op_no}`);
			const about = op.kind === 'range' ? { ...op, entity: 'import_batch', row_id: unit.batchId ?? '' } : op;
			if (result) noteResult(store, entries, { op: about, result });
		}
	}
	return entries;
}

/** The changes that these groups complete; one that goes on in a later push is counted with its last group. */
function unitsOf(store: Store, groups: readonly number[]): Iterable<SentUnit> {
	const units = new Map<string, SentUnit>();
	const group = store.statement('SELECT unit, batch_id, label FROM outbox WHERE group_no = ?');
	const open = store.statement('SELECT 1 FROM outbox WHERE unit = ? AND sent_at IS NULL LIMIT 1');
	const ops = store.statement(
		'SELECT group_no, op_no, entity, row_id, kind, op, refused FROM outbox_op WHERE group_no = ? ORDER BY op_no',
	);
	for (const no of groups) {
		const { unit, batch_id, label } = group.get(no) as SentGroup;
		const found = units.get(unit) ?? { label, batchId: batch_id, ops: [] };
		found.ops.push(...(ops.all(no) as SentOp[]));
		units.set(unit, found);
	}
	for (const [unit, { ops: all }] of units) {
		const isCounted = !unit.startsWith('taken-back:') && all.length > 0;
		const hasResults = all.some((op) => op.refused !== null);
		if (!isCounted || (open.get(unit) !== undefined && !hasResults)) units.delete(unit);
	}
	return units.values();
}

function sentLine(store: Store, unit: SentUnit, ops: readonly SentOp[]): ReceiptLine {
	const first = ops[0] as SentOp;
	const [entity, rowId] = unit.batchId ? ['import_batch', unit.batchId] : [first.entity, first.row_id];
	const { title, accountName } = nameRecord(store, entity, rowId);
	return { kind: 'sent', entity, rowId, accountName, title, detail: detailOf(store, ops), byName: null };
}

function detailOf(store: Store, ops: readonly SentOp[]): string {
	const said = new Set<string>();
	for (const row of ops.slice(0, 20)) {
		if (row.kind === 'range') said.add(rangeWords(store, row.entity, JSON.parse(row.op) as RangeOp));
		else if (row.row_id === ops[0]?.row_id) said.add(opWords(store, JSON.parse(row.op) as Op));
		else if (row.entity === 'conflict') said.add('decided');
		else said.add((entityByName(row.entity)?.label ?? row.entity).toLowerCase());
	}
	return [...said].join(', ');
}

function noteResult(
	store: Store,
	entries: { lines: ReceiptLine[]; merged: number; toDecide: number; refused: number },
	{ op, result }: { op: SentOp; result: OpResult },
): void {
	const { title, accountName } = nameRecord(store, op.entity, op.row_id);
	const add = (kind: ReceiptLine['kind'], detail: string) =>
		entries.lines.push({ kind, entity: op.entity, rowId: op.row_id, accountName, title, detail, byName: null });
	const fields = (result.fields ?? []).map((field) => fieldWord(op.entity, field)).join(', ');
	if (result.late) add('late', 'sent after the account had gone to somebody else, who is told');
	if (result.s === 'refused') {
		entries.refused += 1;
		add('refused', refusalWord(result.reason ?? 'refused'));
	} else if (result.s === 'conflict') {
		entries.toDecide += result.fields?.length ?? 1;
		for (const field of result.fields ?? []) add('decide', `${fieldWord(op.entity, field)}: both are kept`);
	} else if (result.s === 'merged') {
		entries.merged += 1;
		add('merged', `${fields} yours`);
	} else if (op.kind === 'delete') {
		add('kept', 'stays: it was edited by somebody else after you deleted it here');
	} else if (fields !== '') {
		entries.merged += 1;
		add('merged', `${fields}: a later change stands`);
	}
}
