import type { Entity } from '../../shared/entities/define.ts';
import { isSameValue } from '../../shared/sync/merge.ts';
import type { Op, OpResult, Refusal } from '../../shared/sync/protocol.ts';
import { parseVersion, timeOfVersion, type Version } from '../../shared/sync/version.ts';
import { applySet } from './apply-set.ts';
import { type GroupPlace, keepHistory, knownKey, type PushBatch, stampOf } from './push-batch.ts';
import { accountOf, LIFE, mayAccess, newRecord, type RecordState, recordKey, setVersion } from './record-state.ts';

type OpOf<K extends Op['k']> = Extract<Op, { k: K }>;

/** What became of an operation; undefined when it was applied as it was. */
export type Verdict = Pick<OpResult, 's' | 'fields' | 'reason'> | undefined;

/** An operation with what it was sent in. */
export interface PlacedOp {
	op: Op;
	entity: Entity;
	place: GroupPlace;
}

/** Applies one checked operation to the records of the batch. */
export function applyOp(batch: PushBatch, { op, entity, place }: PlacedOp): Verdict {
	const record = batch.records.get(recordKey(op.t, op.id));
	if (op.k === 'create') return record ? answerExisting(batch, op, record) : createRecord(batch, op, place);
	if (!record) return refuse('no_record');
	if (!mayAccess(record, batch.user, batch.accounts)) return refuse('no_access');
	if (isKnown(batch, op)) return undefined;
	switch (op.k) {
		case 'set':
			return setFields(batch, { op, entity, place }, record);
		case 'text':
			return appendText(batch, { op, place }, record);
		case 'delete':
		case 'undelete':
			if (!mayDelete(entity, record, place)) return touchAndRefuse(batch, record, 'office_owned');
			return op.k === 'delete' ? deleteRecord(batch, { op, place }, record) : bringBack(batch, { op, place }, record);
	}
}

/** True for an edit that this store has taken before, under the name the device had then. */
function isKnown(batch: PushBatch, op: Exclude<Op, { k: 'create' }>): boolean {
	if (batch.known.size === 0) return false;
	const has = (field: string, value: string) => batch.known.has(knownKey(op, field, value));
	if (op.k === 'set') return Object.entries(op.f).every(([field, edit]) => has(field, JSON.stringify(edit.v)));
	if (op.k === 'text') return has(op.field, op.u);
	return has(LIFE, JSON.stringify(op.k === 'delete' ? 'deleted' : 'back'));
}

function refuse(reason: Refusal): Verdict {
	return { s: 'refused', reason };
}

/** Refuses and sends the record out again, so that the laptop shows what really stands. */
function touchAndRefuse(batch: PushBatch, record: RecordState, reason: Refusal): Verdict {
	batch.touched.add(record);
	return refuse(reason);
}

function createRecord(batch: PushBatch, op: OpOf<'create'>, place: GroupPlace): Verdict {
	const accountId = accountOf(op.t, op.id, op.v);
	if (accountId !== null && !batch.accounts.has(accountId)) return refuse('no_access');
	const stamp = stampOf(op.hlc, batch.now);
	const record = newRecord(op.t, op.id, {
		data: { ...op.v },
		versions: { '*': op.hlc },
		createdAt: timeOfVersion(stamp.counted) ?? batch.now.toISOString(),
		createdBy: batch.user,
	});
	setVersion(record, '*', stamp);
	batch.records.set(recordKey(op.t, op.id), record);
	batch.touched.add(record);
	keepHistory(batch, record, { field: '*', value: op.v, version: op.hlc, outcome: 'create', device_at: place.at });
	return undefined;
}

/** The very same creation, sent again under another device's name or with values edited since, is no clash. */
function answerExisting(batch: PushBatch, op: OpOf<'create'>, record: RecordState): Verdict {
	if (!mayAccess(record, batch.user, batch.accounts)) return refuse('id_taken');
	if (record.versions['*'] === op.hlc) return undefined;
	const fields = new Set([...Object.keys(op.v), ...Object.keys(record.data)]);
	const isSame = [...fields].every((field) => isSameValue(op.v[field], record.data[field]));
	return isSame ? undefined : touchAndRefuse(batch, record, 'id_taken');
}

