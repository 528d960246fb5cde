import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runNode } from '../../build/processes.mjs';
import { startServer } from '../../build/server-process.mjs';
import { median, percentile, printLine, round } from './measures.ts';
import { openBreakingWay } from './sync-cut.ts';
import { type BenchProcess, cpuTime, peakMemory, startProcess } from './sync-process.ts';

const ROWS = 50_000;
const BASE = 10_000;

/** What one run of a workload cost. `cpuMs` and `bytes` count the sync calls only; client and server together. */
interface Cost {
	ms: number;
	cpuMs: number;
	bytes: number;
	clientMB: number;
	serverMB: number;
	[more: string]: unknown;
}

/** One side that takes part in a workload: the product or a peer. */
interface Side {
	serverPid: number;
	url: string;
	client(name: string): Promise<BenchProcess>;
	stop(): Promise<void>;
}

type Workload = (side: Side) => Promise<Cost>;

const temporary = () => fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-sync-bench-'));

/** A store of the embedded server with so many records; made once and copied for every run. */
const seeded = new Map<number, string>();

async function seededServer(count: number): Promise<string> {
	const known = seeded.get(count);
	if (known) return known;
	const folder = temporary();
	const { code, output } = await runNode(['tests/bench/sync-seed.ts', folder, String(count)], { output: 'capture' });
	if (code !== 0) throw new Error(`The server's store could not be filled:\n${output}`);
	seeded.set(count, folder);
	return folder;
}

async function startProduct(count: number): Promise<Side> {
	const folder = temporary();
	const data = path.join(folder, 'server');
	fs.cpSync(await seededServer(count), data, { recursive: true, mode: fs.constants.COPYFILE_FICLONE });
	const server = await startServer({ dataDir: data });
	const clients: BenchProcess[] = [];
	const side: Side = {
		serverPid: server.pid as number,
		url: server.url,
		client: async (name) => {
			const client = startProcess('sync-client.ts');
			clients.push(client);
			fs.mkdirSync(path.join(folder, name));
			await client.call('open', { url: side.url, token: `bench-${name}`, folder: path.join(folder, name) });
			return client;
		},
		stop: async () => {
			for (const client of clients) await client.stop();
			await server.stop();
			fs.rmSync(folder, { recursive: true, force: true });
		},
	};
	await warmUp(side.url);
	return side;
}

/** A server that has been running: a colleague has fetched everything before. */
async function warmUp(url: string): Promise<void> {
	for (let cursor = ''; ; ) {
		const query = new URLSearchParams({ max: '2000', ...(cursor ? { cursor } : {}) });
		const headers = { authorization: 'Bearer bench-warm', 'accept-encoding': 'zstd' };
		const reply = await fetch(`${url}/v1/sync/pull?${query}`, { headers });
		const end = JSON.parse((await reply.text()).trimEnd().split('\n').at(-1) as string) as {
			cursor: string;
			more: boolean;
		};
		if (!end.more) return;
		cursor = end.cursor;
	}
}

