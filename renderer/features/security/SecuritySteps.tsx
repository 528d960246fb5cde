import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { VaultAnswer } from '../../../shared/contract/vault.ts';
import { showToast } from '../../lib/toasts.ts';
import { askVault, secretOf, vaultWords } from '../../lib/vault.ts';
import { Button } from '../../ui/Button.tsx';
import { KeepCode } from './KeepCode.tsx';
import { isReady, NewPassphraseFields, SecretBox } from './PassphraseFields.tsx';
import styles from './Security.module.css';

interface StepProps {
	/** `said`: what was done; null when it was left. */
	onLeave(said: string | null): void;
}

interface StepFormProps extends StepProps {
	title: string;
	words: string;
	action: string;
	/** The current passphrase is asked for by every step. */
	onSubmit(passphrase: Uint8Array): Promise<VaultAnswer>;
	ready?: boolean;
	children?: ReactNode;
}

/** One change, which wants the passphrase of today. */
function StepForm({ title, words, action, onSubmit, onLeave, ready = true, children }: StepFormProps) {
	const [passphrase, setPassphrase] = useState('');
	const [answer, setAnswer] = useState<VaultAnswer | null>(null);
	const [busy, setBusy] = useState(false);
	const box = useRef<HTMLInputElement>(null);
	useEffect(() => box.current?.focus(), []);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy || !ready || passphrase === '') return;
		setBusy(true);
		setAnswer(null);
		const result = await onSubmit(secretOf(passphrase));
		setBusy(false);
		setAnswer(result);
	};
	const problem = answer && !answer.ok ? vaultWords(answer) : null;
	return (
		<form className={styles.step} onSubmit={submit} aria-label={title}>
			<h3 className={styles.stepTitle}>{title}</h3>
			<p className={styles.words}>{words}</p>
			<SecretBox
				id="current-passphrase"
				label="Your passphrase now"
				value={passphrase}
				onChange={setPassphrase}
				about="step-problem"
				invalid={problem !== null}
				box={box}
			/>
			{children}
			<p id="step-problem" className={problem ? `${styles.advice} ${styles.wrong}` : styles.advice} role="status">
				{busy ? 'A moment' : problem}
			</p>
			<div className={styles.buttons}>
				<Button type="submit" look="primary" disabled={busy || !ready || passphrase === ''}>
					{action}
				</Button>
				<Button look="quiet" onClick={() => onLeave(null)}>
					Cancel
				</Button>
			</div>
		</form>
	);
}

export function ChangePassphrase({ onLeave }: StepProps) {
	const [next, setNext] = useState({ first: '', again: '' });
	const submit = async (passphrase: Uint8Array) => {
		const answer = await askVault({ ask: 'change', passphrase, next: secretOf(next.first) });
		if (answer.ok) onLeave('The passphrase was changed. The recovery code stays good.');
		return answer;
	};
	return (
		<StepForm
			title="Change the passphrase"
			words="The old one opens nothing afterwards, except backups made before."
			action="Change the passphrase"
			onSubmit={submit}
			onLeave={onLeave}
			ready={isReady(next)}
		>
			<NewPassphraseFields value={next} onChange={setNext} label="New passphrase" />
		</StepForm>
	);
}

export function NewCode({ onLeave }: StepProps) {
	const [code, setCode] = useState<Uint8Array | null>(null);
	const submit = async (passphrase: Uint8Array) => {
		const answer = await askVault({ ask: 'newCode', passphrase });
		if (answer.ok && answer.code) setCode(answer.code);
		return answer;
	};
	if (code)
		return (
			<div className={styles.step}>
				<KeepCode
					code={code}
					finish="Use this code"
					onDone={() => onLeave('The new recovery code holds. Destroy the old page.')}
					onCancel={() => onLeave(null)}
				/>
			</div>
		);
	return (
		<StepForm
			title="New recovery code"
			words="The one you have now stays good until you have confirmed the new one."
			action="Make a code"
			onSubmit={submit}
			onLeave={onLeave}
		/>
	);
}

export function ChangeKey({ onLeave }: StepProps) {
	const submit = async (passphrase: Uint8Array) => {
		const answer = await askVault({ ask: 'rotate', passphrase });
		// The page has been drawn anew meanwhile.
		if (answer.ok) showToast('The workbook has a new key. Passphrase and recovery code are as before.');
		else if (answer.problem !== 'wrong') showToast(vaultWords(answer), { tone: 'red' });
		return answer;
	};
	return (
		<StepForm
			title="Change the key"
			words="Writes the whole workbook anew under another key, for when somebody may have had a copy of the old one. Passphrase and recovery code stay as they are. It takes seconds, and as much free space as the workbook has."
			action="Change the key"
			onSubmit={submit}
			onLeave={onLeave}
		/>
	);
}