function setFields(
	batch: PushBatch,
	{ op, entity, place }: PlacedOp & { op: OpOf<'set'> },
	record: RecordState,
): Verdict {
	const account = op.f.account_id?.v;
	if (typeof account === 'string' && !batch.accounts.has(account)) return touchAndRefuse(batch, record, 'no_access');
	const wasDeletedBefore = record.deletedAt !== null && hasSeenDeletion(record, op.hlc);
	const { conflicts, lost, applied } = applySet(batch, op, { entity, record, place });
	record.accountId = accountOf(record.entity, record.id, record.data);
	if (!wasDeletedBefore) record.deletedAt = null;
	batch.touched.add(record);
	if (conflicts.length > 0) return { s: 'conflict', fields: conflicts };
	if (lost.length > 0) return { s: 'superseded', fields: lost };
	const others = batch.changedByOthers.get(recordKey(record.entity, record.id)) ?? [];
	const isBesideOthers = [...others].some((field) => !Object.hasOwn(op.f, field));
	return isBesideOthers && applied.length > 0 ? { s: 'merged', fields: applied } : undefined;
}

/** An edit beats a deletion it had not seen. Only the deleting device's own later edits are sure to have seen it. */
function hasSeenDeletion(record: RecordState, hlc: Version): boolean {
	const deleted = record.versions[LIFE];
	return deleted !== undefined && deviceOf(deleted) === deviceOf(hlc) && hlc > deleted;
}

function appendText(
	batch: PushBatch,
	{ op, place }: { op: OpOf<'text'>; place: GroupPlace },
	record: RecordState,
): Verdict {
	batch.texts.push({
		entity: op.t,
		row_id: op.id,
		field: op.field,
		bytes: Buffer.from(op.u, 'base64'),
		hlc: op.hlc,
		group_no: place.no,
		op_no: place.op,
	});
	if (record.deletedAt !== null && !hasSeenDeletion(record, op.hlc)) record.deletedAt = null;
	// Typing needs no version to merge; it has one so that a deletion can tell whether it had seen it.
	setVersion(record, op.field, stampOf(op.hlc, batch.now));
	batch.touched.add(record);
	return undefined;
}

/** Office records go as they came, by import; but what an import brought, its undo may take back. */
function mayDelete(entity: Entity, record: RecordState, place: GroupPlace): boolean {
	const isOffice = Object.values(entity.fields).some((field) => field.required && field.office);
	return !isOffice || place.origin === 'import' || typeof record.data.import_batch_id === 'string';
}

function deleteRecord(
	batch: PushBatch,
	{ op, place }: { op: OpOf<'delete'>; place: GroupPlace },
	record: RecordState,
): Verdict {
	const isLost = unseenFields(batch, op, record).length > 0;
	const outcome = isLost ? 'superseded' : 'delete';
	keepHistory(batch, record, {
		field: LIFE,
		value: 'deleted',
		version: op.hlc,
		base: op.base,
		outcome,
		device_at: place.at,
	});
	batch.touched.add(record);
	if (isLost)
		return {
			s: 'superseded',
			fields: unseenFields(batch, op, record).filter((field) => field !== '*' && field !== LIFE),
		};
	record.deletedAt ??= batch.now.toISOString();
	setVersion(record, LIFE, stampOf(op.hlc, batch.now));
	return undefined;
}

/** Fields with a version the deleter had not seen. A device has seen whatever it made itself. */
function unseenFields(batch: PushBatch, op: OpOf<'delete'>, record: RecordState): string[] {
	return Object.entries(record.versions)
		.filter(([field, version]) => {
			if (deviceOf(version) === batch.device.short || deviceOf(version) === deviceOf(op.hlc)) return false;
			if (op.seen) return version !== (op.seen[field] ?? op.seen['*']);
			return op.base === null || version > op.base;
		})
		.map(([field]) => field);
}

function bringBack(
	batch: PushBatch,
	{ op, place }: { op: OpOf<'undelete'>; place: GroupPlace },
	record: RecordState,
): Verdict {
	keepHistory(batch, record, { field: LIFE, value: 'back', version: op.hlc, outcome: 'undelete', device_at: place.at });
	record.deletedAt = null;
	setVersion(record, LIFE, stampOf(op.hlc, batch.now));
	batch.touched.add(record);
	return undefined;
}

function deviceOf(version: Version): string | undefined {
	return parseVersion(version)?.device;
}