async function startYjs(count: number): Promise<Side> {
	const folder = temporary();
	const server = startProcess('sync-yjs.ts');
	const clients: BenchProcess[] = [];
	fs.mkdirSync(path.join(folder, 'server'));
	const url = await server.call<string>('serve', { folder: path.join(folder, 'server'), count });
	return {
		serverPid: server.pid,
		url,
		client: async (name) => {
			const client = startProcess('sync-yjs.ts');
			clients.push(client);
			fs.mkdirSync(path.join(folder, name));
			await client.call('open', { url, folder: path.join(folder, name) });
			return client;
		},
		stop: async () => {
			for (const process of [...clients, server]) await process.stop();
			fs.rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Runs `work` and tells what it cost server and clients. */
async function costOf(side: Side, clients: readonly BenchProcess[], work: () => Promise<void>): Promise<Cost> {
	const cpu = () =>
		[side.serverPid, ...clients.map((client) => client.pid)].reduce((sum, pid) => sum + cpuTime(pid), 0);
	const wire = async () => {
		let sum = 0;
		for (const client of clients) sum += await client.call<number>('wire');
		return sum;
	};
	const before = { cpu: cpu(), bytes: await wire(), at: performance.now() };
	await work();
	const ms = performance.now() - before.at;
	return {
		ms,
		cpuMs: cpu() - before.cpu,
		bytes: (await wire()) - before.bytes,
		clientMB: Math.max(...clients.map((client) => peakMemory(client.pid))),
		serverMB: peakMemory(side.serverPid),
	};
}

async function sync(...clients: BenchProcess[]): Promise<void> {
	for (const client of clients) {
		const { problem } = await client.call<{ problem?: string | null }>('sync');
		if (problem) throw new Error(`A sync failed: ${problem}`);
	}
}

/** W1: an empty laptop fetches everything. */
const downloadAll: Workload = async (side) => {
	const a = await side.client('a');
	const cost = await costOf(side, [a], () => sync(a));
	const count = await a.call<number>('count');
	if (count !== ROWS) throw new Error(`${count} records arrived instead of ${ROWS}.`);
	return cost;
};

async function twoClients(side: Side): Promise<[BenchProcess, BenchProcess]> {
	const a = await side.client('a');
	const b = await side.client('b');
	await sync(a, b);
	return [a, b];
}

/** W2: A sends 2,000 edits made offline, B fetches them. */
const passEdits: Workload = async (side) => {
	const [a, b] = await twoClients(side);
	const span = { from: 0, to: 2000, field: 'title' };
	await a.call('edit', { ...span, value: 'A' });
	const cost = await costOf(side, [a, b], () => sync(a, b));
	const arrived = (await b.call<string[]>('values', span)).filter((text) => text?.startsWith('A')).length;
	if (arrived !== 2000) throw new Error(`${arrived} edits arrived instead of 2,000.`);
	return { ...cost, arrived };
};

/** W3 and W4: both edit the same 1,000 records offline, in different fields or the same one; then A, B, A sync. */
const bothEdit =
	(fieldOfB: string): Workload =>
	async (side) => {
		const [a, b] = await twoClients(side);
		const span = { from: 0, to: 1000 };
		await a.call('edit', { ...span, field: 'title', value: 'A' });
		await b.call('edit', { ...span, field: fieldOfB, value: 'B' });
		const cost = await costOf(side, [a, b], () => sync(a, b, a));
		const read = (client: BenchProcess, field: string) => client.call<string[]>('values', { ...span, field });
		const [titles, others] = [await read(a, 'title'), await read(a, fieldOfB)];
		const isSame =
			JSON.stringify([titles, others]) === JSON.stringify([await read(b, 'title'), await read(b, fieldOfB)]);
		if (!isSame) throw new Error('The two laptops do not agree.');
		if (fieldOfB !== 'title') {
			const kept = titles.filter((text, index) => text?.startsWith('A') && others[index]?.startsWith('B')).length;
			return { ...cost, bothKept: kept };
		}
		const loser = titles[0]?.startsWith('A') ? 'B' : 'A';
		return { ...cost, restorable: await a.call('restorable', { ...span, field: 'title', value: loser }) };
	};

async function runAll(runs: number, start: () => Promise<Side>, workload: Workload): Promise<Cost> {
	const costs: Cost[] = [];
	for (let run = 0; run < runs; run += 1) {
		const side = await start();
		try {
			costs.push(await workload(side));
		} finally {
			await side.stop();
		}
	}
	const middle = (name: keyof Cost, digits: number) => round(median(costs.map((cost) => Number(cost[name]))), digits);
	return {
		...costs.at(-1),
		ms: middle('ms', 0),
		cpuMs: middle('cpuMs', 0),
		bytes: middle('bytes', 0),
		clientMB: middle('clientMB', 0),
		serverMB: middle('serverMB', 0),
	};
}

async function floorOf(runs: number): Promise<{ ms: number; bytes: number }> {
	const folder = temporary();
	const server = startProcess('sync-floor.ts');
	const times: number[] = [];
	let bytes = 0;
	try {
		const url = await server.call<string>('serve', { count: ROWS });
		for (let run = 0; run < runs; run += 1) {
			const client = startProcess('sync-floor.ts');
			const found = await client.call<{ ms: number; bytes: number }>('download', { url, folder });
			times.push(found.ms);
			bytes = found.bytes;
			await client.stop();
		}
	} finally {
		await server.stop();
		fs.rmSync(folder, { recursive: true, force: true });
	}
	return { ms: median(times), bytes };
}

/** What else W1 promises: edits meanwhile are quick, and twenty cuts cost little. */
async function downloadInTrouble(wholeBytes: number) {
	const busy = await startProduct(ROWS);
	let times: number[];
	try {
		times = await (await busy.client('a')).call<number[]>('syncWhileEditing');
	} finally {
		await busy.stop();
	}
	const cut = await startProduct(ROWS);
	const way = await openBreakingWay(cut.url, 20, () => Math.random() * 2 * (wholeBytes / 21));
	try {
		cut.url = way.url;
		const client = await cut.client('a');
		let rounds = 0;
		for (let isDone = false; !isDone && rounds < 200; rounds += 1)
			isDone = !(await client.call<{ problem: string | null }>('sync')).problem;
		const count = await client.call<number>('count');
		return {
			editP50: round(median(times), 2),
			editP99: round(percentile(times, 0.99), 2),
			edits: times.length,
			cuts: way.cuts(),
			cutBytes: round(way.received() / wholeBytes, 3),
			cutRows: count,
		};
	} finally {
		way.close();
		await cut.stop();
	}
}

const names = {
	'sync-w1': downloadAll,
	'sync-w2': passEdits,
	'sync-w3': bothEdit('root_cause'),
	'sync-w4': bothEdit('title'),
};

/** One workload of `npm run bench -- sync-w1|...|sync-w4`: the product, then a peer, and for W1 the floor. */
export async function benchSync(name: keyof typeof names, runs: number): Promise<void> {
	try {
		await (name === 'sync-w1' ? benchDownload(runs) : benchEdits(name, runs));
	} finally {
		for (const folder of seeded.values()) fs.rmSync(folder, { recursive: true, force: true });
		seeded.clear();
	}
}

async function benchDownload(runs: number): Promise<void> {
	const floor = await floorOf(runs);
	const product = await runAll(runs, () => startProduct(ROWS), downloadAll);
	const trouble = await downloadInTrouble(product.bytes);
	const yjs = await runAll(1, () => startYjs(ROWS), downloadAll);
	const ratio = product.ms / floor.ms;
	printLine({
		name: 'sync-w1',
		value: product.ms,
		unit: 'ms',
		floor: round(floor.ms, 0),
		ratio: round(ratio),
		runs,
		met:
			ratio <= 3 &&
			product.bytes <= 3_600_000 &&
			product.clientMB <= 160 &&
			trouble.editP99 < 10 &&
			trouble.cutBytes <= 1.1 &&
			trouble.cutRows === ROWS,
		target: '<= 3 x the floor, <= 3.6 MB, client <= 160 MB, edit p99 < 10 ms, 20 cuts <= 1.1 x the bytes',
		...product,
		...trouble,
		floorBytes: floor.bytes,
		yjs,
	});
}

async function benchEdits(name: 'sync-w2' | 'sync-w3' | 'sync-w4', runs: number): Promise<void> {
	const workload = names[name];
	const product = await runAll(runs, () => startProduct(BASE), workload);
	const larger = name === 'sync-w2' ? await runAll(runs, () => startProduct(10 * BASE), workload) : undefined;
	const yjs = await runAll(1, () => startYjs(BASE), workload);
	const growth = larger
		? { largerMs: larger.ms, largerCpuMs: larger.cpuMs, growth: round(larger.cpuMs / product.cpuMs) }
		: {};
	printLine({
		name,
		value: product.cpuMs,
		unit: 'cpu ms',
		floor: yjs.cpuMs,
		ratio: round(product.cpuMs / yjs.cpuMs),
		runs,
		met: isMet(name, product, growth.growth),
		target: targets[name],
		...product,
		...growth,
		yjs,
	});
}

const targets = {
	'sync-w2': '<= 400 cpu ms, <= 0.35 MB, <= 1.2 x on a store ten times larger; the floor is the peer',
	'sync-w3': '1,000 of 1,000 both kept; the floor is the peer',
	'sync-w4': '1,000 of 1,000 losers restorable; the floor is the peer',
};

function isMet(name: keyof typeof targets, cost: Cost, growth: number | undefined): boolean {
	if (name === 'sync-w3') return cost['bothKept'] === 1000 && cost.cpuMs <= 400;
	if (name === 'sync-w4') return cost['restorable'] === 1000;
	return cost.cpuMs <= 400 && cost.bytes <= 350_000 && (growth ?? Number.POSITIVE_INFINITY) <= 1.2;
}
