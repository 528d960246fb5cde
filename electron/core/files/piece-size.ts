import { FRAME } from './blob-format.ts';

const LEAST = FRAME;
const MOST = 128 * FRAME;
const BEGINNING = 4 * FRAME;

/** Longer than this a piece should not hold the line: records wait for it to end. */
const SLOW_MS = 4000;
const QUICK_MS = 1500;

/** How many bytes go in one request: as many as the link carries in a second or two, so that records soon get their turn. */
export class PieceSize {
	#bytes = BEGINNING;

	get bytes(): number {
		return this.#bytes;
	}

	/** A piece went through in `ms`. */
	through(ms: number): void {
		if (ms < QUICK_MS) this.#bytes = Math.min(MOST, this.#bytes * 2);
		else if (ms > SLOW_MS) this.failed();
	}

	failed(): void {
		this.#bytes = Math.max(LEAST, Math.floor(this.#bytes / 2));
	}
}
