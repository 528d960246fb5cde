import type { CallResult } from '../../shared/contract/errors.ts';
import type { Entity } from '../../shared/entities/define.ts';
import type { EntityName } from '../../shared/entities/registry.ts';
import { accountOf, useOnlyReads } from '../lib/rights.ts';
import { InlineEdit, type Option } from './InlineEdit.tsx';

type Patch = Record<string, unknown>;
/** As it travels: plain values. */
type Seen = Record<string, string | number | boolean | null>;

export type OnPatch = (patch: Patch, seen?: Seen) => Promise<CallResult<unknown>>;

interface FieldsProps {
	entity: Entity;
	/** Which fields, in the order shown. */
	names: readonly string[];
	record: object;
	/** Sends a patch with what stood in its fields when they were typed in; without it all fields are plain text. */
	onPatch?: OnPatch;
	/** What each ref field may point to, by field name. */
	options?: Readonly<Record<string, readonly Option[]>>;
	currency?: string | null;
	labels?: Readonly<Record<string, string>>;
}

/** Fields of a record straight from its definition: labels, kinds, who owns them, what is internal. What the person only reads is plain text. */
export function Fields({ entity, names, record, onPatch, options, currency, labels }: FieldsProps) {
	const values = record as Record<string, unknown>;
	const isOnlyRead = useOnlyReads(accountOf(entity.name, record), entity.name as EntityName);
	const save = isOnlyRead ? undefined : onPatch;
	return names.map((name) => {
		const field = entity.fields[name];
		if (!field) return null;
		return (
			<InlineEdit
				key={name}
				field={field}
				label={labels?.[name]}
				value={values[name] ?? null}
				options={options?.[name]}
				currency={currency}
				of={typeof values.id === 'string' ? { entity: entity.name, id: values.id, name } : undefined}
				onSave={save ? (value, seen) => save({ [name]: value }, { [name]: (seen ?? null) as null }) : undefined}
			/>
		);
	});
}
