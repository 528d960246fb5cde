import { z } from 'zod';
import type { Field } from '../entities/define.ts';
import { entityByName } from '../entities/registry.ts';
import { readVersions } from './version.ts';

/**
 * Sums over the records of an account by which laptop and server see whether they hold the same, without sending any of
 * it. Each side works out its own from what it really holds; neither ever takes over the other's.
 */
export const tableDigest = z.object({
	rows: z.int().nonnegative(),
	/** All hashes of rows, one bit against the other; 16 hex digits. */
	xor64: z.string().regex(/^[0-9a-f]{16}$/),
	/** Their sum, modulo 2^64: two rows that are missing twice over do not cancel out here. */
	sum64: z.string().regex(/^[0-9a-f]{16}$/),
});
export type TableDigest = z.infer<typeof tableDigest>;

export const digestReply = z.object({
	account: z.string(),
	/** The commit it is true of: compare when everything up to it has been pulled and nothing is unsent. */
	seq: z.int(),
	/** By entity; the updates of text documents under `text_update`. An entity without rows is left out. */
	tables: z.record(z.string(), tableDigest),
});
export type DigestReply = z.infer<typeof digestReply>;

/**
 * What counts of a record: its values without those of text documents, and its field versions as stored. A deleted one does
 * not count, nor its texts: each side forgets what is deleted in its own time.
 */
export interface DigestRow {
	id: string;
	v: Readonly<Record<string, unknown>>;
	fv: string;
	del: boolean;
}

/** One update of a text document; `y` is base64. */
export interface DigestText {
	t: string;
	id: string;
	field: string;
	y: string;
}

/** Adds up rows in any order. */
export class DigestSum {
	readonly #tables = new Map<string, Lanes>();

	/** Adds a record of entity `table`. A value that is null counts as absent, and the order of keys does not count. */
	addRow(table: string, { id, v, fv, del }: DigestRow): void {
		if (del) return;
		const fields = entityByName(table)?.fields ?? {};
		const values = Object.fromEntries(
			Object.entries(v)
				.filter(([name]) => fields[name]?.kind !== 'text-doc')
				.map(([name, value]) => [name, asStored(fields[name], value)]),
		);
		this.#add(table, JSON.stringify([id]) + canonical(values) + canonical(readVersions(fv)));
	}

	/** Adds an update of a text document of a record that is not deleted. */
	addText({ t, id, field, y }: DigestText): void {
		this.#add('text_update', JSON.stringify([t, id, field, y]));
	}

	/** The digests so far, by table in alphabetical order. */
	tables(): Record<string, TableDigest> {
		const named = [...this.#tables].sort(([a], [b]) => (a < b ? -1 : 1));
		return Object.fromEntries(
			named.map(([table, { rows, xor, sum }]) => [table, { rows, xor64: hex(xor), sum64: hex(sum) }]),
		);
	}

	#add(table: string, text: string): void {
		const lanes: Lanes = this.#tables.get(table) ?? { rows: 0, xor: [0, 0], sum: [0, 0] };
		this.#tables.set(table, lanes);
		const [high, low] = hash64(text);
		lanes.rows += 1;
		lanes.xor = [(lanes.xor[0] ^ high) >>> 0, (lanes.xor[1] ^ low) >>> 0];
		const sum = lanes.sum[1] + low;
		lanes.sum = [(lanes.sum[0] + high + (sum > 0xffff_ffff ? 1 : 0)) >>> 0, sum >>> 0];
	}
}

/** A 64-bit number as its upper and lower half. */
type Pair = readonly [number, number];

interface Lanes {
	rows: number;
	xor: Pair;
	sum: Pair;
}

/** The tables whose digests differ, sorted. */
export function differingTables(
	mine: Readonly<Record<string, TableDigest>>,
	theirs: Readonly<Record<string, TableDigest>>,
): string[] {
	const names = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
	return [...names].filter((name) => !isSame(mine[name], theirs[name])).sort();
}

function isSame(a: TableDigest | undefined, b: TableDigest | undefined): boolean {
	return a?.rows === b?.rows && a?.xor64 === b?.xor64 && a?.sum64 === b?.sum64;
}

/** An amount may come in several forms ("470.5", "470.50"), and half of a surrogate pair is kept by one side only. */
function asStored(field: Field | undefined, value: unknown): unknown {
	if (typeof value !== 'string') return value;
	if (field?.kind !== 'amount') return value.toWellFormed();
	const digits = value.replace(/^-/, '');
	const [whole = '', fraction = ''] = digits.split('.');
	const plain = `${whole.replace(/^0+(?=\d)/, '')}.${fraction.slice(0, 4).replace(/0+$/, '')}`;
	return value.startsWith('-') && /[1-9]/.test(plain) ? `-${plain}` : plain;
}

/** A value as text that is the same whatever the order of keys; null values of a record are left out. */
function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
	const record = value as Record<string, unknown>;
	const keys = Object.keys(record)
		.filter((key) => record[key] !== null && record[key] !== undefined)
		.sort();
	return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(record[key])}`).join(',')}}`;
}

/** Not against an attacker: two lanes of multiply and shift, because laptop, server and tests must agree without Node's crypto. */
function hash64(text: string): Pair {
	let high = 0xdead_beef;
	let low = 0x41c6_ce57;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		high = Math.imul(high ^ code, 0x9e37_79b1);
		low = Math.imul(low ^ code, 0x5f35_6495);
		high = (high << 13) | (high >>> 19);
		low = (low << 15) | (low >>> 17);
	}
	high = Math.imul(high ^ (high >>> 16), 0x85eb_ca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2_ae35);
	low = Math.imul(low ^ (low >>> 16), 0x85eb_ca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2_ae35);
	return [(high ^ (low >>> 15)) >>> 0, (low ^ (high >>> 15)) >>> 0];
}

function hex([high, low]: Pair): string {
	return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
