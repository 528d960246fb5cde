import type { SignInProblem } from '../../../shared/contract/session.ts';
import { call } from '../../lib/core.ts';
import { report } from '../../lib/report.ts';
import { showToast } from '../../lib/toasts.ts';

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

/** Signs in with the system's browser and says how it ended; what is written meanwhile is saved here as ever. */
export async function signInByBrowser(): Promise<void> {
	const answer = await window.fieldbook.signIn('begin');
	const words = answer.ok ? 'Signed in' : problems[answer.problem];
	if (words) showToast(words);
}

export async function signOut(): Promise<void> {
	report(await call('session.signOut', {}));
}
