import type { Entity } from '../../shared/entities/define.ts';
import { isSameValue } from '../../shared/sync/merge.ts';
import type { Op, Refusal } from '../../shared/sync/protocol.ts';
import { parseVersion, timeOfVersion, type Version } from '../../shared/sync/version.ts';
import { applySet } from './apply-set.ts';
import { noteHeld, noteLate } from './handover.ts';
import { isPartOfKept, noteKept, revive } from './parts.ts';
import { aboutOf } from './permissions.ts';
import { fieldsNotTheirs, maySee, type Permit, permitFor, permitIn } from './permit.ts';
import { type GroupPlace, keepHistory, knownKey, type PushBatch, stampOf, type Verdict } from './push-batch.ts';
import { accountOf, LIFE, newRecord, type RecordState, recordKey, setVersion } from './record-state.ts';

type OpOf<K extends Op['k']> = Extract<Op, { k: K }>;
type Change = Exclude<Op, { k: 'create' }>;

/** An operation with what it was sent in. */
export interface PlacedOp<O extends Op = Op> {
	op: O;
	entity: Entity;
	place: GroupPlace;
}

/** Applies one checked operation to the records of the batch. */
export function applyOp(batch: PushBatch, item: PlacedOp): Verdict {
	const record = batch.records.get(recordKey(item.op.t, item.op.id));
	if (isCreate(item)) return record ? answerExisting(batch, item, record) : createRecord(batch, item);
	const change = item as PlacedOp<Change>;
	return record ? changeRecord(batch, change, record) : answerMissing(batch, change);
}

function isCreate(item: PlacedOp): item is PlacedOp<OpOf<'create'>> {
	return item.op.k === 'create';
}

function changeRecord(batch: PushBatch, item: PlacedOp<Change>, record: RecordState): Verdict {
	const { op, place } = item;
	const { user } = place.author;
	const permit = permitFor(batch, record, { hlc: op.hlc, place });
	if (permit === 'no_access' || permit === 'read_only') {
		if (maySee(batch, record, user)) batch.touched.add(record);
		return refuseHeld(batch, item, { reason: permit, account: record.accountId });
	}
	const hidden = op.k === 'set' ? fieldsNotTheirs(batch, record, { user, fields: Object.keys(op.f) }) : [];
	if (hidden.length > 0)
		return {
			s: 'refused',
			...refuseHeld(batch, item, { reason: 'read_only', account: record.accountId }),
			fields: hidden,
		};
	if (isKnown(batch, op)) return undefined;
	const verdict = applyChange(batch, item, record);
	if (permit !== 'late' || verdict?.s === 'refused') return verdict;
	return asLate(batch, item, { account: record.accountId, verdict });
}

function applyChange(batch: PushBatch, item: PlacedOp<Change>, record: RecordState): Verdict {
	const { op, entity, place } = item;
	switch (op.k) {
		case 'set':
			return setFields(batch, { op, entity, place }, record);
		case 'text':
			return appendText(batch, { op, entity, place }, record);
		case 'delete':
		case 'undelete':
			if (!mayDelete(entity, record, place)) return touchAndRefuse(batch, record, 'office_owned');
			return op.k === 'delete'
				? deleteRecord(batch, { op, entity, place }, record)
				: bringBack(batch, { op, entity, place }, record);
	}
}

/** Applied all the same: the sender is told so, and the account's people are. */
function asLate(
	batch: PushBatch,
	item: PlacedOp,
	{ account, verdict }: { account: string | null; verdict: Verdict },
): Verdict {
	noteLate(batch, item, account);
	const fields = item.op.k === 'set' ? Object.keys(item.op.f) : undefined;
	return { s: 'merged', ...(fields ? { fields } : {}), ...verdict, late: true };
}

/** True for an edit that this store has taken before, under the name the device had then. */
function isKnown(batch: PushBatch, op: Change): boolean {
	if (batch.known.size === 0) return false;
	const has = (field: string, value: string) => batch.known.has(knownKey(op, field, value));
	if (op.k === 'set') return Object.entries(op.f).every(([field, edit]) => has(field, JSON.stringify(edit.v)));
	if (op.k === 'text') return has(op.field, op.u);
	return has(LIFE, JSON.stringify(op.k === 'delete' ? 'deleted' : 'back'));
}

function refuse(reason: Refusal): Verdict {
	return { s: 'refused', reason };
}

/** Refuses what a person may not do, and keeps it where the account's people find it. */
function refuseHeld(
	batch: PushBatch,
	item: PlacedOp,
	{ reason, account }: { reason: Refusal; account: string | null },
): Verdict {
	noteHeld(batch, item, { reason, account });
	return refuse(reason);
}

/** Refuses and sends the record out again, so that the laptop shows what really stands. */
function touchAndRefuse(batch: PushBatch, record: RecordState, reason: Refusal): Verdict {
	batch.touched.add(record);
	return refuse(reason);
}

/**
 * The record is not here. When its creation was refused, what was done to it is too; otherwise it may be one that a
 * store put back from a backup has forgotten: the operation is held until the record's maker has sent it again.
 */
function answerMissing(batch: PushBatch, item: PlacedOp<Change>): Verdict {
	const key = recordKey(item.op.t, item.op.id);
	const isCreation = (t: string, id: string) => recordKey(t, id) === key;
	const now = batch.holding.find((row) => isCreation(row.entity, row.row_id) && row.reason !== 'no_record');
	const before = batch.held
		.get(key)
		?.find(({ op, place }) => op.k === 'create' && place.author.user === item.place.author.user);
	const refused = now ? { reason: now.reason, account: now.account_id } : before;
	if (refused) return refuseHeld(batch, item, { reason: refused.reason as Refusal, account: refused.account });
	return refuseHeld(batch, item, { reason: 'no_record', account: null });
}

