/** Chance that can be repeated: the same seed gives the same choices on every computer. */
export interface Random {
	/** From 0 up to, not including, 1. */
	next(): number;
	/** A whole number from `least` to `most`, both included. */
	int(least: number, most: number): number;
	pick<T>(list: readonly T[]): T;
	chance(probability: number): boolean;
	/** One of the values, each as likely as its weight says. */
	weighted<T>(entries: readonly (readonly [T, number])[]): T;
}

/** Starts a sequence (sfc32). */
export function createRandom(seed: number): Random {
	const next = sequence(seed);
	const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
	return {
		next,
		int,
		pick: (list) => list[int(0, list.length - 1)] as (typeof list)[number],
		chance: (probability) => next() < probability,
		weighted(entries) {
			let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
			for (const [value, weight] of entries) {
				left -= weight;
				if (left < 0) return value;
			}
			return (entries[entries.length - 1] as (typeof entries)[number])[0];
		},
	};
}

function sequence(seed: number): () => number {
	let a = 0x9e3779b9;
	let b = 0x243f6a88;
	let c = seed | 0;
	let counter = 1;
	const step = () => {
		const sum = (((a + b) | 0) + counter) | 0;
		counter = (counter + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = ((c << 21) | (c >>> 11)) + sum;
		return (sum >>> 0) / 4_294_967_296;
	};
	// The first values still show the seed; they are thrown away.
	for (let i = 0; i < 15; i++) step();
	return step;
}
