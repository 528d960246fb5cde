import type { PGlite } from '@electric-sql/pglite';

interface Prepared {
	name: string;
	/** Type of each parameter. */
	params: number[];
	columns: { name: string; type: number }[];
}

interface Answer {
	rows: Record<string, unknown>[];
	affectedRows: number;
}

type Pieces = (Buffer | Uint8Array)[];

const SYNC = message('S', []);
const EXECUTE = message('E', [Buffer.from('\0'), int32(0)]);

/**
 * PGlite as Kysely's dialect asks for it, several times quicker than its own `query`: a statement is parsed and described
 * once, and each later use of it is one message instead of six. Statements that differ in their text for each use are few.
 */
export class QuickPglite {
	readonly #pglite: PGlite;
	readonly #prepared = new Map<string, Prepared>();
	#isBeginning = false;
	#last: Promise<unknown> = Promise.resolve();
	readonly closed = false;
	readonly ready = true;
	readonly waitReady = Promise.resolve();

	constructor(pglite: PGlite) {
		this.#pglite = pglite;
	}

	/** What a server's store is opened on: it uses no more of PGlite than is here. */
	get forServer(): PGlite {
		return this as never;
	}

	query(sql: string, values: readonly unknown[] = []): Promise<Answer> {
		return this.#exclusively(() => this.#run(sql, values));
	}

	/** Several statements without values. */
	exec(sql: string): Promise<void> {
		return this.#exclusively(async () => void (await this.#send([message('Q', [text(sql)])])));
	}

	transaction<T>(work: (trx: { query(sql: string, values?: readonly unknown[]): Promise<Answer> }) => Promise<T>) {
		return this.#exclusively(async () => {
			// Goes out with the first statement.
			this.#isBeginning = true;
			try {
				const value = await work({ query: (sql, values = []) => this.#run(sql, values) });
				if (!this.#isBeginning) await this.#run('COMMIT', []);
				return value;
			} catch (error) {
				if (!this.#isBeginning) await this.#run('ROLLBACK', []);
				throw error;
			} finally {
				this.#isBeginning = false;
			}
		});
	}

	async close(): Promise<void> {
		await this.#pglite.close();
	}

	/** One thing at a time, as on PGlite's one connection. */
	#exclusively<T>(work: () => Promise<T>): Promise<T> {
		const result = this.#last.then(work);
		this.#last = result.catch(() => undefined);
		return result;
	}

	async #run(sql: string, values: readonly unknown[]): Promise<Answer> {
		const prepared = this.#prepared.get(sql) ?? (await this.#prepare(sql));
		const begin = this.#isBeginning ? await this.#begin() : [];
		this.#isBeginning = false;
		const reply = await this.#send([...begin, bind(prepared, values, this.#pglite), EXECUTE, SYNC]);
		const answer: Answer = { rows: [], affectedRows: 0 };
		for (const { code, body } of reply) {
			if (code === 'D') answer.rows.push(readRow(body, prepared.columns, this.#pglite));
			else if (code === 'C') answer.affectedRows = Number(/(\d+)\0$/.exec(body.toString('latin1'))?.[1] ?? 0);
		}
		return answer;
	}

	async #begin(): Promise<Pieces> {
		const prepared = this.#prepared.get('BEGIN') ?? (await this.#prepare('BEGIN'));
		return [bind(prepared, [], this.#pglite), EXECUTE];
	}

	async #prepare(sql: string): Promise<Prepared> {
		const name = `q${this.#prepared.size}`;
		const prepared: Prepared = { name, params: [], columns: [] };
		const parse = message('P', [text(name), text(sql), int16(0)]);
		const describe = message('D', [Buffer.from('S'), text(name)]);
		for (const { code, body } of await this.#send([parse, describe, SYNC])) {
			if (code === 't') prepared.params = readParams(body);
			else if (code === 'T') prepared.columns = readColumns(body);
		}
		this.#prepared.set(sql, prepared);
		return prepared;
	}

	/** Sends messages and returns the answers. Throws the database's own error, with its code. */
	async #send(pieces: Pieces): Promise<{ code: string; body: Buffer }[]> {
		const parts: Buffer[] = [];
		// Raw, because otherwise every answer is taken apart twice.
		const onRawData = (bytes: Uint8Array) => void parts.push(Buffer.from(bytes));
		await this.#pglite.execProtocolRawStream(Buffer.concat(pieces), { syncToFs: false, onRawData });
		const reply = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
		const messages: { code: string; body: Buffer }[] = [];
		for (let at = 0; at < reply.length; ) {
			const length = reply.readInt32BE(at + 1);
			const code = String.fromCharCode(reply[at] as number);
			const body = reply.subarray(at + 5, at + 1 + length);
			if (code === 'E') throw databaseError(body);
			messages.push({ code, body });
			at += 1 + length;
		}
		return messages;
	}
}

function databaseError(body: Buffer): Error {
	const fields = Object.fromEntries(
		body
			.toString()
			.split('\0')
			.map((part) => [part[0] ?? '', part.slice(1)]),
	);
	return Object.assign(new Error(fields['M']), { code: fields['C'], detail: fields['D'], where: fields['W'] });
}

function bind(prepared: Prepared, values: readonly unknown[], pglite: PGlite): Buffer {
	const pieces: Pieces = [text(''), text(prepared.name), int16(0), int16(values.length)];
	for (const [index, value] of values.entries()) {
		const serialize = pglite.serializers[prepared.params[index] as number];
		const isNull = value === null || value === undefined;
		const bytes = isNull ? undefined : Buffer.from(serialize ? serialize(value) : String(value));
		pieces.push(int32(bytes?.length ?? -1), ...(bytes ? [bytes] : []));
	}
	return message('B', [...pieces, int16(0)]);
}

function readParams(body: Buffer): number[] {
	return Array.from({ length: body.readInt16BE(0) }, (_, index) => body.readInt32BE(2 + 4 * index));
}

function readColumns(body: Buffer): Prepared['columns'] {
	const columns: Prepared['columns'] = [];
	let at = 2;
	for (let left = body.readInt16BE(0); left > 0; left -= 1) {
		const end = body.indexOf(0, at);
		columns.push({ name: body.toString('utf8', at, end), type: body.readInt32BE(end + 7) });
		at = end + 19;
	}
	return columns;
}

function readRow(body: Buffer, columns: Prepared['columns'], pglite: PGlite): Record<string, unknown> {
	const row: Record<string, unknown> = {};
	let at = 2;
	for (const { name, type } of columns) {
		const length = body.readInt32BE(at);
		at += 4;
		const value = length < 0 ? null : body.toString('utf8', at, at + length);
		const parse = pglite.parsers[type];
		row[name] = value !== null && parse ? parse(value, type) : value;
		at += Math.max(length, 0);
	}
	return row;
}

function message(code: string, pieces: Pieces): Buffer {
	const body = Buffer.concat(pieces);
	return Buffer.concat([Buffer.from(code), int32(body.length + 4), body]);
}

function text(value: string): Buffer {
	return Buffer.from(`${value}\0`);
}

function int16(value: number): Buffer {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16BE(value);
	return bytes;
}

function int32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32BE(value);
	return bytes;
}
