import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { CallResult } from '../../shared/contract/errors.ts';
import { errorLine } from '../lib/error-words.ts';
import { keepWords } from '../lib/kept-words.ts';
import { places } from '../lib/places.ts';
import { showToast } from '../lib/toasts.ts';
import { useUnsaved } from '../lib/unsaved.ts';
import styles from './TitleEdit.module.css';

interface TitleEditProps {
	label: string;
	value: string;
	placeholder?: string;
	/** `seen` is the title that stood there when the typing began. */
	onSave(value: string, seen: string): Promise<CallResult<unknown>>;
	/** Enter also goes on to what follows the title. */
	onEnter?: () => void;
	autoFocus?: boolean;
}

const metTitle = 'A colleague changed this title while you typed. Both are kept until you decide.';

interface Held {
	draft: string | null;
	value: string;
	label: string;
	onSave: TitleEditProps['onSave'];
}

/** A title that was still being typed when its page went: it is saved, or at least stays on the screen. */
async function saveLast({ draft, value, label, onSave }: Held, seen: string): Promise<void> {
	const title = draft?.trim();
	if (title === undefined || title === value) return;
	const result = await onSave(title, seen);
	if (!result.ok) keepWords(label, title, { isGone: result.error.code === 'not_found' });
}

/** A page's title that is typed over in place: saved when left, put back by Esc; a text that cannot be saved stays. */
export function TitleEdit({ label, value, placeholder, onSave, onEnter, autoFocus = false }: TitleEditProps) {
	const [draft, setDraft] = useState<string | null>(null);
	const [failed, setFailed] = useState(false);
	const seen = useRef(value);
	useUnsaved(failed && draft !== null);
	const save = async () => {
		if (draft === null || draft.trim() === value) return setDraft(null);
		const result = await onSave(draft.trim(), seen.current);
		setFailed(!result.ok);
		if (result.ok && seen.current !== value) showToast(metTitle, { link: { to: places.sync, word: 'Decide' } });
		if (result.ok) setDraft(null);
		else showToast(errorLine(result.error, label), { tone: 'red' });
	};
	const held = useRef<Held>({ draft: null, value, label, onSave });
	useEffect(() => {
		held.current = { draft, value, label, onSave };
	});
	// The page may go while a title is being typed: a colleague deleted the record, or its account has left.
	useEffect(() => () => void saveLast(held.current, seen.current), []);
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
			onChange={(event) => {
				if (draft === null) seen.current = value;
				setDraft(event.target.value);
			}}
			onBlur={() => void save()}
			onKeyDown={onKeyDown}
		/>
	);
}
