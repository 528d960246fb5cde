import { TooMany } from '../api-error.ts';

/** What somebody may ask at once, and how fast that comes back. */
export interface Allowance {
	burst: number;
	perSecond: number;
}

export interface RateRules {
	/** For each person who is signed in, over all their laptops. */
	person: Allowance;
	/** For each address of requests that nobody is behind: without a token, or with one that is not taken. */
	stranger: Allowance;
}

/** A laptop that syncs for the first time asks some hundred times in a row, one that works a few times a minute. */
export const RATES: RateRules = {
	person: { burst: 5000, perSecond: 100 },
	stranger: { burst: 300, perSecond: 5 },
};

/** Names remembered; those not heard of for longest are forgotten first. */
const MOST_NAMES = 20_000;

/** One bucket of requests for each name: it empties with each and fills with time. */
export class Buckets {
	readonly #allowance: Allowance;
	/** What is left, and when that was worked out: milliseconds of a clock that nobody sets. */
	readonly #left = new Map<string, { requests: number; at: number }>();

	constructor(allowance: Allowance) {
		this.#allowance = allowance;
	}

	/** Takes one request out of a name's bucket. Returns the seconds until there is another, when it is empty; otherwise 0. */
	take(name: string, nowMs: number): number {
		const { burst, perSecond } = this.#allowance;
		const before = this.#left.get(name) ?? { requests: burst, at: nowMs };
		const filled = Math.min(burst, before.requests + ((nowMs - before.at) / 1000) * perSecond);
		const isEmpty = filled < 1;
		this.#left.delete(name);
		this.#left.set(name, { requests: isEmpty ? filled : filled - 1, at: nowMs });
		for (const oldest of this.#left.keys()) {
			if (this.#left.size <= MOST_NAMES) break;
			this.#left.delete(oldest);
		}
		return isEmpty ? Math.ceil((1 - filled) / perSecond) : 0;
	}
}

/** Refuses whoever asks too much. Each server counts for itself. */
export class RateLimits {
	readonly #people: Buckets;
	readonly #strangers: Buckets;

	constructor({ person, stranger }: RateRules) {
		this.#people = new Buckets(person);
		this.#strangers = new Buckets(stranger);
	}

	/** Throws TooMany. */
	person(id: string): void {
		refuse(this.#people.take(id, performance.now()));
	}

	/** Throws TooMany. Somebody who is signed in behind the same address is not held up by it. */
	stranger(address: string): void {
		refuse(this.#strangers.take(address, performance.now()));
	}
}

function refuse(waitS: number): void {
	if (waitS > 0) throw new TooMany(waitS);
}
