import { sql } from 'kysely';
import { nextVersion } from '../../shared/sync/version.ts';
import type { HistoryRow, RecordMoveRow, RecordRow, TextUpdateRow } from '../store/tables.ts';
import { nextSeq, type Trx } from '../store/transaction.ts';
import {
	insertHeldOps,
	insertHistory,
	insertMoves,
	insertRecords,
	insertTexts,
	updateRecords,
} from '../store/write-rows.ts';
import { makeHandovers } from './handover.ts';
import { dropReleased } from './held-ops.ts';
import type { PushBatch } from './push-batch.ts';
import {
	accountOf,
	hasMoved,
	type RecordState,
	readRecord,
	recordKey,
	type StoredRecord,
	setVersion,
	writeRecord,
} from './record-state.ts';
import { SERVER_SHORT } from './server-short.ts';

/**
 * Writes all that a batch decided as one commit and returns its number. Groups of which nothing is applied have a commit of
 * their own too: by its number the laptop knows whether their being taken survives the loss of this machine.
 */
export async function writeBatch(trx: Trx, batch: PushBatch): Promise<number> {
	for (const record of await makeHandovers(trx, batch)) batch.touched.add(record);
	await moveConflicts(trx, batch);
	await insertHeldOps(trx, batch.holding);
	await dropReleased(trx, batch.released);
	const seq = await nextSeq(trx);
	const created: RecordRow[] = [];
	const changed: RecordRow[] = [];
	let ord = 0;
	for (const record of batch.touched) (record.isNew ? created : changed).push(writeRecord(record, seq, ord++));
	const serverAt = batch.now.toISOString();
	const texts = batch.texts.map((text): TextUpdateRow => ({ ...text, seq, ord: ord++, server_at: serverAt }));
	const moves = [...batch.touched].filter(hasMoved).map((record) => moveOf(record, { seq, ord: ord++, at: serverAt }));
	const history = batch.history.map((line, nth): HistoryRow => ({ ...line, seq, ord: nth, server_at: serverAt }));
	await insertRecords(trx, created);
	await updateRecords(trx, changed);
	await insertTexts(trx, texts);
	await insertMoves(trx, moves);
	await insertHistory(trx, history);
	return seq;
}

function moveOf(record: RecordState, at: Pick<RecordMoveRow, 'seq' | 'ord' | 'at'>): RecordMoveRow {
	const { entity, id, accountId, was } = record;
	return { ...at, entity, id, from_account: was.accountId, to_account: accountId, from_holder: was.holder };
}

/** A record's conflicts go with it, so that those who have it now can decide them. */
async function moveConflicts(trx: Trx, batch: PushBatch): Promise<void> {
	const moved = new Map(
		[...batch.touched].filter(hasMoved).map((record) => [recordKey(record.entity, record.id), record]),
	);
	if (moved.size === 0) return;
	const ids = [...moved.values()].map((record) => record.id);
	const { rows } = await sql<StoredRecord>`
		select entity, id, account_id, holder, data::text as data, versions, clamped, created_at, created_by, deleted_at, seq
		from record where entity = 'conflict' and about_id = any(${ids}::text[]) order by entity, id for update`.execute(
		trx,
	);
	const stored = rows.map((row) => batch.records.get(recordKey(row.entity, row.id)) ?? readRecord(row));
	// The record may have clashed and gone in one push; those conflicts are not in the store yet.
	const made = [...batch.touched].filter(({ entity, isNew }) => entity === 'conflict' && isNew);
	for (const conflict of [...stored, ...made]) {
		const record = moved.get(recordKey(String(conflict.data.entity), String(conflict.data.row_id)));
		if (!record || (conflict.isNew && conflict.accountId === record.accountId)) continue;
		batch.records.set(recordKey('conflict', conflict.id), conflict);
		if (record.accountId === null) delete conflict.data.account_id;
		else conflict.data.account_id = record.accountId;
		const version = nextVersion(undefined, batch.now.getTime(), SERVER_SHORT);
		setVersion(conflict, 'account_id', { version, counted: version });
		conflict.accountId = accountOf(conflict.entity, conflict.id, conflict.data);
		batch.touched.add(conflict);
	}
}
