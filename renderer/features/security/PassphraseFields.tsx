import type { Ref } from 'react';
import { missingCharacters, passphraseProblem, passphraseStrength } from '../../../shared/domain/passphrase.ts';
import { vaultWords } from '../../lib/vault.ts';
import styles from './Security.module.css';

interface SecretBoxProps {
	id: string;
	label: string;
	value: string;
	onChange(value: string): void;
	/** Id of what describes it. */
	about?: string;
	invalid?: boolean;
	/** Shown as typed: for a code, which has to be compared with paper. */
	plain?: boolean;
	box?: Ref<HTMLInputElement>;
}

/** A labelled box for a passphrase or a code. */
export function SecretBox({ id, label, value, onChange, about, invalid, plain, box }: SecretBoxProps) {
	return (
		<div className={styles.field}>
			<label htmlFor={id}>{label}</label>
			<input
				ref={box}
				id={id}
				type={plain ? 'text' : 'password'}
				className={plain ? `${styles.box} ${styles.code}` : styles.box}
				autoComplete="off"
				autoCapitalize={plain ? 'characters' : 'off'}
				spellCheck={false}
				maxLength={200}
				value={value}
				aria-invalid={invalid}
				aria-describedby={about}
				onChange={(event) => onChange(event.target.value)}
			/>
		</div>
	);
}

export interface NewPassphrase {
	first: string;
	again: string;
}

export function isReady({ first, again }: NewPassphrase): boolean {
	return passphraseProblem(first) === null && first === again;
}

const strengths = ['', 'Long enough', 'Good', 'Very good'] as const;

function adviceOn({ first, again }: NewPassphrase): string {
	if (first === '') return 'Four or five plain words are good, and easy to keep in mind.';
	const left = missingCharacters(first);
	if (left > 0) return `${left} more ${left === 1 ? 'character' : 'characters'}.`;
	if (passphraseProblem(first)) return vaultWords({ ok: false, problem: 'too_common' });
	if (again !== '' && again !== first) return 'The two are not the same yet.';
	return `${strengths[passphraseStrength(first)]}.`;
}

interface NewPassphraseFieldsProps {
	value: NewPassphrase;
	onChange(value: NewPassphrase): void;
	label?: string;
	box?: Ref<HTMLInputElement>;
}

/** A new passphrase, twice, and how good it is. */
export function NewPassphraseFields({ value, onChange, label = 'Passphrase', box }: NewPassphraseFieldsProps) {
	const strength = passphraseStrength(value.first);
	return (
		<>
			<SecretBox
				id="new-passphrase"
				label={label}
				value={value.first}
				onChange={(first) => onChange({ ...value, first })}
				about="new-passphrase-advice"
				box={box}
			/>
			<div className={styles.strength} aria-hidden>
				{[1, 2, 3].map((step) => (
					<span key={step} className={step <= strength ? styles.reached : undefined} />
				))}
			</div>
			<p id="new-passphrase-advice" className={styles.advice} role="status">
				{adviceOn(value)}
			</p>
			<SecretBox
				id="new-passphrase-again"
				label="Once more"
				value={value.again}
				onChange={(again) => onChange({ ...value, again })}
			/>
		</>
	);
}
