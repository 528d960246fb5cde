import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { VaultAnswer } from '../../../shared/contract/vault.ts';
import { askVault, secretOf, vaultWords } from '../../lib/vault.ts';
import { Button } from '../../ui/Button.tsx';
import { SecretBox } from './PassphraseFields.tsx';
import styles from './Security.module.css';

interface KeepCodeProps {
	/** ASCII, as main gives it. */
	code: Uint8Array;
	/** What is done when it is confirmed. */
	finish: string;
	onDone(): void;
	/** Given where one may leave it: the code before stays good. */
	onCancel?: () => void;
}

/** Two different groups, to be typed from what was kept. */
function twoGroups(count: number): [number, number] {
	const draw = (below: number) => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % below;
	const first = draw(count - 1);
	return [first + 1, first + 2 + draw(count - 1 - first)];
}

/** Shows a recovery code once, to be printed or written down, and has two of its groups typed. */
export function KeepCode({ code, finish, onDone, onCancel }: KeepCodeProps) {
	const [kept, setKept] = useState(false);
	const groups = new TextDecoder().decode(code).split('-');
	const [asked] = useState(() => twoGroups(groups.length));
	if (kept) return <ConfirmCode asked={asked} finish={finish} onDone={onDone} onBack={() => setKept(false)} />;
	return (
		<div className={styles.sheet}>
			<h2 className={styles.sheetTitle}>Your recovery code</h2>
			<p className={styles.words}>
				It opens this workbook when the passphrase is forgotten, or when this computer’s own protection is lost. It is
				shown only now. Print it or write it down, and keep it away from the computer.
			</p>
			<ol className={styles.groups} aria-label="Recovery code">
				{groups.map((group, index) => (
					<li key={group}>
						<span className={styles.number}>{index + 1}</span>
						{group}
					</li>
				))}
			</ol>
			<p className={styles.printed}>
				Fieldbook, {new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })}. There
				is no 0, O, 1 or I in it. Whoever has this page and the computer can read the workbook.
			</p>
			<div className={styles.buttons}>
				<Button look="primary" onClick={() => setKept(true)}>
					I have kept it
				</Button>
				<Button onClick={() => window.print()}>Print</Button>
				{onCancel ? (
					<Button look="quiet" onClick={onCancel}>
						Cancel
					</Button>
				) : null}
			</div>
		</div>
	);
}

interface ConfirmCodeProps {
	asked: [number, number];
	finish: string;
	onDone(): void;
	onBack(): void;
}

function ConfirmCode({ asked, finish, onDone, onBack }: ConfirmCodeProps) {
	const [typed, setTyped] = useState({ first: '', second: '' });
	const [answer, setAnswer] = useState<VaultAnswer | null>(null);
	const [busy, setBusy] = useState(false);
	const box = useRef<HTMLInputElement>(null);
	useEffect(() => box.current?.focus(), []);
	const [first, second] = asked;
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		if (busy) return;
		setBusy(true);
		const groups = secretOf(typed.first + typed.second);
		const result = await askVault({ ask: 'confirm', first, second, groups });
		setBusy(false);
		setAnswer(result);
		if (result.ok) onDone();
	};
	const problem = answer && !answer.ok ? vaultWords(answer) : null;
	return (
		<form onSubmit={submit} className={styles.sheet}>
			<h2 className={styles.sheetTitle}>Two groups of it</h2>
			<p className={styles.words}>Type them from what you kept. Nothing is changed before.</p>
			<div className={styles.two}>
				<SecretBox
					id="code-first"
					label={`Group ${first}`}
					value={typed.first}
					onChange={(value) => setTyped({ ...typed, first: value })}
					about="code-problem"
					invalid={problem !== null}
					plain
					box={box}
				/>
				<SecretBox
					id="code-second"
					label={`Group ${second}`}
					value={typed.second}
					onChange={(value) => setTyped({ ...typed, second: value })}
					about="code-problem"
					invalid={problem !== null}
					plain
				/>
			</div>
			<p id="code-problem" className={problem ? `${styles.advice} ${styles.wrong}` : styles.advice} role="status">
				{problem}
			</p>
			<div className={styles.buttons}>
				<Button type="submit" look="primary" disabled={busy || typed.first === '' || typed.second === ''}>
					{finish}
				</Button>
				<Button look="quiet" onClick={onBack}>
					Show the code again
				</Button>
			</div>
		</form>
	);
}
