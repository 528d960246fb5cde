const SMALLEST = 32;
const LARGEST = 1_048_576;
/** Of each size, as many blocks as make this many bytes, but so many at most. */
const BYTES_OF_A_SIZE = 2 * 1_048_576;
const MOST_BLOCKS = 3000;

/** Takes and gives back buffers of every size, so that those given back before are written over; step by step. */
export function* overwriteBuffers(): Generator<undefined> {
	// Small ones share a slab; the one in use is left behind.
	const held = [Buffer.allocUnsafe(4000), Buffer.allocUnsafe(4000), Buffer.allocUnsafe(4000)];
	for (const size of blockSizes()) {
		for (let count = blocksOf(size); count > 0; count--) held.push(Buffer.allocUnsafeSlow(size).fill(0));
		yield;
	}
}

/** Eight steps from one power of two to the next, as memory is divided by the runtime. */
export function* blockSizes(): Generator<number> {
	for (let power = SMALLEST; power < LARGEST; power *= 2)
		for (let step = 0; step < 8; step++) yield Math.round(power * (1 + step / 8));
}

/** How many blocks of a size are taken. */
export function blocksOf(size: number): number {
	return Math.max(1, Math.min(MOST_BLOCKS, Math.ceil(BYTES_OF_A_SIZE / size)));
}
