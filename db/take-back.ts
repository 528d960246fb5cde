import { CoreError } from '../shared/contract/errors.ts';
import { type EntityName, getEntity } from '../shared/entities/registry.ts';
import { isSameValue } from '../shared/sync/merge.ts';
import type { Op } from '../shared/sync/protocol.ts';
import {
	type FieldVersions,
	readVersions,
	timeOfVersion,
	type Version,
	writeVersions,
} from '../shared/sync/version.ts';
import { readStored, updateRow } from './apply-change.ts';
import { noteAssets, noteFigures } from './figures.ts';
import { recordHistory } from './history.ts';
import { authorOf } from './remote-history.ts';
import { readStanding, type Standing, takeStanding } from './standing.ts';
import type { Unit } from './unit.ts';

type Of<K extends Op['k']> = Extract<Op, { k: K }>;

/**
 * Takes back one operation that no server can know: values and versions stand as before, or as the office has set them
 * since. The caller goes through a change's operations from the last to the first, and takes them out of the queue
 * afterwards.
 * Throws CoreError `cannot_undo` when the field has another version by now. Typing is taken back in `take-back-text.ts`.
 */
export function takeBackOp(unit: Unit, op: Exclude<Op, { k: 'text' }>, was: string | null): void {
	if (op.k === 'create') eraseRecord(unit, op.t as EntityName, op.id);
	else if (op.k === 'set') takeBackFields(unit, op);
	else takeBackLife(unit, op, was);
}

/** Removes a record that only ever was on this laptop. */
function eraseRecord(unit: Unit, name: EntityName, id: string): void {
	const { store } = unit;
	const row = readStored(store, name, id);
	if (!row) return;
	const doc = store.statement('SELECT id FROM search_doc WHERE row_id = ?').pluck().get(id) as number | undefined;
	if (doc !== undefined) {
		store.statement('DELETE FROM search_text WHERE rowid = ?').run(doc);
		store.statement('DELETE FROM search_doc WHERE id = ?').run(doc);
	}
	store.statement('DELETE FROM text_update WHERE row_id = ?').run(id);
	store.statement('DELETE FROM standing WHERE row_id = ?').run(id);
	store.statement(`DELETE FROM ${getEntity(name).table} WHERE id = ?`).run(id);
	unit.touched.add(name).add('text_update');
	noteFigures(unit, name, row.account_id);
	if (name === 'patent_asset' && row.deleted_at === null) noteAssets(unit, row.account_id, -1);
}

function takeBackFields(unit: Unit, op: Of<'set'>): void {
	const entity = op.t as EntityName;
	const row = readStored(unit.store, entity, op.id);
	if (!row) return;
	const versions = readVersions(row.fv as string);
	const patch: Record<string, unknown> = {};
	const office: { field: string; standing: Standing; was: unknown }[] = [];
	for (const [field, edit] of Object.entries(op.f)) {
		if (versions[field] !== op.hlc)
			throw new CoreError('cannot_undo', 'It has been changed again since; look at its history.');
		const isFirst = !isOwnEarlier(unit, op, edit.base);
		const standing = isFirst ? takeStanding(unit.store, op.id, field) : undefined;
		if (standing) office.push({ field, standing, was: edit.was });
		patch[field] = standing ? parse(standing.value) : (edit.was ?? null);
		putVersion(versions, field, standing ? standing.version : edit.base);
	}
	updateRow(unit, { entity, row, patch, fv: writeVersions(versions) });
	for (const item of office) recordOffice(unit, op, item);
}

/** True when the edit went on from one that is still unanswered itself: what the office says belongs to the first of them. */
function isOwnEarlier({ store }: Unit, op: Of<'set'>, base: Version | null): boolean {
	const rows = store
		.statement("SELECT op FROM outbox_op WHERE row_id = ? AND pending = 1 AND kind IN ('set', 'create')")
		.pluck()
		.all(op.id) as string[];
	return base !== null && rows.some((json) => (JSON.parse(json) as Op).hlc === base);
}

function putVersion(versions: FieldVersions, field: string, version: Version | null): void {
	if (version === null || version === versions['*']) delete versions[field];
	else versions[field] = version;
}

