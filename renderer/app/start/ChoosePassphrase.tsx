import { IconLock } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { StartState } from '../../../shared/contract/bridge.ts';
import type { NewWhy, VaultAnswer } from '../../../shared/contract/vault.ts';
import { isReady, NewPassphraseFields } from '../../features/security/PassphraseFields.tsx';
import { askVault, secretOf, vaultWords } from '../../lib/vault.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './StartScreen.module.css';

type New = Extract<StartState, { state: 'new' }>;

const begins: Record<NewWhy, string> = {
	first: 'It opens your workbook on this computer.',
	upgrade:
		'Until now this computer opened your workbook alone. From now on it wants a passphrase too; nothing else changes.',
	recovered: 'The recovery code is right. Choose a passphrase for from now on; the code stays good.',
};

const alone = 'This computer has no protected keyring, so the passphrase alone protects your data.';
const both = 'This computer’s protected store takes part: neither it nor the passphrase opens the workbook alone.';

/** A passphrase for a workbook that has none, or that was opened by another way. */
export function ChoosePassphrase({ state }: { state: New }) {
	const [words, setWords] = useState({ first: '', again: '' });
	const [busy, setBusy] = useState(false);
	const [answer, setAnswer] = useState<VaultAnswer | null>(null);
	const box = useRef<HTMLInputElement>(null);
	useEffect(() => box.current?.focus(), []);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (!isReady(words) || busy) return;
		setBusy(true);
		setAnswer(await askVault({ ask: 'choose', passphrase: secretOf(words.first) }));
		setBusy(false);
	};
	const problem = answer && !answer.ok ? vaultWords(answer) : null;
	return (
		<form className={styles.card} onSubmit={submit}>
			<h1 className={styles.title}>Choose a passphrase</h1>
			<p className={styles.reason}>{begins[state.why]}</p>
			<NewPassphraseFields value={words} onChange={setWords} box={box} />
			<p className={problem ? `${styles.problem} ${styles.wrong}` : styles.problem} role="status">
				{busy ? 'A moment' : problem}
			</p>
			<Button type="submit" look="primary" disabled={!isReady(words) || busy} className={styles.submit}>
				{state.why === 'recovered' ? 'Open the workbook' : 'Continue'}
			</Button>
			<p className={styles.foot}>
				<IconLock size={14} stroke={1.6} aria-hidden />
				{state.keyring ? both : alone}
			</p>
		</form>
	);
}
