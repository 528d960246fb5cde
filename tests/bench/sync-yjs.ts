// A peer for the workloads: all records in one Yjs document, kept update by update in SQLite on both sides and exchanged
// by one HTTP request. Such a document merges by itself, has no permissions, and keeps no value that lost.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import * as Y from 'yjs';
import { answer } from './sync-process.ts';
import { benchRecords, COLUMNS, recordId } from './sync-records.ts';
import { countWire, wireBytes } from './sync-wire.ts';

type Field = 'title' | 'remedy' | 'root_cause';

interface Span {
	from: number;
	to: number;
	field: Field;
}

const doc = new Y.Doc();
const records = doc.getMap<Y.Map<string>>('records');
let keep: (update: Uint8Array) => void = () => {};
let unsent: Uint8Array[] = [];
let server = '';
countWire();

/** From now on every update is on disk when its edit is done. */
function open(folder: string): void {
	const db = new SqliteDatabase(path.join(folder, 'peer.db'));
	db.pragma('journal_mode=WAL');
	db.pragma('synchronous=FULL');
	db.exec('CREATE TABLE IF NOT EXISTS part (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)');
	const insert = db.prepare('INSERT INTO part (bytes) VALUES (?)');
	keep = (update) => void insert.run(update);
	doc.on('update', (update: Uint8Array, origin: unknown) => {
		keep(update);
		if (origin !== 'received') unsent.push(update);
	});
}

function fill(count: number): void {
	doc.transact(() => {
		for (const record of benchRecords(count)) {
			const map = new Y.Map<string>();
			for (const name of COLUMNS) map.set(name, record[name]);
			records.set(record.id, map);
		}
	});
	unsent = [];
}

/** Takes the other side's updates and answers with what it lacks: the length of its state vector, the vector, the update. */
async function exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const pieces: Buffer[] = [];
	for await (const piece of request) pieces.push(piece as Buffer);
	const body = Buffer.concat(pieces);
	const length = body.readUInt32LE(0);
	const update = body.subarray(4 + length);
	if (update.length > 0) Y.applyUpdate(doc, update, 'received');
	response.end(Y.encodeStateAsUpdate(doc, body.subarray(4, 4 + length)));
}

function listen(): Promise<string> {
	const listener = http.createServer((request, response) => void exchange(request, response));
	return new Promise((resolve) => {
		listener.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`));
	});
}

async function sync(): Promise<{ ms: number }> {
	const started = performance.now();
	const vector = Y.encodeStateVector(doc);
	const length = Buffer.alloc(4);
	length.writeUInt32LE(vector.length);
	const sent = unsent;
	const body = Buffer.concat([length, vector, ...(sent.length > 0 ? [Y.mergeUpdates(sent)] : [])]);
	const reply = await fetch(server, { method: 'POST', body });
	Y.applyUpdate(doc, new Uint8Array(await reply.arrayBuffer()), 'received');
	unsent = unsent.slice(sent.length);
	return { ms: performance.now() - started };
}

const values = ({ from, to, field }: Span) =>
	Array.from({ length: to - from }, (_, index) => records.get(recordId(from + index))?.get(field) ?? null);

answer({
	serve: async ({ folder, count }: { folder: string; count: number }) => {
		open(folder);
		fill(count);
		return listen();
	},
	open: ({ url, folder }: { url: string; folder: string }) => {
		server = url;
		open(folder);
	},
	sync,
	edit: ({ from, to, field, value }: Span & { value: string }) => {
		for (let index = from; index < to; index += 1) records.get(recordId(index))?.set(field, value + recordId(index));
	},
	count: () => records.size,
	values,
	restorable: () => 0,
	wire: wireBytes,
});