/** What the office had set meanwhile shows only now; the history says who it was and when. */
function recordOffice(
	unit: Unit,
	op: Of<'set'>,
	{ field, standing, was }: { field: string; standing: Standing; was: unknown },
): void {
	const after = parse(standing.value);
	if (isSameValue(was ?? null, after)) return;
	recordHistory(
		{ ...unit, origin: 'remote' },
		{
			entity: op.t,
			rowId: op.id,
			field,
			before: was ?? null,
			after,
			by: authorOf(unit.store, standing.version),
			at: (standing.version && timeOfVersion(standing.version)) || unit.at,
			version: standing.version,
		},
	);
}

function takeBackLife(unit: Unit, op: Of<'delete'> | Of<'undelete'>, was: string | null): void {
	const entity = op.t as EntityName;
	const row = readStored(unit.store, entity, op.id);
	if (!row) return;
	const standing = takeStanding(unit.store, op.id, '*');
	const before = op.k === 'delete' ? null : (was ?? unit.at);
	const deletedAt = standing ? (parse(standing.value) as string | null) : before;
	updateRow(unit, { entity, row, patch: {}, fv: row.fv as string, deletedAt });
}

function parse(json: string | null): unknown {
	return json === null ? null : JSON.parse(json);
}

/**
 * Marks the history of a taken-back edit as undone. A line that joins several saves of a text keeps those that were sent:
 * it ends where the taken-back ones begin, and a line of its own keeps their words. `taken` has all that is taken back
 * with this one, by version.
 */
export function undoHistory(unit: Unit, op: Exclude<Op, { k: 'text' }>, taken: ReadonlyMap<Version, Op>): void {
	const { store } = unit;
	unit.touched.add('history');
	if (op.k !== 'set') {
		store
			.statement("UPDATE history SET undone = 1 WHERE row_id = ? AND version = ? AND origin <> 'remote'")
			.run(op.id, op.hlc);
		return;
	}
	for (const [field, edit] of Object.entries(op.f)) {
		const line = store
			.statement("SELECT id, before FROM history WHERE row_id = ? AND field = ? AND version = ? AND origin <> 'remote'")
			.get(op.id, field, op.hlc) as { id: number; before: string | null } | undefined;
		if (!line) continue;
		const before = parse(line.before);
		const first = firstOfLine(edit, { field, before, taken });
		// An edit made on what its editor had seen says of what stood in its place that it was there.
		if (isSameValue(before, first.was ?? null) || isOffice(before, readStanding(store, op.id, field))) {
			store.statement('UPDATE history SET undone = 1 WHERE id = ?').run(line.id);
			continue;
		}
		const stands = first.was == null ? null : JSON.stringify(first.was);
		store
			.statement('UPDATE history SET after = ?, version = ?, group_no = NULL WHERE id = ?')
			.run(stands, first.base, line.id);
		keepUndone(unit, {
			entity: op.t,
			rowId: op.id,
			field,
			before: first.was ?? null,
			after: edit.v,
			version: op.hlc,
		});
	}
}

function isOffice(value: unknown, standing: Standing | undefined): boolean {
	return standing !== undefined && isSameValue(value, parse(standing.value));
}

type Edit = Of<'set'>['f'][string];

/** The earliest of the taken-back edits that a line of history joins. */
function firstOfLine(
	last: Edit,
	{ field, before, taken }: { field: string; before: unknown; taken: ReadonlyMap<Version, Op> },
): Edit {
	let first = last;
	while (!isSameValue(before, first.was ?? null)) {
		const earlier = first.base === null ? undefined : taken.get(first.base);
		const edit = earlier?.k === 'set' ? earlier.f[field] : undefined;
		if (!edit) break;
		first = edit;
	}
	return first;
}

interface UndoneLine {
	entity: string;
	rowId: string;
	field: string;
	before: unknown;
	after: unknown;
	version: Version | null;
}

/** Keeps in the history what somebody wrote and took back. */
export function keepUndone(unit: Unit, line: UndoneLine): void {
	recordHistory(unit, line);
	unit.store.statement('UPDATE history SET undone = 1, group_no = NULL WHERE id = last_insert_rowid()').run();
}
