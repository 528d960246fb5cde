import { randomFillSync, randomInt } from 'node:crypto';
import { v7 } from 'uuid';

const pool = new Uint8Array(8192);
let taken = pool.length;
let last = { msecs: 0, seq: 0 };

/** A new record's id: greater than every earlier one of this process, made here so that nothing has to wait for a server. */
export function newId(): string {
	const random = takeRandom();
	const now = Date.now();
	if (now > last.msecs) last = { msecs: now, seq: firstCount(random) };
	else if (last.seq < 0x7fff_ffff) last.seq += 1;
	else last = { msecs: last.msecs + 1, seq: 0 };
	return v7({ random, msecs: last.msecs, seq: last.seq });
}

/** Sixteen random bytes out of many: asking the system for each id alone costs an import of 200,000 rows half a second. */
function takeRandom(): Uint8Array {
	if (taken === pool.length) {
		randomFillSync(pool);
		taken = 0;
	}
	taken += 16;
	return pool.subarray(taken - 16, taken);
}

/** Where the count within a millisecond begins: random, with room to count on. */
function firstCount(random: Uint8Array): number {
	return new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 2;
}

/** The short name a device carries in every version it makes: eight base-36 characters. */
export function newDeviceShort(): string {
	return Array.from({ length: 8 }, () => randomInt(36).toString(36)).join('');
}
