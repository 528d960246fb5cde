import { type FormEvent, useState } from 'react';
import { useSend } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { showUndo } from '../../lib/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './People.module.css';

interface AddPersonProps {
	accountId: string;
	onDone(): void;
	onAdded(id: string): void;
}

/** A name is enough; the rest is filled in on the sheet that opens. */
export function AddPerson({ accountId, onDone, onAdded }: AddPersonProps) {
	const [name, setName] = useState('');
	const [problem, setProblem] = useState<string | null>(null);
	const { send, pending } = useSend('contacts.create');
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		const result = await send({ account_id: accountId, full_name: name });
		if (!result.ok) return setProblem(errorLine(result.error, 'Name'));
		showUndo('Contact added');
		onDone();
		onAdded(result.value.id);
	};
	return (
		<form className={styles.add} onSubmit={(event) => void submit(event)}>
			<input
				// biome-ignore lint/a11y/noAutofocus: the person just asked for this box
				autoFocus
				aria-label="Name"
				placeholder="Name"
				className={styles.box}
				value={name}
				onChange={(event) => setName(event.target.value)}
				onKeyDown={(event) => event.key === 'Escape' && onDone()}
			/>
			<Button type="submit" disabled={pending || name.trim() === ''}>
				Add
			</Button>
			{problem ? (
				<p className="red" role="alert">
					{problem}
				</p>
			) : null}
		</form>
	);
}
