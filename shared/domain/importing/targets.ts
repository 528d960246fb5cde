import type { Field } from '../../entities/define.ts';
import { patentAsset } from '../../entities/patent-asset.ts';
import { renewalEvent } from '../../entities/renewal-event.ts';

export type TargetEntity = 'patent_asset' | 'renewal_event';

/** A field a column may become. `key` is "entity.field", as the settings carry it. */
export interface Target {
	key: string;
	entity: TargetEntity;
	name: string;
	field: Field;
}

/** Written by the import itself or by the SAM, never taken from a column. */
const OWN = new Set(['account_id', 'asset_id', 'import_batch_id', 'source_row', 'match_key', 'watch', 'sam_note']);

function targetsOf(entity: TargetEntity, fields: Readonly<Record<string, Field>>): Target[] {
	return Object.entries(fields)
		.filter(([name]) => !OWN.has(name))
		.map(([name, field]) => ({ key: `${entity}.${name}`, entity, name, field }));
}

/** Every field that a column of a client's file may become, in the order a person is offered them. */
export const targets: readonly Target[] = [
	...targetsOf('patent_asset', patentAsset.fields),
	...targetsOf('renewal_event', renewalEvent.fields),
];

const byKey = new Map(targets.map((target) => [target.key, target]));

/** The target of a key, or undefined for a key that is none. */
export function targetByKey(key: string): Target | undefined {
	return byKey.get(key);
}

/** The choices for a column, grouped as shown. */
export function targetChoices(): { value: string; label: string; group: string }[] {
	return targets.map(({ key, entity, field }) => ({
		value: key,
		label: field.label,
		group: entity === 'patent_asset' ? 'Case' : 'Renewal',
	}));
}

/** The columns by which a row says which case it is about; a row needs one of them. */
export const identifiers: readonly string[] = [
	'patent_asset.app_no',
	'patent_asset.grant_no',
	'patent_asset.pub_no',
	'patent_asset.client_ref',
];
