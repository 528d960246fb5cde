import { sql } from 'kysely';
import type { Trx } from '../store/transaction.ts';
import type { GroupPlace, PushBatch } from './push-batch.ts';
import { type RecordState, readRecord, recordKey, type StoredRecord } from './record-state.ts';

/** Notes that a record stays although the group wanted it deleted: what went with it in that group stays too. */
export function noteKept(batch: PushBatch, record: RecordState, place: GroupPlace): void {
	batch.kept.add(inGroup(recordKey(record.entity, record.id), place));
}

/** True for a part of a record whose deletion in the same group did not hold. */
export function isPartOfKept(batch: PushBatch, { data }: RecordState, place: GroupPlace): boolean {
	if (batch.kept.size === 0) return false;
	const parents: Array<[unknown, unknown]> = [
		['visit', data.visit_id],
		[data.parent_type, data.parent_id],
	];
	return parents.some(([entity, id]) => batch.kept.has(inGroup(recordKey(String(entity), String(id)), place)));
}

function inGroup(key: string, { author, no }: GroupPlace): string {
	return `${author.device}\0${no}\0${key}`;
}

/** An edit brings a deleted record back; its deletion's time is noted for the parts that went with it. */
export function revive(batch: PushBatch, record: RecordState): void {
	if (record.deletedAt !== null && !record.isNew) batch.revived.set(record, record.deletedAt);
	record.deletedAt = null;
}

/**
 * Brings back the attendees and checklists of visits that an edit brought back, as far as they went in the same push.
 * What was deleted by itself before stays deleted.
 */
export async function reviveParts(trx: Trx, batch: PushBatch): Promise<void> {
	const visits = [...batch.revived].filter(([{ entity, deletedAt }]) => entity === 'visit' && deletedAt === null);
	if (visits.length === 0) return;
	const { rows } = await sql<StoredRecord>`
		select r.entity, r.id, r.account_id, r.holder, r.data::text as data, r.versions, r.clamped, r.created_at, r.created_by, r.deleted_at, r.seq
		from record r join unnest(${visits.map(([{ id }]) => id)}::text[], ${visits.map(([, at]) => at)}::text[],
			${visits.map(([{ accountId }]) => accountId)}::text[]) as u(id, at, account)
			on r.account_id = u.account and r.deleted_at = u.at and r.data->>'visit_id' = u.id
		where r.entity in ('attendee', 'checklist_item')
		order by r.entity, r.id for update of r`.execute(trx);
	for (const row of rows) {
		const key = recordKey(row.entity, row.id);
		// What this push itself says of a part holds.
		if (batch.records.has(key)) continue;
		const part = readRecord(row);
		part.deletedAt = null;
		batch.records.set(key, part);
		batch.touched.add(part);
	}
}
