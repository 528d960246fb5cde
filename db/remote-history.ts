import type { Entity } from '../shared/entities/define.ts';
import type { EntityName } from '../shared/entities/registry.ts';
import type { PullRow } from '../shared/sync/protocol.ts';
import { parseVersion, readVersions, timeOfVersion, type Version, versionOf } from '../shared/sync/version.ts';
import { fromStored, type StoredRow } from './codec.ts';
import { recordHistory } from './history.ts';
import type { Store } from './open-store.ts';
import type { Unit } from './unit.ts';

/** Office data arrives by the ten thousand and is explained by its import; a history line each would bury the rest. */
const withoutHistory = new Set<string>([
	'patent_asset',
	'renewal_event',
	'app_user',
	'device',
	'conflict',
	'mapping_profile',
] satisfies EntityName[]);

/** Under this key the server keeps the version of a record's deletion or return. No field has this name. */
export const LIFE = '#';

export interface RemoteEdit {
	line: PullRow;
	entity: Entity;
	/** The row as it was. */
	row: StoredRow;
	patch: Record<string, unknown>;
	deletedAt: string | null;
}

/**
 * Notes who changed what: the version of each field names the device, and the device its user. That a received record
 * was made needs no line, the record itself says by whom and when.
 */
export function recordRemote(unit: Unit, { line, entity, row, patch, deletedAt }: RemoteEdit): void {
	if (withoutHistory.has(line.t)) return;
	const versions = readVersions(line.fv);
	for (const [field, value] of Object.entries(patch)) {
		const version = versionOf(versions, field) ?? null;
		const definition = entity.fields[field];
		recordHistory(unit, {
			entity: line.t,
			rowId: line.id,
			field,
			before: definition ? fromStored(definition, row[field]) : undefined,
			after: value,
			by: authorOf(unit.store, version),
			at: (version && timeOfVersion(version)) || unit.at,
			version,
		});
	}
	if ((row.deleted_at === null) === (deletedAt === null)) return;
	const version = versions[LIFE] ?? null;
	recordHistory(unit, {
		entity: line.t,
		rowId: line.id,
		field: deletedAt ? 'deleted' : 'restored',
		before: null,
		after: null,
		by: authorOf(unit.store, version),
		at: deletedAt ?? unit.at,
		version,
	});
}

/** The user whose device made a version; null when the device is not known here. */
export function authorOf(store: Store, version: Version | null | undefined): string | null {
	const short = version ? parseVersion(version)?.device : undefined;
	if (!short) return null;
	const row = store.statement('SELECT user_id FROM device WHERE short = ?').get(short) as
		| { user_id: string }
		| undefined;
	return row?.user_id ?? null;
}
