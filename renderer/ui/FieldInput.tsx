import { Select } from '@mantine/core';
import type { FocusEvent, KeyboardEvent } from 'react';
import type { Field } from '../../shared/entities/define.ts';
import { DayInput } from './DayInput.tsx';
import styles from './InlineEdit.module.css';
import type { Option } from './InlineEdit.tsx';
import type { Draft } from './use-draft.ts';

interface FieldInputProps {
	id: string;
	field: Field;
	options?: readonly Option[];
	edit: Draft;
}

/** Empty text is stored as "no value", except where a value is required: then core says so. */
function stored(field: Field, text: string): string | null {
	return text.trim() === '' && !field.required ? null : text;
}

/** The input that fits a field's kind. */
export function FieldInput({ id, field, options, edit }: FieldInputProps) {
	const text = edit.value === null || edit.value === undefined ? '' : String(edit.value);
	if (field.kind === 'enum' || field.kind === 'ref') {
		const choices = options ?? Object.entries(field.values ?? {}).map(([value, label]) => ({ value, label }));
		return (
			<Select
				id={id}
				data={[...choices]}
				value={text || null}
				onChange={(value) => edit.save(value)}
				allowDeselect={false}
				clearable={!field.required}
				searchable={choices.length > 8}
				placeholder="none"
				error={edit.failed}
				classNames={{ root: styles.select, input: styles.input }}
			/>
		);
	}
	if (field.kind === 'bool') {
		return (
			<input
				id={id}
				type="checkbox"
				checked={edit.value === true}
				onChange={(event) => edit.save(event.target.checked)}
			/>
		);
	}
	if (field.kind === 'date') {
		return <DayInput id={id} day={text || null} invalid={edit.failed} onDay={edit.save} />;
	}
	const shared = {
		id,
		value: text,
		maxLength: field.max ?? (field.kind === 'long-text' ? 20_000 : 500),
		placeholder: 'none',
		'aria-invalid': edit.failed,
		onBlur: (event: FocusEvent<HTMLElement>) => {
			if (!isChoosing(event.relatedTarget)) edit.save();
		},
	};
	if (field.kind === 'long-text') {
		return (
			<textarea
				{...shared}
				data-own-field
				rows={1}
				className={`${styles.input} ${styles.long}`}
				onChange={(event) => edit.type(stored(field, event.target.value))}
				onKeyDown={(event) => onKey(event, edit, event.ctrlKey || event.metaKey)}
			/>
		);
	}
	return (
		<input
			{...shared}
			data-own-field
			type="text"
			className={styles.input}
			onChange={(event) => edit.type(stored(field, event.target.value))}
			onKeyDown={(event) => onKey(event, edit, true)}
		/>
	);
}

/** The cursor goes to the choice between one's own words and a colleague's: the field is not left yet. */
function isChoosing(next: EventTarget | null): boolean {
	return next instanceof Element && next.closest('[data-meanwhile]') !== null;
}

function onKey(event: KeyboardEvent<HTMLElement>, edit: Draft, enterSaves: boolean): void {
	if (event.key === 'Enter' && enterSaves) edit.save();
	else if (event.key === 'Escape') {
		edit.discard();
		event.currentTarget.blur();
	} else return;
	event.preventDefault();
	event.stopPropagation();
}
