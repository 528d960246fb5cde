import { useEffect, useId, useRef, useState } from 'react';
import type { CallError, CallResult } from '../../shared/contract/errors.ts';
import type { Field } from '../../shared/entities/define.ts';
import { errorLine } from '../lib/error-words.ts';
import { showToast } from '../lib/toasts.ts';
import { FieldInput } from './FieldInput.tsx';
import { FieldText } from './FieldText.tsx';
import styles from './InlineEdit.module.css';
import { InternalMark } from './InternalMark.tsx';

export interface Option {
	value: string;
	label: string;
}

interface InlineEditProps {
	field: Field;
	value: unknown;
	/** Sends the new value; what it answers decides whether "Saved" is said. */
	onSave?: (value: unknown) => Promise<CallResult<unknown>>;
	/** What a ref may point to. */
	options?: readonly Option[];
	/** For amounts: the currency of the record. */
	currency?: string | null;
	/** Another label than the definition's. */
	label?: string;
}

const savedShownMs = 3000;

type State = { at: 'rest' | 'saving' | 'saved' } | { at: 'failed'; error: CallError };

/**
 * One field of a record: plain text when the office owns it, otherwise an input that saves on blur, on Enter or on choice.
 * "Saved" is said after core answered; when saving fails the text stays on the screen with the reason.
 */
export function InlineEdit(props: InlineEditProps) {
	const { field, value, onSave } = props;
	const label = props.label ?? field.label;
	const id = useId();
	const edit = useDraft(value, onSave);
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
				{edit.state.at === 'failed' ? (
					<p className={styles.failed} role="alert">
						{errorLine(edit.state.error, label)}
					</p>
				) : null}
			</div>
		</div>
	);
}

export interface Draft {
	/** What stands in the input: the draft while it differs from what is stored. */
	value: unknown;
	failed: boolean;
	type(value: unknown): void;
	/** Saves the draft if it differs; a value given is saved at once. */
	save(value?: unknown): void;
	discard(): void;
}

function useDraft(stored: unknown, onSave: InlineEditProps['onSave']): Draft & { state: State } {
	const [draft, setDraft] = useState<{ value: unknown } | null>(null);
	const [state, setState] = useState<State>({ at: 'rest' });
	const turn = useRef(0);
	const sending = useRef<{ value: unknown } | null>(null);
	const shown = useRef(true);
	useEffect(() => {
		shown.current = true;
		return () => {
			shown.current = false;
		};
	}, []);
	const send = async (value: unknown) => {
		// Enter saves and the blur that follows asks again: the same value goes out once.
		if (sending.current && sending.current.value === value) return;
		const mine = ++turn.current;
		sending.current = { value };
		setState({ at: 'saving' });
		const result = await onSave?.(value);
		if (mine === turn.current) sending.current = null;
		if (mine !== turn.current || !result) return;
		// The page was left meanwhile: its words cannot stay on the screen, but that they were not saved must be said.
		if (!shown.current && !result.ok) showToast(`Not saved. ${errorLine(result.error)}`, { tone: 'red' });
		setState(result.ok ? { at: 'saved' } : { at: 'failed', error: result.error });
		// Only the text that was sent may go: what was typed meanwhile stays.
		if (result.ok) setDraft((now) => (now && now.value === value ? null : now));
	};
	useEffect(() => {
		if (state.at !== 'saved') return;
		const timer = setTimeout(() => setState({ at: 'rest' }), savedShownMs);
		return () => clearTimeout(timer);
	}, [state]);
	return {
		value: draft ? draft.value : stored,
		failed: state.at === 'failed',
		state,
		type: (value) => {
			setDraft({ value });
			setState({ at: 'rest' });
		},
		save: (given) => {
			const value = given === undefined ? draft?.value : given;
			if (given !== undefined) setDraft({ value: given });
			if ((given === undefined && !draft) || value === stored) setDraft(null);
			else void send(value);
		},
		discard: () => {
			turn.current += 1;
			sending.current = null;
			setDraft(null);
			setState({ at: 'rest' });
		},
	};
}
