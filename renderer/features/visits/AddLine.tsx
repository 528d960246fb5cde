import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import styles from './Checklist.module.css';

interface AddLineProps {
	label: string;
	hint: string;
	/** True when it was saved; otherwise the words stay. */
	onAdd(text: string): Promise<boolean>;
}

/** The last line of a list: type and Enter, and the next one can be typed at once. */
export function AddLine({ label, hint, onAdd }: AddLineProps) {
	const [text, setText] = useState('');
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (text.trim() === '') return;
		// Emptied before it is saved, so that the next line can be typed at once and a second Enter adds nothing.
		setText('');
		if (!(await onAdd(text))) setText((next) => (next === '' ? text : `${text} ${next}`));
	};
	return (
		<form className={styles.add} onSubmit={(event) => void submit(event)}>
			<IconPlus size={14} aria-hidden />
			<input
				type="text"
				aria-label={label}
				placeholder={`${label}, for example “${hint}”`}
				maxLength={500}
				value={text}
				onChange={(event) => setText(event.target.value)}
				onKeyDown={(event) => {
					if (event.key !== 'Escape') return;
					event.preventDefault();
					event.stopPropagation();
					event.currentTarget.blur();
				}}
			/>
		</form>
	);
}
