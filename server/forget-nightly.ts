import type { Kysely } from 'kysely';
import type { Tables } from './store/tables.ts';
import { forgetOld } from './sync/forget-old.ts';

const HOUR_MS = 3_600_000;

/** True at night (UTC) once a day, and by day when two nights have gone by without it; `last` is when it was last done. */
export function isTimeToForget(now: Date, last: Date | undefined): boolean {
	const since = last ? now.getTime() - last.getTime() : Number.POSITIVE_INFINITY;
	const isNight = now.getUTCHours() >= 1 && now.getUTCHours() < 5;
	return isNight ? since > 20 * HOUR_MS : last !== undefined && since > 48 * HOUR_MS;
}

/** Forgets what is old at a quiet time, for as long as the server runs; `close` ends it. Each hour is looked whether it is time. */
export function forgetNightly(
	db: Kysely<Tables>,
	{ clock, report }: { clock: () => Date; report: (error: unknown) => void },
): { close(): Promise<void> } {
	let last: Date | undefined = clock();
	let running: Promise<unknown> = Promise.resolve();
	const look = () => {
		const now = clock();
		if (!isTimeToForget(now, last)) return;
		last = now;
		running = running.then(() => forgetOld(db, now)).catch(report);
	};
	const timer = setInterval(look, HOUR_MS).unref();
	return {
		close: async () => {
			clearInterval(timer);
			await running;
		},
	};
}
