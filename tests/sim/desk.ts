import type { Edit } from './ledger.ts';
import type { Random } from './random.ts';
import type { SimClient } from './sim-client.ts';
import type { World } from './world.ts';

/** What a person at a laptop needs of the world. */
export interface Desk {
	random: Random;
	client: SimClient;
	world: World;
	/** Calls the core. Undefined when it was refused, or died before its answer. */
	perform(method: string, input: unknown): Promise<{ value: unknown; edits: Edit[] } | undefined>;
	/** Asks the core. Undefined when it died before its answer; any other refusal is a problem. */
	ask<T>(method: string, input: unknown): Promise<T | undefined>;
	problem(text: string): void;
}

export interface Action {
	weight: number;
	run(desk: Desk): Promise<unknown>;
}

const WORDS = ['late', 'Zürich', 'invoice 14', 'no reply', 'agreed', '再送', 'cost centre', 'ok'];

export const text = ({ random }: Desk) => random.pick([...WORDS, `text ${random.int(1000)}`]);
export const textOrNull = (desk: Desk) => (desk.random.chance(0.2) ? null : text(desk));

/** The newest records of a table that are not deleted. */
export function newest(desk: Desk, table: string): string[] {
	const some = `SELECT id FROM ${table} WHERE deleted_at IS NULL ORDER BY rowid DESC LIMIT 4`;
	return desk.client.rows<{ id: string }>(some).map((row) => row.id);
}

/** An account this laptop holds; undefined when it holds none. */
export function accountFor(desk: Desk): string | undefined {
	const held = desk.client.rows<{ id: string }>('SELECT id FROM account WHERE deleted_at IS NULL ORDER BY id');
	const [first] = held;
	return first && desk.random.pick([first.id, ...held.map((row) => row.id)]);
}
