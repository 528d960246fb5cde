import { useId } from 'react';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { Field } from '../../shared/entities/define.ts';
import { copyText } from '../lib/copy-text.ts';
import { errorLine } from '../lib/error-words.ts';
import { Button } from './Button.tsx';
import { FieldInput } from './FieldInput.tsx';
import { FieldText } from './FieldText.tsx';
import styles from './InlineEdit.module.css';
import { InternalMark } from './InternalMark.tsx';
import { type FieldOf, MeanwhileNotice } from './MeanwhileNotice.tsx';
import { useDraft } from './use-draft.ts';

export interface Option {
	value: string;
	label: string;
}

interface InlineEditProps {
	field: Field;
	value: unknown;
	/** Sends the new value with the one that was typed over; what it answers decides whether "Saved" is said. */
	onSave?: (value: unknown, seen: unknown) => Promise<CallResult<unknown>>;
	/** Which field of which record it is, to tell who else changed it. */
	of?: FieldOf | undefined;
	/** What a ref may point to. */
	options?: readonly Option[];
	/** For amounts: the currency of the record. */
	currency?: string | null;
	/** Another label than the definition's. */
	label?: string;
}

const gone = 'Not saved: this has left this computer. What you typed stays on this screen.';

/**
 * One field of a record: plain text when the office owns it, otherwise an input that saves when the keys
 * rest, on blur, on Enter or on choice.
 * "Saved" is said after core answered; when saving fails the text stays on the screen with the reason.
 */
export function InlineEdit(props: InlineEditProps) {
	const { field, value, onSave } = props;
	const label = props.label ?? field.label;
	const id = useId();
	const isWords = field.kind === 'text' || field.kind === 'long-text';
	const edit = useDraft(value, onSave, isWords ? label : null);
	const isGone = edit.state.at === 'failed' && edit.state.error.code === 'not_found';
	const readOnly = field.office === true || !onSave;
	const row = field.internal ? `${styles.row} ${styles.internal}` : styles.row;
	return (
		<div className={row}>
			<label htmlFor={readOnly ? undefined : id} className={styles.label}>
				{label} {field.internal ? <InternalMark /> : null}
			</label>
			<div className={styles.value}>
				{readOnly ? (
					<FieldText field={field} value={value} options={props.options} currency={props.currency} />
				) : (
					<FieldInput id={id} field={field} options={props.options} edit={edit} />
				)}
				<span className={styles.state} role="status">
					{edit.state.at === 'saved' ? 'Saved' : null}
				</span>
				{edit.meanwhile && !readOnly ? (
					<MeanwhileNotice
						field={field}
						options={props.options}
						of={props.of}
						edit={edit}
						meanwhile={edit.meanwhile}
						input={id}
					/>
				) : null}
				{edit.state.at === 'failed' ? (
					<p className={styles.failed} role="alert">
						{isGone ? gone : errorLine(edit.state.error, label)}{' '}
						{isGone && isWords ? (
							<Button look="quiet" onClick={() => void copyText(String(edit.value ?? ''), 'Copied as text')}>
								Copy as text
							</Button>
						) : null}
					</p>
				) : null}
			</div>
		</div>
	);
}
