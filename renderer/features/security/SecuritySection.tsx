import { useCallback, useEffect, useState } from 'react';
import type { SecurityFacts } from '../../../shared/contract/vault.ts';
import { dayOf, plainDate } from '../../lib/dates.ts';
import { useSettings } from '../../lib/settings.tsx';
import { showToast } from '../../lib/toasts.ts';
import { runCommand } from '../../lib/use-command.ts';
import { askVault } from '../../lib/vault.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import styles from './Security.module.css';
import { ChangeKey, ChangePassphrase, NewCode } from './SecuritySteps.tsx';

const waits = [
	{ minutes: 5, word: 'After 5 minutes' },
	{ minutes: 10, word: 'After 10 minutes' },
	{ minutes: 30, word: 'After 30 minutes' },
	{ minutes: 60, word: 'After an hour' },
	{ minutes: 0, word: 'Never by itself' },
] as const;

const ways: Record<SecurityFacts['opens'], string> = {
	sample: 'By itself: everything in the sample is fictional, and its key lies beside it.',
	both: 'Your passphrase together with this computer’s protected store. Neither opens it alone.',
	passphrase: 'Your passphrase alone: this computer had no protected store when it was chosen.',
};

/** What opens the workbook, and what can be changed about it. */
export function SecuritySection() {
	const [facts, setFacts] = useState<SecurityFacts | null>(null);
	const [step, setStep] = useState<'passphrase' | 'code' | 'key' | null>(null);
	const load = useCallback(async () => {
		const answer = await askVault({ ask: 'facts' });
		if (answer.ok && answer.facts) setFacts(answer.facts);
	}, []);
	useEffect(() => void load(), [load]);
	const finish = (said: string | null) => {
		setStep(null);
		if (said) showToast(said);
		void load();
	};
	if (!facts) return null;
	const isSample = facts.opens === 'sample';
	return (
		<Section title="Security">
			<Panel>
				<Facts facts={facts} />
				<div className={styles.buttons}>
					<Button onClick={() => runCommand('lock')} hint={<CommandKbd id="lock" />}>
						Lock now
					</Button>
					{isSample ? null : (
						<>
							<Button onClick={() => setStep('passphrase')}>Change the passphrase</Button>
							<Button onClick={() => setStep('code')}>New recovery code</Button>
							<Button onClick={() => setStep('key')}>Change the key</Button>
						</>
					)}
				</div>
				{step === 'passphrase' ? <ChangePassphrase onLeave={finish} /> : null}
				{step === 'code' ? <NewCode onLeave={finish} /> : null}
				{step === 'key' ? <ChangeKey onLeave={finish} /> : null}
			</Panel>
		</Section>
	);
}

function Facts({ facts }: { facts: SecurityFacts }) {
	const since = (at: string | null) => (at ? plainDate(dayOf(at)) : 'Not known');
	return (
		<dl className={styles.facts}>
			<div className={styles.fact}>
				<dt>Opened by</dt>
				<dd>{ways[facts.opens]}</dd>
			</div>
			{facts.opens === 'sample' ? null : (
				<>
					<div className={styles.fact}>
						<dt>Passphrase since</dt>
						<dd>{since(facts.passphraseSince)}</dd>
					</div>
					<div className={styles.fact}>
						<dt>Recovery code</dt>
						<dd>{facts.codeSince ? `Made ${since(facts.codeSince)}` : 'None: make one now'}</dd>
					</div>
					<div className={styles.fact}>
						<dt>Key since</dt>
						<dd>{since(facts.keySince)}</dd>
					</div>
				</>
			)}
			{facts.organisation ? (
				<div className={styles.fact}>
					<dt>Organisation</dt>
					<dd>{facts.organisation} can open this workbook with its own key.</dd>
				</div>
			) : null}
			<AutoLock isSample={facts.opens === 'sample'} />
		</dl>
	);
}

function AutoLock({ isSample }: { isSample: boolean }) {
	const { settings, change } = useSettings();
	return (
		<div className={styles.fact}>
			<dt>{isSample ? 'Locks' : <label htmlFor="auto-lock">Locks</label>}</dt>
			<dd>
				{isSample ? (
					'When you ask, and when the computer sleeps or locks its screen.'
				) : (
					<>
						<select
							id="auto-lock"
							className={styles.select}
							value={settings.autoLock}
							onChange={(event) => change({ autoLock: Number(event.target.value) })}
						>
							{waits.map(({ minutes, word }) => (
								<option key={minutes} value={minutes}>
									{word}
								</option>
							))}
						</select>{' '}
						<span className="muted">
							without a key or a mouse, and whenever the computer sleeps or locks its screen.
						</span>
					</>
				)}
			</dd>
		</div>
	);
}
