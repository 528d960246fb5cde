import { useState } from 'react';
import type { SessionStatus, SignInProblem } from '../../../shared/contract/session.ts';
import { call, useAnswer } from '../../lib/core.ts';
import { exactInstant } from '../../lib/dates.ts';
import { counted } from '../../lib/numbers.ts';
import { report } from '../../lib/report.ts';
import { showToast } from '../../lib/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './SignInLine.module.css';

const problems: Record<SignInProblem, string | null> = {
	no_server: 'This workbook has no server to sign in to.',
	unreachable: 'The office cannot be reached now. Everything is saved here; sign in when you are online.',
	no_issuer: 'The server does not say where to sign in. Ask your administrator.',
	no_browser: 'The browser could not be opened. Open it once yourself and try again.',
	timed_out: 'Nobody signed in within five minutes. Try again when you like.',
	cancelled: null,
	refused: 'The sign-in was not completed. Try again; if it comes back, ask your administrator.',
	other_person: 'This workbook belongs to somebody else. Sign in as the person whose workbook it is.',
	not_open: 'Open the workbook first.',
};

/** Whether people sign in here at all: not on a sample, nor without a server. */
export function useSignsIn(): boolean {
	const state = useAnswer('session.status', {}).data?.state;
	return state !== undefined && state !== 'none' && state !== 'fixed';
}

/** Who is signed in, and the way to sign in or out. The browser does the asking; nothing here waits for it. */
export function SignInLine() {
	const session = useAnswer('session.status', {}).data;
	const [waiting, setWaiting] = useState(false);
	if (!useSignsIn() || !session) return null;
	const signIn = async () => {
		setWaiting(true);
		const answer = await window.fieldbook.signIn('begin');
		setWaiting(false);
		const words = answer.ok ? 'Signed in' : problems[answer.problem];
		if (words) showToast(words);
	};
	return (
		<div className={styles.line}>
			<p aria-live="polite">{waiting ? 'Your browser is waiting for you.' : <Standing session={session} />}</p>
			{waiting ? (
				<Button onClick={() => void window.fieldbook.signIn('cancel')}>Cancel</Button>
			) : session.state === 'signed_in' ? (
				<Button look="quiet" onClick={async () => report(await call('session.signOut', {}))}>
					Sign out
				</Button>
			) : (
				<Button look="primary" onClick={() => void signIn()}>
					{session.expiredAt ? 'Sign in again' : 'Sign in'}
				</Button>
			)}
		</div>
	);
}

function Standing({ session: { state, name, signedInAt, expiredAt } }: { session: SessionStatus }) {
	if (state === 'signed_in')
		return (
			<>
				{name ? `Signed in as ${name}` : 'Signed in'}{' '}
				{signedInAt ? <span className="muted">since {exactInstant(signedInAt)}</span> : null}
			</>
		);
	return (
		<>
			{expiredAt ? `Your sign-in ended on ${exactInstant(expiredAt)}.` : 'Not signed in.'}{' '}
			<span className="muted">You can go on working; what you write waits here.</span>
		</>
	);
}

/** Said in the last week before a laptop without a contact locks. */
export function LeaseLine({ className }: { className: string | undefined }) {
	const lease = useAnswer('session.status', {}).data?.lease;
	if (lease?.state !== 'soon' || lease.daysLeft === null) return null;
	return (
		<span className={`${className ?? ''} amber`}>
			Go online within {counted(lease.daysLeft, 'day')}: without that Fieldbook locks until you do
		</span>
	);
}
