import { isSameValue } from '../shared/sync/merge.ts';
import { type FieldVersions, parseVersion, type Version, versionOf } from '../shared/sync/version.ts';
import { keepStanding } from './standing.ts';
import type { Unit } from './unit.ts';

/** A field of a record as it stands while an edit of it comes in. */
interface Standing {
	rowId: string;
	field: string;
	value: unknown;
	versions: FieldVersions;
}

/** What an edit goes on from: the value its editor had before their eyes, and the version of that. */
export interface EditBase {
	was: unknown;
	base: Version | null;
}

/**
 * What an edit of a field goes on from. That is what stands, unless somebody else changed the field while it was being
 * typed in: then the edit goes on from what the editor saw, so that the office lets the two meet instead of letting the
 * later one take the other's place unseen. What stands is kept, for the case that the edit is taken back.
 */
export function baseOf(unit: Unit, standing: Standing, seen: Readonly<Record<string, unknown>> | undefined): EditBase {
	const { rowId, field, value, versions } = standing;
	const current = versionOf(versions, field) ?? null;
	const isUnseen = seen !== undefined && Object.hasOwn(seen, field) && !isSameValue(seen[field] ?? null, value);
	// One's own edits never stand against each other, however the answers to them overlapped.
	if (!isUnseen || current === null || parseVersion(current)?.device === unit.deviceShort)
		return { was: value, base: current };
	const was = seen[field] ?? null;
	keepStanding(unit.store, { rowId, field }, { value: toJson(value), version: current });
	return { was, base: versionOfValue(unit, standing, was) };
}

/** The version under which a field had an earlier value; null when the history does not tell. */
function versionOfValue({ store }: Unit, { rowId, field, versions }: Standing, was: unknown): Version | null {
	const found = store
		.statement(
			`SELECT version FROM history WHERE row_id = ? AND field = ? AND after IS ? AND version IS NOT NULL AND undone = 0
			ORDER BY id DESC LIMIT 1`,
		)
		.pluck()
		.get(rowId, field, toJson(was)) as Version | undefined;
	if (found) return found;
	const first = store
		.statement('SELECT before FROM history WHERE row_id = ? AND field = ? ORDER BY id LIMIT 1')
		.get(rowId, field) as { before: string | null } | undefined;
	return first && first.before === toJson(was) ? (versions['*'] ?? null) : null;
}

function toJson(value: unknown): string | null {
	return value === null || value === undefined ? null : JSON.stringify(value);
}
