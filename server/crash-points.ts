/**
 * The steps between which a server may die without losing or doubling anything. Tests end real processes
 * at each; in production nobody listens.
 */
export const CRASH_POINTS = [
	'hello:before-commit',
	'hello:after-commit',
	'push:locked',
	'push:half-written',
	'push:before-commit',
	'push:after-commit',
	'pull:before-reply',
	'blob:before-row',
	'blob:after-row',
	'backup:before-rename',
	'backup:after-rename',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Is called by name whenever a step is reached. */
export type AtCrashPoint = (point: CrashPoint) => void;

/** Ends this process as a power cut would, the n-th time a step is reached. `at` is "point:n". Throws for a step there is not. */
export function dieAt(at: string): AtCrashPoint {
	const [, point, nth] = /^(.+):(\d+)$/.exec(at) ?? [];
	if (!CRASH_POINTS.some((known) => known === point)) throw new Error(`There is no step "${at}".`);
	let hits = 0;
	return (reached) => {
		if (reached === point && ++hits === Number(nth)) process.kill(process.pid, 'SIGKILL');
	};
}
