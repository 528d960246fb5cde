// A laptop of the product as a process: the real core on a real encrypted store.
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Core, createCore } from '../../electron/core/core.ts';
import type { ConflictRow } from '../../shared/contract/sync-models.ts';
import { answer } from './sync-process.ts';
import { recordId } from './sync-records.ts';
import { countWire, wireBytes } from './sync-wire.ts';

interface Span {
	from: number;
	to: number;
	field: 'title' | 'root_cause';
}

let core: Core;
countWire();

async function call<T>(method: string, input: unknown): Promise<T> {
	const result = await core.call(method, input);
	if (!result.ok) throw new Error(`${method}: ${JSON.stringify(result.error)}`);
	return result.value as T;
}

function read<T>(sql: string, ...values: unknown[]): T {
	return core.store.raw.prepare(sql).get(...values) as T;
}

function values({ from, to, field }: Span): (string | null)[] {
	const statement = core.store.raw.prepare(`SELECT ${field} AS value FROM issue WHERE id = ?`);
	return Array.from({ length: to - from }, (_, index) => {
		const row = statement.get(recordId(from + index)) as { value: string | null } | undefined;
		return row?.value ?? null;
	});
}

/** Edits of a person who does not wait for the sync: one every ten milliseconds, timed from when it was asked for. */
function editMeanwhile(): () => Promise<number[]> {
	const times: number[] = [];
	const source = `
		const { parentPort } = require('node:worker_threads');
		setInterval(() => parentPort.postMessage(performance.timeOrigin + performance.now()), 10);`;
	const person = new Worker(source, { eval: true });
	let turn = 0;
	let last: Promise<unknown> = Promise.resolve();
	person.on('message', (askedAt: number) => {
		const found = read<{ id: string } | undefined>('SELECT id FROM issue LIMIT 1');
		if (!found) return;
		turn += 1;
		last = call('issues.update', { id: found.id, patch: { root_cause: `Edit ${turn}` } }).then(() => {
			times.push(performance.timeOrigin + performance.now() - askedAt);
		});
	});
	return async () => {
		await person.terminate();
		await last;
		return times;
	};
}

answer(
	{
		open: async ({ url, token, folder }: { url: string; token: string; folder: string }) => {
			core = await createCore({
				file: path.join(folder, 'fieldbook.db'),
				keyHex: 'c0ffee00'.repeat(8),
				deviceName: path.basename(folder),
				appVersion: '0.0.0-bench',
				sample: false,
				autoSync: false,
				server: { url, token },
			});
		},
		sync: async () => {
			const started = performance.now();
			const status = await call<{ problem: string | null; unsent: number }>('sync.now', {});
			return { ms: performance.now() - started, problem: status.problem, unsent: status.unsent };
		},
		syncWhileEditing: async () => {
			const finish = editMeanwhile();
			await call('sync.now', {});
			return finish();
		},
		edit: async ({ from, to, field, value }: Span & { value: string }) => {
			for (let index = from; index < to; index += 1)
				await call('issues.update', { id: recordId(index), patch: { [field]: value + recordId(index) } });
		},
		count: () => read<{ n: number }>('SELECT count(*) AS n FROM issue').n,
		values,
		/** In how many records the value that lost can be had back: it is listed with the one that stands, and choosing it makes it stand. */
		restorable: async ({ from, to, field, value }: Span & { value: string }) => {
			const open = await call<ConflictRow[]>('conflicts.list', {});
			const lost = open.filter(
				(row) => row.field === field && [row.mine_value, row.theirs_value].includes(value + row.row_id),
			);
			for (const row of lost)
				await call('conflicts.decide', {
					id: row.id,
					choice: row.mine_value === value + row.row_id ? 'mine' : 'theirs',
				});
			return values({ from, to, field }).filter((text) => text?.startsWith(value)).length;
		},
		wire: wireBytes,
	},
	() => core.close(),
);
