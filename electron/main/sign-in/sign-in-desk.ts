import type { CallResult } from '../../../shared/contract/errors.ts';
import type { SignedIn, SignInAnswer, SignInPlace, SignInProblem } from '../../../shared/contract/session.ts';
import { openSignInPage } from '../external-link.ts';
import { SignInError, signIn } from './sign-in.ts';

export interface SignInParts {
	workspace: {
		call(method: string, input: unknown): Promise<CallResult<unknown>>;
		/** False when the workbook is another person's. */
		signIn(signedIn: SignedIn): Promise<boolean>;
	};
	openExternal(link: string): Promise<void>;
}

const PROBLEM_BY_CODE: Readonly<Record<string, SignInProblem>> = {
	offline: 'unreachable',
	server_error: 'no_issuer',
	store_locked: 'not_open',
};

/** One sign-in at a time: beginning another ends the one that waits. */
export class SignInDesk {
	readonly #parts: SignInParts;
	#running: AbortController | undefined;

	constructor(parts: SignInParts) {
		this.#parts = parts;
	}

	async begin(): Promise<SignInAnswer> {
		this.cancel();
		const running = new AbortController();
		this.#running = running;
		try {
			const place = await this.#findPlace();
			const openBrowser = (url: string) => openSignInPage(url, place.issuer, this.#parts.openExternal);
			const signedIn = await signIn({ place, signal: running.signal, openBrowser });
			if (await this.#parts.workspace.signIn(signedIn)) return { ok: true };
			return { ok: false, problem: 'other_person' };
		} catch (error) {
			return { ok: false, problem: error instanceof SignInError ? error.problem : 'refused' };
		} finally {
			if (this.#running === running) this.#running = undefined;
		}
	}

	cancel(): void {
		this.#running?.abort();
		this.#running = undefined;
	}

	async #findPlace(): Promise<SignInPlace> {
		const found = await this.#parts.workspace.call('session.place', {});
		if (found.ok) return found.value as SignInPlace;
		throw new SignInError(PROBLEM_BY_CODE[found.error.code] ?? 'no_server', found.error.message);
	}
}
