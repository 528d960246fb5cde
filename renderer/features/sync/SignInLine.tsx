import { useState } from 'react';
import type { SessionStatus } from '../../../shared/contract/session.ts';
import { useAnswer } from '../../lib/core.ts';
import { exactInstant } from '../../lib/dates.ts';
import { counted } from '../../lib/numbers.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './SignInLine.module.css';
import { signInByBrowser, signOut } from './sign-in.ts';

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
		await signInByBrowser();
		setWaiting(false);
	};
	return (
		<div className={styles.line}>
			<p aria-live="polite">{waiting ? 'Your browser is waiting for you.' : <Standing session={session} />}</p>
			{waiting ? (
				<Button onClick={() => void window.fieldbook.signIn('cancel')}>Cancel</Button>
			) : session.state === 'signed_in' ? (
				<Button look="quiet" onClick={() => void signOut()}>
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
