import { type KeyboardEvent, useState } from 'react';
import type { CallResult } from '../../shared/contract/errors.ts';
import { errorLine } from '../lib/error-words.ts';
import { showToast } from '../lib/toasts.ts';
import { useUnsaved } from '../lib/unsaved.ts';
import styles from './TitleEdit.module.css';

interface TitleEditProps {
	label: string;
	value: string;
	placeholder?: string;
	onSave(value: string): Promise<CallResult<unknown>>;
	/** Enter also goes on to what follows the title. */
	onEnter?: () => void;
	autoFocus?: boolean;
}

/** A page's title that is typed over in place: saved when left, put back by Esc; a text that cannot be saved stays. */
export function TitleEdit({ label, value, placeholder, onSave, onEnter, autoFocus = false }: TitleEditProps) {
	const [draft, setDraft] = useState<string | null>(null);
	const [failed, setFailed] = useState(false);
	useUnsaved(failed && draft !== null);
	const save = async () => {
		if (draft === null || draft.trim() === value) return setDraft(null);
		const result = await onSave(draft.trim());
		setFailed(!result.ok);
		if (result.ok) setDraft(null);
		else showToast(errorLine(result.error, label), { tone: 'red' });
	};
	const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
		if (event.key === 'Escape') setDraft(null);
		else if (event.key !== 'Enter') return;
		event.preventDefault();
		event.stopPropagation();
		event.currentTarget.blur();
		if (event.key === 'Enter') onEnter?.();
	};
	return (
		<input
			type="text"
			className={styles.title}
			aria-label={label}
			aria-invalid={failed}
			// biome-ignore lint/a11y/noAutofocus: only for a record just made, whose name comes first
			autoFocus={autoFocus}
			maxLength={500}
			placeholder={placeholder}
			value={draft ?? value}
			onChange={(event) => setDraft(event.target.value)}
			onBlur={() => void save()}
			onKeyDown={onKeyDown}
		/>
	);
}
