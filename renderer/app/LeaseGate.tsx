import { type ReactNode, useState } from 'react';
import { SignInLine } from '../features/sync/SignInLine.tsx';
import { call, useAnswer } from '../lib/core.ts';
import { exactInstant } from '../lib/dates.ts';
import { problemWords } from '../lib/sync-words.ts';
import { Button } from '../ui/Button.tsx';
import { Mark } from './Mark.tsx';
import styles from './start/StartScreen.module.css';

/** The workbook, unless this laptop has been without a contact for longer than the office allows. */
export function LeaseGate({ children }: { children: ReactNode }) {
	const lease = useAnswer('session.status', {}).data?.lease;
	return lease?.state === 'over' ? <LeaseOver contactAt={lease.contactAt} /> : children;
}

function LeaseOver({ contactAt }: { contactAt: string | null }) {
	const [pending, setPending] = useState(false);
	const [problem, setProblem] = useState<string | null>(null);
	const connect = async () => {
		setPending(true);
		const answer = await call('sync.now', { what: 'all' });
		setPending(false);
		setProblem(answer.ok ? problemWords(answer.value.problem) : null);
	};
	return (
		<main className={styles.screen}>
			<div className={styles.brand}>
				<Mark size={20} /> Fieldbook
			</div>
			<div className={styles.card}>
				<h1 className={styles.title}>Connect once to open the workbook</h1>
				<p className={styles.reason}>
					The last contact with the office was {contactAt ? exactInstant(contactAt) : 'long ago'}. Your office lets a
					computer work only so long without one. Nothing has been deleted: everything you wrote is saved here and is
					sent with that contact.
				</p>
				{problem ? <p role="status">{problem}</p> : null}
				<SignInLine />
				<Button look="primary" disabled={pending} onClick={() => void connect()}>
					{pending ? 'Connecting' : 'Connect now'}
				</Button>
			</div>
		</main>
	);
}
