/** What sync takes from the world outside: time, chance and the network. Nothing else under sync/ reaches for them. */
export interface Surroundings {
	/** Milliseconds since 1970 UTC, by this laptop's clock; for planning the next attempt only. */
	now(): number;
	/** At least 0, less than 1. */
	random(): number;
	/** Does `work` after `ms` milliseconds; the answer calls it off. Never keeps the process alive. */
	after(ms: number, work: () => void): () => void;
	fetch: typeof fetch;
}

/** The real world. */
export const realSurroundings: Surroundings = {
	now: () => Date.now(),
	random: () => Math.random(),
	after: (ms, work) => {
		const timer = setTimeout(work, ms);
		timer.unref?.();
		return () => clearTimeout(timer);
	},
	fetch: (...request) => fetch(...request),
};
