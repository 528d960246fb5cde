/** Where a person signs in. */
export interface SignInPlace {
	issuer: string;
	clientId: string;
	/** What is asked for, with blanks between. */
	scope: string;
}

/** What a sign-in brings. It goes from main to core and nowhere else; no page ever sees it. */
export interface SignedIn {
	issuer: string;
	clientId: string;
	scope: string;
	/** Who signed in, for the issuer. */
	subject: string;
	accessToken: string;
	/** When that token ends, in milliseconds since 1970 UTC. */
	endsAt: number;
	refreshToken: string;
}

/** How this laptop stands with its server. Instants are UTC ISO strings. */
export interface SessionStatus {
	/**
	 * `none`: there is no server. `fixed`: a token that never ends, given at the start. `signed_in`. `expired`: the issuer
	 * wants the person to sign in again. `signed_out`: nobody has signed in yet, or somebody signed out.
	 */
	state: 'none' | 'fixed' | 'signed_in' | 'expired' | 'signed_out';
	/** Whose workbook it is, as the server last said it. */
	name: string | null;
	signedInAt: string | null;
	expiredAt: string | null;
	lease: Lease;
}

/** How long the laptop may still work without a contact. */
export interface Lease {
	/** `none`: for ever. `soon`: a week or less is left. `over`: it opens after the next contact. */
	state: 'none' | 'ok' | 'soon' | 'over';
	/** Whole days left. */
	daysLeft: number | null;
	/** The last contact. */
	contactAt: string | null;
}

/** Why a sign-in did not succeed; the words are the renderer's. */
export type SignInProblem =
	| 'no_server'
	/** The server or its issuer cannot be reached. */
	| 'unreachable'
	/** The server has no issuer. */
	| 'no_issuer'
	/** The browser could not be opened. */
	| 'no_browser'
	| 'timed_out'
	| 'cancelled'
	/** The issuer said no, or its answer was not the one to our question. */
	| 'refused'
	/** The workbook on this computer is somebody else's. */
	| 'other_person'
	/** The store is locked or failed. */
	| 'not_open';

export type SignInAnswer = { ok: true } | { ok: false; problem: SignInProblem };
