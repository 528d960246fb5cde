import type { Configuration } from 'openid-client';
import type { SignedIn, SignInPlace, SignInProblem } from '../../../shared/contract/session.ts';
import { waitForBrowser } from './loopback.ts';
import { trustSystem } from './system-trust.ts';

export class SignInError extends Error {
	readonly problem: SignInProblem;

	constructor(problem: SignInProblem, message: string) {
		super(message);
		this.problem = problem;
	}
}

export interface SignInSetup {
	place: SignInPlace;
	/** Opens a page in the person's own browser; false when it may not or cannot. */
	openBrowser(url: string): boolean | Promise<boolean>;
	/** Ends the sign-in: the person changed their mind. */
	signal: AbortSignal;
	fetch?: typeof fetch;
	/** How long a person may take in the browser, in ms. */
	patienceMs?: number;
}

const PATIENCE_MS = 5 * 60_000;

/**
 * Signs a person in with the system's browser: OpenID Connect, authorization code with PKCE, and a door on this computer
 * for the answer (RFC 8252). The person's password is never seen here. Throws SignInError.
 */
export async function signIn(setup: SignInSetup): Promise<SignedIn> {
	const patience = AbortSignal.timeout(setup.patienceMs ?? PATIENCE_MS);
	const signal = AbortSignal.any([setup.signal, patience]);
	const configuration = await describeIssuer(setup);
	try {
		return await inBrowser(setup, configuration, signal);
	} catch (error) {
		if (error instanceof SignInError) throw error;
		if (setup.signal.aborted) throw new SignInError('cancelled', 'The sign-in was called off.');
		if (patience.aborted) throw new SignInError('timed_out', 'Nobody signed in within five minutes.');
		if (error instanceof TypeError && error.message === 'fetch failed')
			throw new SignInError('unreachable', 'The issuer cannot be reached.');
		throw new SignInError('refused', error instanceof Error ? error.message : String(error));
	}
}

async function describeIssuer({ place, fetch: ownFetch = fetch }: SignInSetup): Promise<Configuration> {
	const { allowInsecureRequests, customFetch, discovery, enableNonRepudiationChecks, None } = await import(
		'openid-client'
	);
	// An open line is for this computer only.
	const isHere = isThisComputer(place.issuer);
	if (!isHere) trustSystem();
	try {
		return await discovery(new URL(place.issuer), place.clientId, undefined, None(), {
			// Addresses come from the issuer's own description; nowhere does anything lead further.
			[customFetch]: (url: string, options: object) => ownFetch(url, { ...options, redirect: 'error' }),
			execute: isHere ? [allowInsecureRequests, enableNonRepudiationChecks] : [enableNonRepudiationChecks],
			timeout: 20,
		});
	} catch (error) {
		throw new SignInError('unreachable', error instanceof Error ? error.message : String(error));
	}
}

async function inBrowser(setup: SignInSetup, configuration: Configuration, signal: AbortSignal): Promise<SignedIn> {
	const client = await import('openid-client');
	const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
	const door = await waitForBrowser(state, signal);
	try {
		const url = client.buildAuthorizationUrl(configuration, {
			redirect_uri: door.redirectUri,
			scope: setup.place.scope,
			code_challenge: await client.calculatePKCECodeChallenge(verifier),
			code_challenge_method: 'S256',
			state,
			nonce,
			// A refresh token is given to somebody who was asked.
			prompt: 'consent',
		});
		if (!(await setup.openBrowser(url.href))) throw new SignInError('no_browser', 'The browser could not be opened.');
		const answer = await door.answer;
		const reply = await client.authorizationCodeGrant(configuration, answer, {
			pkceCodeVerifier: verifier,
			expectedState: state,
			expectedNonce: nonce,
			idTokenExpected: true,
		});
		const subject = reply.claims()?.sub;
		if (!reply.refresh_token || !subject) throw new SignInError('refused', 'The issuer gives no lasting session.');
		return {
			...setup.place,
			subject,
			accessToken: reply.access_token,
			endsAt: Date.now() + (reply.expires_in ?? 60) * 1000,
			refreshToken: reply.refresh_token,
		};
	} finally {
		door.close();
	}
}

/** True for an address on this computer, given as a number. */
export function isThisComputer(url: string): boolean {
	return URL.canParse(url) && new URL(url).protocol === 'http:' && new URL(url).hostname === '127.0.0.1';
}
