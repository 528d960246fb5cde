// The physical floor of a first download: one file of packed lines, fetched, unpacked, read and written to a plain
// SQLite table with three indexes. No protocol, no permissions, no merge, no encryption, nothing else.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import SqliteDatabase from 'better-sqlite3';
import { answer } from './sync-process.ts';
import { type BenchRecord, benchRecords, COLUMNS } from './sync-records.ts';
import { countWire, wireBytes } from './sync-wire.ts';

countWire();

const table = `CREATE TABLE record (${COLUMNS.map((name) => (name === 'id' ? 'id TEXT PRIMARY KEY' : `${name} TEXT`)).join(', ')}) WITHOUT ROWID`;
const indexes =
	'CREATE INDEX by_account ON record (account); CREATE INDEX by_status ON record (status, due); CREATE INDEX by_owner ON record (owner)';
const insert = `INSERT INTO record VALUES (${COLUMNS.map(() => '?').join(', ')})`;

function serveLines(count: number): Promise<string> {
	const lines: string[] = [];
	for (const record of benchRecords(count)) lines.push(JSON.stringify(record));
	const body = zstdCompressSync(`${lines.join('\n')}\n`);
	const server = http.createServer((_request, response) => response.end(body));
	return new Promise((resolve) => {
		server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
	});
}

async function download(url: string, file: string): Promise<number> {
	const db = new SqliteDatabase(file);
	db.pragma('journal_mode=WAL');
	db.exec(table);
	const started = performance.now();
	const packed = Buffer.from(await (await fetch(url)).arrayBuffer());
	const text = zstdDecompressSync(packed).toString('utf8');
	const statement = db.prepare(insert);
	db.transaction(() => {
		for (let at = 0; at < text.length; ) {
			const end = text.indexOf('\n', at);
			const record = JSON.parse(text.slice(at, end)) as BenchRecord;
			statement.run(COLUMNS.map((name) => record[name]));
			at = end + 1;
		}
	})();
	db.exec(indexes);
	const ms = performance.now() - started;
	db.close();
	return ms;
}

answer({
	serve: ({ count }: { count: number }) => serveLines(count),
	download: async ({ url, folder }: { url: string; folder: string }) => ({
		ms: await download(url, path.join(folder, `floor-${performance.now()}.db`)),
		bytes: wireBytes(),
	}),
});
