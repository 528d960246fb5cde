// npm run seed -- --size small|typical|large|stress [--out DIR] [--seed N] [--today YYYY-MM-DD]
// Makes a ready, encrypted store for benchmarks by streaming generated rows through the real store code, and prints one
// JSON line. The same size, seed and day give the same content hash. The app opens the result with
// FIELDBOOK_SAMPLE=1 FIELDBOOK_USER_DATA=DIR.
import { createHash, type Hash } from 'node:crypto';
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as Y from 'yjs';
import { type BulkRow, bulkLoad } from '../db/bulk-load.ts';
import { writeMeta } from '../db/meta.ts';
import { openStore, type Store } from '../db/open-store.ts';
import { indexNextRun, queueIndexing } from '../db/search-index.ts';
import { createSample, workspacePaths } from '../electron/main/vault/vault.ts';
import { SEED_LEFT_OUT, SEED_SIZES, type SeedSize } from '../shared/domain/sample/seed-plan.ts';
import { type SeedRow, seedRows } from '../shared/domain/sample/seed-rows.ts';
import { dateSchema } from '../shared/entities/schema.ts';
import { formatVersion, type Version } from '../shared/sync/version.ts';

export interface SeedRequest {
	/** A name of SEED_SIZES, or sizes of one's own. */
	size: SeedSize;
	seed: number;
	today: string;
	/** The user-data folder to make; a workspace in it is replaced. */
	out: string;
}

export interface SeedSummary {
	seed: number;
	today: string;
	rows: Record<string, number>;
	ms: number;
	bytes: number;
	/** Of every row's content, in order; not of the file, which is encrypted under a fresh key. */
	hash: string;
	leftOut: readonly string[];
	out: string;
}

const SHORT = 'seeded00';

/** Makes the store and says what is in it. */
export function seedStore(request: SeedRequest): SeedSummary {
	const started = performance.now();
	const paths = workspacePaths(request.out);
	rmSync(paths.folder, { recursive: true, force: true });
	const vault = createSample(paths);
	if (vault.state !== 'key') throw new Error('The workspace could not be made.');
	const store = openStore({ file: paths.store, keyHex: vault.key.toString('hex') });
	const hash = createHash('sha256');
	try {
		const runs: IdRun[] = [];
		const { rows } = bulkLoad(store, noteRuns(toBulkRows(request, hash), runs));
		indexRuns(store, runs);
		finish(store, request.today);
		return summarise({ request, rows, hash: hash.digest('hex'), bytes: statSync(paths.store).size, started });
	} finally {
		store.close();
	}
}

function* toBulkRows(request: SeedRequest, hash: Hash): Generator<BulkRow> {
	const ms = Date.parse(`${request.today}T00:00:00Z`);
	let counter = 0;
	for (const row of seedRows(request)) {
		hash.update(`${JSON.stringify([row.t, row.id, row.v, row.paragraphs])}\n`);
		const fv = formatVersion({ ms: ms + (counter >> 16), counter: counter++ & 0xffff, device: SHORT });
		const createdAt = new Date(ms).toISOString();
		yield { entity: row.t, id: row.id, values: row.v, fv, createdAt, createdBy: null, ...textOf(row, fv, counter) };
	}
}

/** The paragraphs as the document the editor would have made. */
function textOf(row: SeedRow, hlc: Version, clientId: number): Pick<BulkRow, 'text'> {
	if (!row.paragraphs) return {};
	const doc = new Y.Doc();
	doc.clientID = clientId;
	const blocks = row.paragraphs.map((paragraph) => {
		const block = new Y.XmlElement('paragraph');
		block.insert(0, [new Y.XmlText(paragraph)]);
		return block;
	});
	doc.getXmlFragment('default').insert(0, blocks);
	return { text: { field: 'body', update: Y.encodeStateAsUpdate(doc), plain: row.paragraphs.join('\n'), hlc } };
}

interface IdRun {
	entity: BulkRow['entity'];
	fromId: string;
	toId: string;
	count: number;
}

/** Passes the rows on and notes which ids of each entity came by, two thousand to a run: ids rise within an entity. */
function* noteRuns(rows: Iterable<BulkRow>, runs: IdRun[]): Generator<BulkRow> {
	const current = new Map<string, IdRun>();
	for (const row of rows) {
		yield row;
		const run = current.get(row.entity);
		if (run && run.count < 2000 && row.id > run.toId) {
			run.toId = row.id;
			run.count++;
			continue;
		}
		const next = { entity: row.entity, fromId: row.id, toId: row.id, count: 1 };
		current.set(row.entity, next);
		runs.push(next);
	}
}

/** Search is indexed now, so that the app does not do it while a benchmark runs. */
function indexRuns(store: Store, runs: readonly IdRun[]): void {
	store.raw.exec('BEGIN');
	for (const [index, run] of runs.entries()) {
		queueIndexing(store, run.entity, run);
		while (indexNextRun(store));
		if (index % 20 === 19) store.raw.exec('COMMIT; BEGIN');
	}
	store.raw.exec('COMMIT');
}

/** The laptop knows who it is, and the log is emptied into the file. */
function finish(store: Store, today: string): void {
	const at = `${today}T06:00:00.000Z`;
	store.raw.transaction(() => {
		writeMeta(store, 'device_id', '00000000-0000-7000-8000-000000000001');
		writeMeta(store, 'device_short', SHORT);
		writeMeta(store, 'user_id', 'u-sam');
		writeMeta(store, 'user_name', 'Ada Lindgren');
		writeMeta(store, 'sample', '1');
		writeMeta(store, 'acknowledged_at', at);
		writeMeta(store, 'pulled_at', at);
	})();
	store.raw.pragma('wal_checkpoint(TRUNCATE)');
}

function summarise(made: {
	request: SeedRequest;
	rows: Record<string, number>;
	hash: string;
	bytes: number;
	started: number;
}): SeedSummary {
	const { request, rows, hash, bytes, started } = made;
	const { seed, today, out } = request;
	return { seed, today, rows, ms: Math.round(performance.now() - started), bytes, hash, leftOut: SEED_LEFT_OUT, out };
}

function main(): void {
	const options = {
		size: { type: 'string' },
		out: { type: 'string' },
		seed: { type: 'string' },
		today: { type: 'string' },
	} as const;
	const { values } = parseArgs({ options });
	const name = values.size ?? 'small';
	const seed = Number(values.seed ?? 1);
	const today = values.today ?? new Date().toISOString().slice(0, 10);
	if (!isSizeName(name) || !Number.isInteger(seed) || !dateSchema.safeParse(today).success) {
		console.error(
			`Usage: npm run seed -- --size ${Object.keys(SEED_SIZES).join('|')} [--out DIR] [--seed N] [--today YYYY-MM-DD]`,
		);
		process.exit(2);
	}
	const out = path.resolve(values.out ?? path.join('node_modules', '.cache', 'fieldbook', `seed-${name}-${seed}`));
	console.log(JSON.stringify({ size: name, ...seedStore({ size: SEED_SIZES[name], seed, today, out }) }));
}

function isSizeName(name: string): name is keyof typeof SEED_SIZES {
	return Object.hasOwn(SEED_SIZES, name);
}

if (process.argv[1] === import.meta.filename) main();
