import { decodeRow } from '../../db/codec.ts';
import { openStore, type Store } from '../../db/open-store.ts';
import { readTextDoc } from '../../db/text-doc.ts';
import { type EntityName, entities } from '../../shared/entities/registry.ts';
import { sampleStore } from '../support/sample-store.ts';
import type { Written } from './journal.ts';

export interface Comparison {
	/** Records on both, by entity. */
	rows: Record<string, number>;
	differences: string[];
	/** What was typed and is not in both stores. */
	missing: string[];
	unsent: number;
}

/** Reads both stores from disk, with the apps closed: what counts is what is there. */
export function compareStores(first: string, second: string, written: readonly Written[]): Comparison {
	const stores = [first, second].map((userData) => openStore(sampleStore(userData)));
	try {
		const [mine, theirs] = stores.map(readAll) as [Records, Records];
		const rows: Record<string, number> = {};
		for (const key of mine.keys()) {
			const entity = key.split(' ')[0] as string;
			rows[entity] = (rows[entity] ?? 0) + 1;
		}
		const texts = [mine, theirs].map((records) => [...records.values()].join('\n'));
		return {
			rows,
			differences: differencesOf(mine, theirs),
			missing: written
				.filter(({ words }) => texts.some((text) => !text.includes(quoted(words))))
				.map(({ what }) => what),
			unsent: stores.reduce((sum, store) => sum + unsentIn(store), 0),
		};
	} finally {
		for (const store of stores) store.close();
	}
}

type Records = Map<string, string>;

/** Every record of every synchronised entity as text, deleted ones and the words of documents included. */
function readAll(store: Store): Records {
	const records: Records = new Map();
	for (const [name, entity] of Object.entries(entities)) {
		const rows = store.raw.prepare(`SELECT * FROM ${entity.table}`).all() as {
			id: string;
			fv: string;
			deleted_at: string | null;
		}[];
		for (const row of rows) {
			const { updated_at: _, ...record } = decodeRow<Record<string, unknown>>(entity, row);
			const documents = Object.entries(entity.fields)
				.filter(([, field]) => field.kind === 'text-doc')
				.map(([field]) => [field, readTextDoc(store, row.id, field).text]);
			const deleted = row.deleted_at !== null;
			records.set(
				`${name as EntityName} ${row.id}`,
				JSON.stringify({
					...record,
					deleted_at: deleted,
					versions: versionsOf(row.fv),
					...Object.fromEntries(documents),
				}),
			);
		}
	}
	return records;
}

/** The versions of the fields, in one order however they came. */
function versionsOf(fv: string): unknown {
	if (!fv.startsWith('{')) return fv;
	return Object.fromEntries(
		Object.entries(JSON.parse(fv) as Record<string, string>).sort(([a], [b]) => (a < b ? -1 : 1)),
	);
}

function differencesOf(mine: Records, theirs: Records): string[] {
	const keys = new Set([...mine.keys(), ...theirs.keys()]);
	return [...keys]
		.filter((key) => mine.get(key) !== theirs.get(key))
		.map((key) => `${key}: ${mine.get(key) ?? 'missing'} <> ${theirs.get(key) ?? 'missing'}`);
}

/** Words as they stand inside JSON. */
function quoted(words: string): string {
	return JSON.stringify(words).slice(1, -1);
}

function unsentIn(store: Store): number {
	const row = store.raw.prepare('SELECT count(*) AS n FROM outbox WHERE sent_at IS NULL').get() as { n: number };
	return row.n;
}
