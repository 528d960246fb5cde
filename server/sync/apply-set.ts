import { createHash } from 'node:crypto';
import type { Entity } from '../../shared/entities/define.ts';
import { isApplied, mergeField, type Outcome } from '../../shared/sync/merge.ts';
import type { Op } from '../../shared/sync/protocol.ts';
import { parseVersion, timeOfVersion, type Version, versionOf } from '../../shared/sync/version.ts';
import { countedAs, editKey, type GroupPlace, keepHistory, type PushBatch, stampOf } from './push-batch.ts';
import { countedVersion, newRecord, type RecordState, recordKey, setVersion } from './record-state.ts';

type SetOp = Extract<Op, { k: 'set' }>;
type Edit = SetOp['f'][string];

/** One edit of one field, with all that its merge needs. */
interface FieldCase {
	entity: Entity;
	record: RecordState;
	field: string;
	edit: Edit;
	hlc: Version;
	place: GroupPlace;
}

export interface SetOutcome {
	conflicts: string[];
	lost: string[];
	applied: string[];
}

/** Merges each field of a `set` by itself; every value goes to the history whatever becomes of it. */
export function applySet(
	batch: PushBatch,
	op: SetOp,
	on: { entity: Entity; record: RecordState; place: GroupPlace },
): SetOutcome {
	const result: SetOutcome = { conflicts: [], lost: [], applied: [] };
	for (const [field, edit] of Object.entries(op.f)) {
		const outcome = applyField(batch, { ...on, field, edit, hlc: op.hlc });
		if (outcome === 'conflict') result.conflicts.push(field);
		else if (outcome === 'earlier') result.lost.push(field);
		else result.applied.push(field);
	}
	return result;
}

function applyField(batch: PushBatch, item: FieldCase): Outcome {
	const { record, field, edit, hlc, place } = item;
	const standing = record.data[field] ?? null;
	const current = versionOf(record.versions, field);
	const outcome = decide(batch, item, { standing, current });
	const line = { field, before: standing, value: edit.v, version: hlc, base: edit.base, outcome, place };
	if (outcome === 'same' && current) {
		batch.lostEdits.set(editKey(record, field, hlc), { standsAs: current, conflictId: null });
		keepHistory(batch, record, { ...line, stands_as: current });
		return outcome;
	}
	if (outcome === 'conflict' && current) {
		const conflictId = keepConflict(batch, item, { standing, current });
		batch.lostEdits.set(editKey(record, field, hlc), { standsAs: null, conflictId });
		keepHistory(batch, record, { ...line, conflict_id: conflictId });
		return outcome;
	}
	if (isApplied(outcome)) {
		record.data[field] = edit.v;
		setVersion(record, field, stampOf(hlc, batch.now));
	}
	keepHistory(batch, record, line);
	return outcome;
}

interface Standing {
	standing: unknown;
	current: Version | undefined;
}

function decide(batch: PushBatch, item: FieldCase, { standing, current }: Standing): Outcome {
	const { entity, record, field, edit, hlc } = item;
	const policy = entity.fields[field]?.policy ?? 'ask';
	const outcome = mergeField(
		{ field, value: edit.v, base: edit.base, version: hlc, policy },
		standing,
		record.versions,
	);
	if (outcome === 'apply' || outcome === 'same') return outcome;
	// The editor's base agreed with what stands now, so the editor has seen it.
	const base = edit.base ? batch.lostEdits.get(editKey(record, field, edit.base)) : undefined;
	if (base?.standsAs && base.standsAs === current) return 'apply';
	if (outcome === 'conflict') return outcome;
	if (isUnseenTaking(item, current)) return 'earlier';
	return countedAs(hlc, batch.now) >= (countedVersion(record, field) ?? '') ? 'later' : 'earlier';
}

/** A hand-over is taken by who has seen all of it, whatever their clock says: what came in since would be missed. */
function isUnseenTaking({ entity, record, field, edit }: FieldCase, current: Version | undefined): boolean {
	return entity.name === 'handover' && record.versions[field] !== undefined && edit.base !== current;
}

/** Makes the conflict, or brings an undecided one up to date when this edit goes on from the value it keeps. Returns its id. */
function keepConflict(batch: PushBatch, item: FieldCase, { standing, current }: Standing): string {
	const { record, field, edit, hlc } = item;
	const { user } = item.place.author;
	const mine = { mine_value: edit.v, mine_at: timeOfVersion(countedAs(hlc, batch.now)) ?? null };
	const earlier = edit.base ? batch.lostEdits.get(editKey(record, field, edit.base))?.conflictId : undefined;
	const open = earlier ? batch.records.get(recordKey('conflict', earlier)) : undefined;
	if (open && !open.data.decided_at && !open.deletedAt) {
		Object.assign(open.data, mine);
		setVersion(open, 'mine_value', stampOf(hlc, batch.now));
		batch.touched.add(open);
		return open.id;
	}
	const device = current ? parseVersion(current)?.device : undefined;
	const theirs = (device && batch.userByShort.get(device)) || null;
	const conflict = newRecord('conflict', conflictId(item), {
		data: {
			...(record.accountId ? { account_id: record.accountId } : {}),
			entity: record.entity,
			row_id: record.id,
			field,
			base_value: edit.was ?? null,
			...mine,
			mine_by: user,
			theirs_value: standing,
			theirs_by: theirs,
			theirs_at: (current && timeOfVersion(countedAs(current, batch.now))) ?? null,
		},
		versions: { '*': hlc },
		createdAt: batch.now.toISOString(),
		createdBy: user,
	});
	batch.records.set(recordKey('conflict', conflict.id), conflict);
	batch.touched.add(conflict);
	return conflict.id;
}

/** The same for the same edit, so that nothing can make a second conflict of it. */
function conflictId({ place, field }: FieldCase): string {
	const edit = JSON.stringify([place.author.device, place.no, place.op, field]);
	return `c-${createHash('sha256').update(edit).digest('hex').slice(0, 32)}`;
}
