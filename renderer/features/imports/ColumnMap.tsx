import { memo } from 'react';
import type { DateStyle, ImportColumn, ImportPreview } from '../../../shared/contract/models.ts';
import { count } from '../../lib/numbers.ts';
import styles from './Import.module.css';
import { dateStyleWords, sureness } from './import-words.ts';

interface ColumnMapProps {
	preview: ImportPreview;
	onTarget(index: number, target: string | null): void;
	onStyle(index: number, style: DateStyle): void;
}

/** Which column becomes which field, with what is in it and how sure the guess is. */
export function ColumnMap({ preview, onTarget, onStyle }: ColumnMapProps) {
	const groups = Map.groupBy(preview.targets, (target) => target.group);
	return (
		<table className={styles.table} aria-label="Columns of the file">
			<colgroup>
				<col style={{ width: '18%' }} />
				<col />
				<col style={{ width: 208 }} />
				<col style={{ width: 64 }} />
				<col style={{ width: 330 }} />
			</colgroup>
			<thead>
				<tr>
					<th scope="col">Column</th>
					<th scope="col">In it</th>
					<th scope="col">Becomes</th>
					<th scope="col">Guess</th>
					<th scope="col">Dates as</th>
				</tr>
			</thead>
			<tbody>
				{preview.columns.map((column) => (
					<ColumnLine key={column.index} column={column} groups={groups} onTarget={onTarget} onStyle={onStyle} />
				))}
			</tbody>
		</table>
	);
}

interface ColumnLineProps {
	column: ImportColumn;
	groups: Map<string, ImportPreview['targets']>;
	onTarget: ColumnMapProps['onTarget'];
	onStyle: ColumnMapProps['onStyle'];
}

const ColumnLine = memo(function ColumnLine({ column, groups, onTarget, onStyle }: ColumnLineProps) {
	const { index, header, target, confidence, samples } = column;
	const sure = sureness(confidence);
	return (
		<tr className={target ? undefined : styles.left}>
			<th scope="row" title={header}>
				{header || <span className="muted">Column {index + 1}</span>}
			</th>
			<td className="muted" title={samples.join('\n')}>
				{samples.join(' · ') || 'empty'}
			</td>
			<td>
				<select
					aria-label={`${header} becomes`}
					value={target ?? ''}
					onChange={(event) => onTarget(index, event.target.value || null)}
				>
					<option value="">Left out</option>
					{[...groups].map(([group, targets]) => (
						<optgroup key={group} label={group}>
							{targets.map((choice) => (
								<option key={choice.value} value={choice.value}>
									{choice.label}
								</option>
							))}
						</optgroup>
					))}
				</select>
			</td>
			<td className={sure.tone}>{target ? sure.word : null}</td>
			<td>{column.dateStyle ? <DateStyles column={column} onStyle={onStyle} /> : null}</td>
		</tr>
	);
});

/** The order of day, month and year of one column, with what was seen in it. */
function DateStyles({ column, onStyle }: { column: ImportColumn; onStyle: ColumnMapProps['onStyle'] }) {
	const seen = Object.entries(column.dateStylesSeen ?? {}).map(([style, times]) => `${count(times)} ${style}`);
	return (
		<div className={styles.dates}>
			<select
				aria-label={`Dates of ${column.header}`}
				value={column.dateStyle}
				onChange={(event) => onStyle(column.index, event.target.value as DateStyle)}
			>
				{Object.entries(dateStyleWords).map(([style, words]) => (
					<option key={style} value={style}>
						{words}
					</option>
				))}
			</select>
			<span className={styles.seen} title={seen.join('\n')}>
				{seen.join(', ')}
			</span>
		</div>
	);
}
