import { CoreError } from '../../../shared/contract/errors.ts';

/** What long work needs of its surroundings: to be cancelled, and to give the thread back. */
export interface Surroundings {
	signal: AbortSignal;
	breathe(): Promise<void>;
}

export interface Pace {
	/** To be called between small pieces of work: gives the thread back when 20 ms have passed, throws `cancelled`. */
	step(): Promise<void>;
}

const SLICE_MS = 20;

/** Keeps long work polite. */
export function createPace({ signal, breathe }: Surroundings): Pace {
	let since = performance.now();
	return {
		step: async () => {
			if (signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
			if (performance.now() - since < SLICE_MS) return;
			await breathe();
			since = performance.now();
		},
	};
}
