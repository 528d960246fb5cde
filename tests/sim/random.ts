import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/** Numbers that follow from a seed alone. */
export interface Random {
	/** 0 <= n < 1. */
	next(): number;
	int(below: number): number;
	chance(probability: number): boolean;
	pick<T>(list: readonly T[]): T;
}

export function createRandom(seed: number): Random {
	let state = (seed * 2_654_435_761 + 0x9e37_79b9) >>> 0;
	const next = () => {
		state = (state + 0x6d2b_79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
	const int = (below: number) => Math.floor(next() * below);
	return {
		next,
		int,
		chance: (probability) => next() < probability,
		pick: (list) => {
			if (list.length === 0) throw new Error('Nothing to pick from.');
			return list[int(list.length)] as never;
		},
	};
}

/**
 * Lets the names that core and server draw at random (devices, nonces, epochs, commit tags) follow from the seed too, so
 * that a failing seed fails again. Ids of records still contain the real time; their order is that of their making.
 * Returns what puts the real ones back.
 */
export function seedNames(seed: number): () => void {
	const random = createRandom(seed ^ 0x5eed);
	const { randomInt, randomUUID, randomBytes, randomFillSync } = crypto;
	const real = { randomInt, randomUUID, randomBytes, randomFillSync };
	const realMath = Math.random;
	const realTimeout = globalThis.setTimeout;
	const hex = (digits: number) => Array.from({ length: digits }, () => random.int(16).toString(16)).join('');
	const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => random.int(256)));
	crypto.randomInt = ((below: number) => random.int(below)) as typeof crypto.randomInt;
	crypto.randomUUID = (() => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`) as typeof crypto.randomUUID;
	crypto.randomBytes = bytes as typeof crypto.randomBytes;
	crypto.randomFillSync = ((target: Uint8Array) => {
		target.set(bytes(target.length));
		return target;
	}) as typeof crypto.randomFillSync;
	Math.random = random.next;
	// Nothing in a simulation waits for real time; what is to happen later has the world's (Outside).
	globalThis.setTimeout = (() => ({ ref: () => {}, unref: () => {} })) as unknown as typeof setTimeout;
	syncBuiltinESMExports();
	return () => {
		Object.assign(crypto, real);
		Math.random = realMath;
		globalThis.setTimeout = realTimeout;
		syncBuiltinESMExports();
	};
}
