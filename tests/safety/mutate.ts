import type { Random } from '../sim/random.ts';

const WORDS = [
	...[
		'',
		' ',
		'\u0000',
		'__proto__',
		'constructor',
		'prototype',
		'toString',
		'../../etc/passwd',
		'a-1',
		'u-sam',
		'null',
	],
	...[
		'javascript:alert(1)',
		"'; DROP TABLE issue; --",
		'"',
		'%',
		'\u202e',
		'\ud800',
		'💥',
		'x'.repeat(5000),
		'2026-02-30',
	],
	...['1e999', '-0', '9007199254740993', '2026-11-24T08:00:00.000Z', '<img src=x onerror=alert(1)>', '=1+1'],
];
const NUMBERS = [0, -0, 1, -1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY];

/** Any value that JSON or a page's message can carry, up to three deep. */
export function wildValue(random: Random, depth = 0): unknown {
	const kind = random.int(depth > 2 ? 5 : 8);
	if (kind === 0) return random.pick(WORDS);
	if (kind === 1) return random.pick(NUMBERS);
	if (kind === 2) return random.chance(0.5);
	if (kind === 3) return null;
	if (kind === 4) return random.chance(0.5) ? undefined : random.pick(WORDS);
	if (kind === 5) return Array.from({ length: random.int(4) }, () => wildValue(random, depth + 1));
	const keys = Array.from({ length: random.int(4) }, () => random.pick(WORDS).slice(0, 40));
	// As JSON makes them: a key named __proto__ is a key like any other.
	return JSON.parse(
		`{${keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(wildValue(random, depth + 1)) ?? 'null'}`).join()}}`,
	);
}

/** The same value with one thing in it changed, left out or added, somewhere. */
export function mutateValue(value: unknown, random: Random): unknown {
	if (typeof value !== 'object' || value === null || random.chance(0.15)) return wildValue(random);
	if (Array.isArray(value)) {
		if (value.length === 0) return [wildValue(random)];
		const at = random.int(value.length);
		if (random.chance(0.2)) return value.toSpliced(at, 1);
		if (random.chance(0.1)) return [...value, ...value];
		return value.with(at, mutateValue(value[at], random));
	}
	const keys = Object.keys(value);
	const key = keys.length > 0 && random.chance(0.85) ? random.pick(keys) : random.pick(WORDS).slice(0, 40);
	const changed = mutateValue((value as Record<string, unknown>)[key], random);
	const entries = Object.entries(value).filter(([name]) => name !== key || random.chance(0.8));
	return Object.fromEntries([...entries, ...(random.chance(0.9) ? [[key, changed] as const] : [])]);
}

/** The bytes with some turned, cut out, doubled or put in. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
	let changed = Buffer.from(bytes);
	for (let times = 1 + random.int(4); times > 0; times--) {
		const at = random.int(changed.length + 1);
		const length = random.int(random.chance(0.8) ? 8 : 2000);
		const noise = Buffer.from(Array.from({ length }, () => random.int(256)));
		const kind = random.int(5);
		if (kind === 0 && at < changed.length) changed.writeUInt8(changed.readUInt8(at) ^ (1 << random.int(8)), at);
		else if (kind === 1) changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + length)]);
		else if (kind === 2) changed = Buffer.concat([changed.subarray(0, at), noise, changed.subarray(at)]);
		else if (kind === 3) changed = changed.subarray(0, at);
		else changed = Buffer.concat([changed, changed.subarray(at, at + length)]);
	}
	return changed;
}
