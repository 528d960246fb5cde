import type { CallResult } from '../../shared/contract/errors.ts';
import type { Entity } from '../../shared/entities/define.ts';
import { InlineEdit, type Option } from './InlineEdit.tsx';

interface FieldsProps {
	entity: Entity;
	/** Which fields, in the order shown. */
	names: readonly string[];
	record: object;
	/** Sends a patch; without it all fields are plain text. */
	onPatch?: (patch: Record<string, unknown>) => Promise<CallResult<unknown>>;
	/** What each ref field may point to, by field name. */
	options?: Readonly<Record<string, readonly Option[]>>;
	currency?: string | null;
	labels?: Readonly<Record<string, string>>;
}

/** Fields of a record straight from its definition: labels, kinds, who owns them, what is internal. */
export function Fields({ entity, names, record, onPatch, options, currency, labels }: FieldsProps) {
	const values = record as Record<string, unknown>;
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
				onSave={onPatch ? (value) => onPatch({ [name]: value }) : undefined}
			/>
		);
	});
}
