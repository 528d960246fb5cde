import type { TransportError } from './transport.ts';

const FIRST_MS = 1000;
const MOST_MS = 300_000;

/** A refusal that waiting does not mend (signed out, too old) is asked about now and then, without hurry. */
const CALM_MS = 300_000;

/**
 * Milliseconds until the attempt after the `failures`-th failure in a row: full jitter, anywhere between nothing and a
 * span that doubles up to five minutes, so that a thousand laptops do not come back in step. What the server asked for
 * is never undercut. `random` is at least 0 and less than 1.
 */
export function backoff(failures: number, random: number, error?: TransportError): number {
	if (error?.problem === 'signed_out' || error?.problem === 'upgrade') return CALM_MS * (0.8 + random * 0.4);
	const span = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 20));
	return (error?.retryAfterMs ?? 0) + random * span;
}

/** Milliseconds until the next look when all is well: `ms` give or take a fifth. */
export function around(ms: number, random: number): number {
	return ms * (0.8 + random * 0.4);
}
