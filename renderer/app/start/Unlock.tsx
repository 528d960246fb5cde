import { IconLock } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { StartState } from '../../../shared/contract/bridge.ts';
import type { LockWay, VaultAnswer } from '../../../shared/contract/vault.ts';
import { SecretBox } from '../../features/security/PassphraseFields.tsx';
import { askVault, secretOf, vaultWords } from '../../lib/vault.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './StartScreen.module.css';

type Locked = Extract<StartState, { state: 'locked' }>;

const reasons: Record<Exclude<LockWay, 'sample'>, string> = {
	both: 'Your passphrase opens it, together with this computer’s protected store.',
	passphrase: 'Your passphrase opens it.',
	'no-keyring': 'This computer has no protected keyring, so your passphrase alone protects the workbook.',
	'keyring-gone':
		'This computer’s protected store no longer gives its part of the key: it was reset, or you are signed in another way. Sign in as before and start Fieldbook again, or use the recovery code.',
};

/** The locked workbook: everything in it is as it was left. */
export function Unlock({ state }: { state: Locked }) {
	const [byCode, setByCode] = useState(state.way === 'keyring-gone');
	if (state.way === 'sample') return <UnlockSample />;
	const way = byCode ? 'code' : 'passphrase';
	return (
		<div className={styles.card}>
			<h1 className={styles.title}>Unlock your workbook</h1>
			<p className={styles.reason}>{reasons[state.way]}</p>
			<UnlockForm key={way} way={way} />
			{state.hasCode && state.way !== 'keyring-gone' ? (
				<Button look="quiet" className={styles.other} onClick={() => setByCode(!byCode)}>
					{byCode ? 'Use the passphrase' : 'Passphrase forgotten: use the recovery code'}
				</Button>
			) : null}
			<p className={styles.foot}>
				<IconLock size={14} stroke={1.6} aria-hidden />
				Encrypted on this computer. It opens without a network, and what you type here never leaves it.
			</p>
		</div>
	);
}

function UnlockSample() {
	const button = useRef<HTMLButtonElement>(null);
	useEffect(() => button.current?.focus(), []);
	return (
		<div className={styles.card}>
			<h1 className={styles.title}>The sample is locked</h1>
			<p className={styles.reason}>
				Everything in it is fictional, so a click opens it. A workbook of your own asks for its passphrase here.
			</p>
			<Button ref={button} look="primary" className={styles.submit} onClick={() => void askVault({ ask: 'open' })}>
				Open the sample
			</Button>
		</div>
	);
}

function UnlockForm({ way }: { way: 'passphrase' | 'code' }) {
	const [text, setText] = useState('');
	const [busy, setBusy] = useState(false);
	const [answer, setAnswer] = useState<VaultAnswer | null>(null);
	const box = useRef<HTMLInputElement>(null);
	useEffect(() => box.current?.focus(), []);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (text === '' || busy) return;
		setBusy(true);
		const secret = secretOf(text);
		const result = await askVault(
			way === 'code' ? { ask: 'recover', code: secret } : { ask: 'unlock', passphrase: secret },
		);
		setBusy(false);
		setAnswer(result);
		// A mistyped code stays: one sign of it is to be mended.
		if (result.ok || result.problem !== 'typo') setText('');
		box.current?.focus();
	};
	const problem = answer && !answer.ok && !busy ? vaultWords(answer) : null;
	return (
		<form onSubmit={submit} className={styles.form}>
			<SecretBox
				id="secret"
				label={way === 'code' ? 'Recovery code' : 'Passphrase'}
				value={text}
				onChange={setText}
				about="secret-problem"
				invalid={problem !== null && (text === '' || way === 'code')}
				plain={way === 'code'}
				box={box}
			/>
			<p id="secret-problem" className={problem ? `${styles.problem} ${styles.wrong}` : styles.problem} role="status">
				{busy ? 'Opening the workbook' : problem}
			</p>
			<Button type="submit" look="primary" disabled={text === '' || busy} className={styles.submit}>
				Unlock
			</Button>
		</form>
	);
}
