import type { Field } from '../../shared/entities/define.ts';
import { exactDate, exactInstant } from '../lib/dates.ts';
import { count } from '../lib/numbers.ts';
import { Amount } from './Amount.tsx';
import type { Option } from './InlineEdit.tsx';

interface FieldTextProps {
	field: Field;
	value: unknown;
	options?: readonly Option[];
	currency?: string | null;
}

/** A field's value in words; "not known" when it has none. */
export function FieldText({ field, value, options, currency }: FieldTextProps) {
	if (value === null || value === undefined || value === '') return <span className="muted">not known</span>;
	const text = String(value);
	switch (field.kind) {
		case 'amount':
			return <Amount value={text} currency={currency ?? null} />;
		case 'date':
			return <span className="figures">{exactDate(text)}</span>;
		case 'instant':
			return <span className="figures">{exactInstant(text)}</span>;
		case 'int':
			return <span className="figures">{count(Number(value))}</span>;
		case 'bool':
			return <span>{value ? 'Yes' : 'No'}</span>;
		case 'enum':
			return <span>{field.values?.[text] ?? text}</span>;
		case 'ref':
			return <span>{options?.find((option) => option.value === text)?.label ?? 'not here'}</span>;
		default:
			return <span style={{ whiteSpace: 'pre-line' }}>{text}</span>;
	}
}