function createRecord(batch: PushBatch, item: PlacedOp<OpOf<'create'>>): Verdict {
	const { op, place } = item;
	const account = accountOf(op.t, op.id, op.v);
	const permit: Permit =
		account === null
			? 'ok'
			: permitIn(batch, { account, kind: { entity: op.t, about: aboutOf(op.t, op.v) } }, { hlc: op.hlc, place });
	if (permit === 'no_access' || permit === 'read_only') return refuseHeld(batch, item, { reason: permit, account });
	const hidden = fieldsNotTheirs(
		batch,
		{ entity: op.t, accountId: account },
		{ user: place.author.user, fields: Object.keys(op.v) },
	);
	if (hidden.length > 0)
		return { s: 'refused', ...refuseHeld(batch, item, { reason: 'read_only', account }), fields: hidden };
	const stamp = stampOf(op.hlc, batch.now);
	const record = newRecord(op.t, op.id, {
		data: { ...op.v },
		versions: { '*': op.hlc },
		createdAt: timeOfVersion(stamp.counted) ?? batch.now.toISOString(),
		createdBy: place.author.user,
	});
	setVersion(record, '*', stamp);
	batch.records.set(recordKey(op.t, op.id), record);
	batch.touched.add(record);
	keepHistory(batch, record, { field: '*', value: op.v, version: op.hlc, outcome: 'create', place });
	return permit === 'late' ? asLate(batch, item, { account, verdict: undefined }) : undefined;
}

/** The very same creation, sent again under another device's name or with values edited since, is no clash. */
function answerExisting(batch: PushBatch, { op, place }: PlacedOp<OpOf<'create'>>, record: RecordState): Verdict {
	if (!maySee(batch, record, place.author.user)) {
		// Its own creation, sent again after the account went to somebody else.
		return record.versions['*'] === op.hlc ? undefined : refuse('id_taken');
	}
	if (record.versions['*'] === op.hlc) return undefined;
	const fields = new Set([...Object.keys(op.v), ...Object.keys(record.data)]);
	const isSame = [...fields].every((field) => isSameValue(op.v[field], record.data[field]));
	return isSame ? undefined : touchAndRefuse(batch, record, 'id_taken');
}

function setFields(batch: PushBatch, item: PlacedOp<OpOf<'set'>>, record: RecordState): Verdict {
	const { op, entity, place } = item;
	const account = op.f.account_id?.v;
	if (typeof account === 'string' && account !== record.accountId) {
		const kind = { entity: record.entity, about: aboutOf(record.entity, record.data) };
		const permit = permitIn(batch, { account, kind }, { hlc: op.hlc, place });
		if (permit === 'no_access' || permit === 'read_only') {
			batch.touched.add(record);
			return refuseHeld(batch, item, { reason: permit, account: record.accountId });
		}
	}
	const wasDeletedBefore = record.deletedAt !== null && hasSeenDeletion(record, op.hlc);
	const { conflicts, lost, applied } = applySet(batch, op, { entity, record, place });
	record.accountId = accountOf(record.entity, record.id, record.data);
	if (!wasDeletedBefore) revive(batch, record);
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

function appendText(batch: PushBatch, { op, place }: PlacedOp<OpOf<'text'>>, record: RecordState): Verdict {
	batch.texts.push({
		entity: op.t,
		row_id: op.id,
		field: op.field,
		bytes: Buffer.from(op.u, 'base64'),
		hlc: op.hlc,
		by_user: place.author.user,
		device: place.author.device,
		group_no: place.no,
		op_no: place.op,
		device_at: place.at,
	});
	if (record.deletedAt !== null && !hasSeenDeletion(record, op.hlc)) revive(batch, record);
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

function deleteRecord(batch: PushBatch, { op, place }: PlacedOp<OpOf<'delete'>>, record: RecordState): Verdict {
	const unseen = unseenFields(op, place, record);
	const stays = unseen.length > 0 || isPartOfKept(batch, record, place);
	const line = {
		field: LIFE,
		before: lifeOf(record),
		value: 'deleted',
		version: op.hlc,
		base: op.base,
		outcome: stays ? 'superseded' : 'delete',
		place,
	};
	keepHistory(batch, record, line);
	batch.touched.add(record);
	if (stays) noteKept(batch, record, place);
	if (stays) return { s: 'superseded', fields: unseen.filter((field) => field !== '*' && field !== LIFE) };
	record.deletedAt ??= batch.now.toISOString();
	setVersion(record, LIFE, stampOf(op.hlc, batch.now));
	return undefined;
}

function lifeOf(record: RecordState): string {
	return record.deletedAt === null ? 'there' : 'deleted';
}

/** Fields with a version the deleter had not seen. A device has seen whatever it made itself. */
function unseenFields(op: OpOf<'delete'>, { author }: GroupPlace, record: RecordState): string[] {
	return Object.entries(record.versions)
		.filter(([field, version]) => {
			if (deviceOf(version) === author.short || deviceOf(version) === deviceOf(op.hlc)) return false;
			if (op.seen) return version !== (op.seen[field] ?? op.seen['*']);
			return op.base === null || version > op.base;
		})
		.map(([field]) => field);
}

function bringBack(batch: PushBatch, { op, place }: PlacedOp<OpOf<'undelete'>>, record: RecordState): Verdict {
	const line = { field: LIFE, before: lifeOf(record), value: 'back', version: op.hlc, outcome: 'undelete', place };
	keepHistory(batch, record, line);
	record.deletedAt = null;
	setVersion(record, LIFE, stampOf(op.hlc, batch.now));
	batch.touched.add(record);
	return undefined;
}

function deviceOf(version: Version): string | undefined {
	return parseVersion(version)?.device;
}
