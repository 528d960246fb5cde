import type { InputHTMLAttributes, KeyboardEvent, ReactNode } from 'react';
import { runCommand } from '../lib/use-command.ts';
import { Button } from './Button.tsx';
import styles from './FormPanel.module.css';

/** Ctrl+Enter in an open list: the list has taken the key for its chosen line, and the form is still to be saved. */
function savesFromList(event: KeyboardEvent): boolean {
	return event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.defaultPrevented;
}

/** A surface on which something new is typed. Esc leaves from any field, but first closes a list that is open. */
export function FormPanel({ onLeave, children }: { onLeave(): void; children: ReactNode }) {
	const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
		if (savesFromList(event)) setTimeout(() => runCommand('record.save'));
		const open = (event.target as Element).getAttribute('aria-expanded') === 'true';
		if (event.key !== 'Escape' || open) return;
		event.preventDefault();
		event.stopPropagation();
		onLeave();
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: Esc leaves from any field
		<div className={styles.panel} onKeyDown={onKeyDown}>
			{children}
		</div>
	);
}

/** What the new thing is called: the first box, and the largest. */
export function FormTitle(props: InputHTMLAttributes<HTMLInputElement>) {
	// biome-ignore lint/a11y/noAutofocus: the person asked for this form
	return <input type="text" maxLength={500} autoFocus className={styles.title} {...props} />;
}

/** Fields two by two. */
export function FormFields({ children }: { children: ReactNode }) {
	return <div className={styles.fields}>{children}</div>;
}

interface FormFieldProps {
	label: string;
	/** Id of the box. */
	target: string;
	problem?: string | undefined;
	children: ReactNode;
}

export function FormField({ label, target, problem, children }: FormFieldProps) {
	return (
		<div className={styles.field}>
			<label htmlFor={target}>{label}</label>
			{children}
			<FormProblem text={problem} />
		</div>
	);
}

export function FormBox(props: InputHTMLAttributes<HTMLInputElement>) {
	return <input type="text" className={styles.box} {...props} />;
}

export function FormProblem({ text }: { text: string | undefined }) {
	if (!text) return null;
	return (
		<p className={styles.problem} role="alert">
			{text}
		</p>
	);
}

/** Buttons; `note` stands at the right. */
export function FormFoot({ note, children }: { note?: ReactNode; children: ReactNode }) {
	return (
		<div className={styles.foot}>
			{children}
			{note ? <span className={styles.note}>{note}</span> : null}
		</div>
	);
}

/** At the foot of a form with words in it: leaving loses none of them, and how to be rid of them. */
export function FormKept({ onDiscard }: { onDiscard(): void }) {
	return (
		<>
			Leaving keeps what you typed.{' '}
			<Button look="quiet" onClick={onDiscard}>
				Discard
			</Button>
		</>
	);
}
