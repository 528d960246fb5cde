import type { HistoryRow, RecordRow, TextUpdateRow } from '../store/tables.ts';
import { nextSeq, type Trx, topSeq } from '../store/transaction.ts';
import { insertHistory, insertRecords, insertTexts, updateRecords } from '../store/write-rows.ts';
import type { PushBatch } from './push-batch.ts';
import { writeRecord } from './record-state.ts';

/** Writes all that a batch decided as one commit and returns its number; with nothing to write, the newest number there is. */
export async function writeBatch(trx: Trx, batch: PushBatch): Promise<number> {
	if (batch.touched.size + batch.texts.length + batch.history.length === 0) return topSeq(trx);
	const seq = await nextSeq(trx);
	const created: RecordRow[] = [];
	const changed: RecordRow[] = [];
	let ord = 0;
	for (const record of batch.touched) (record.isNew ? created : changed).push(writeRecord(record, seq, ord++));
	const device = batch.device.id;
	const texts = batch.texts.map((text): TextUpdateRow => ({ ...text, seq, ord: ord++, by_user: batch.user, device }));
	const serverAt = batch.now.toISOString();
	const history = batch.history.map(
		(line): HistoryRow => ({ ...line, seq, by_user: batch.user, device, server_at: serverAt }),
	);
	await insertRecords(trx, created);
	await updateRecords(trx, changed);
	await insertTexts(trx, texts);
	await insertHistory(trx, history);
	return seq;
}
