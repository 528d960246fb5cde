import { useId } from 'react';
import type { ImportPreview } from '../../../shared/contract/models.ts';
import styles from './Import.module.css';
import { delimiterChoices } from './import-words.ts';
import type { Layout } from './use-import.ts';

interface LayoutPickersProps {
	preview: ImportPreview;
	onChange(patch: Partial<Layout>): void;
}

/** How the file is cut into rows and columns. */
export function LayoutPickers({ preview, onChange }: LayoutPickersProps) {
	const { settings, encodings, sheets, kind } = preview;
	return (
		<div className={styles.pickers}>
			{encodings.length > 0 ? (
				<Picker
					label="Encoding"
					value={settings.encoding}
					choices={encodings.map((name) => ({ value: name, label: name }))}
					onChange={(encoding) => onChange({ encoding })}
				/>
			) : null}
			{kind === 'csv' ? (
				<Picker
					label="Delimiter"
					value={settings.delimiter ?? ','}
					choices={delimiterChoices(settings.delimiter)}
					onChange={(delimiter) => onChange({ delimiter })}
				/>
			) : null}
			{sheets.length > 0 ? (
				<Picker
					label="Sheet"
					value={settings.sheet ?? ''}
					choices={sheets.map((name) => ({ value: name, label: name }))}
					onChange={(sheet) => onChange({ sheet })}
				/>
			) : null}
			<HeaderRow key={settings.headerRow} row={settings.headerRow} onChange={(headerRow) => onChange({ headerRow })} />
		</div>
	);
}

interface PickerProps {
	label: string;
	value: string;
	choices: readonly { value: string; label: string }[];
	onChange(value: string): void;
}

function Picker({ label, value, choices, onChange }: PickerProps) {
	return (
		<label className={styles.picker}>
			{label}
			<select value={value} onChange={(event) => onChange(event.target.value)}>
				{choices.map((choice) => (
					<option key={choice.value} value={choice.value}>
						{choice.label}
					</option>
				))}
			</select>
		</label>
	);
}

function HeaderRow({ row, onChange }: { row: number; onChange(row: number): void }) {
	const id = useId();
	return (
		<label className={styles.picker} htmlFor={id}>
			Header in row
			<input
				id={id}
				type="number"
				min={0}
				max={1000}
				defaultValue={row}
				title="0 when the file has no header"
				onChange={(event) => {
					const next = event.target.valueAsNumber;
					if (Number.isInteger(next) && next >= 0 && next <= 1000) onChange(next);
				}}
			/>
		</label>
	);
}
