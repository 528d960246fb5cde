import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Core, createCore } from '../../electron/core/core.ts';
import type { InputOf, MethodName, OutputOf } from '../../shared/contract/contract.ts';
import { TEST_KEY } from '../support/core.ts';

export interface Workload {
	rows: number;
	edits: number;
	fileBytes: number;
	/** Longest any step may take before it counts as stuck. */
	stuckMs: number;
}

interface Run extends Workload {
	url: string;
	/** Another way to the same server, while all is well. */
	prepareUrl: string;
	folder: string;
	bytesNow(): number;
	/** Makes the network bad; returns what makes it good again. */
	spoil(): () => void;
}

export interface Outcome {
	ms: number;
	bytes: number;
	/** Rounds of sync that it took. */
	steps: number;
	problems: string[];
}

const fields = ['root_cause', 'client_summary'] as const;

/**
 * W1: an empty laptop fetches everything. W2: one laptop's edits reach the other. W3: both edit the same records in
 * different fields. Then a file. A new pair of laptops each time, on the same server.
 */
export async function runWorkload(run: Run): Promise<Outcome> {
	mkdirSync(run.folder, { recursive: true });
	const mark = run.folder.slice(-4);
	const prepared = await openLaptop({ ...run, url: run.prepareUrl }, 'specialist');
	await untilSynced(run, prepared);
	await prepared.close();
	const [sam, ben] = [await openLaptop(run, 'sam'), await openLaptop(run, 'specialist')];
	const good = [sam, ben];
	const problems: string[] = [];
	let steps = 0;
	try {
		const mend = run.spoil();
		const [started, bytes] = [performance.now(), run.bytesNow()];
		steps += await untilSynced(run, sam);
		const issues = await ok(sam, 'issues.list', { limit: 5000 });
		if (issues.length < run.rows) problems.push(`only ${issues.length} of ${run.rows} records came`);
		const ids = issues.slice(0, run.edits).map((issue) => issue.id);
		for (const id of ids) await ok(sam, 'issues.update', { id, patch: { [fields[0]]: `sam ${mark} ${id}` } });
		steps += await untilSynced(run, sam);
		steps += await untilSynced(run, ben);
		problems.push(...(await missing(ben, ids, `sam ${mark}`)));
		for (const id of ids) {
			await ok(sam, 'issues.update', { id, patch: { [fields[0]]: `again ${mark} ${id}` } });
			await ok(ben, 'issues.update', { id, patch: { [fields[1]]: `ben ${mark} ${id}` } });
		}
		for (const laptop of [sam, ben, sam]) steps += await untilSynced(run, laptop);
		for (const laptop of good)
			for (const words of [`again ${mark}`, `ben ${mark}`]) problems.push(...(await missing(laptop, ids, words)));
		const conflicts = await ok(sam, 'conflicts.list', {});
		if (conflicts.length > 0) problems.push(`${conflicts.length} conflicts where there is none`);
		problems.push(...(await sendFile(run, sam, ben)));
		mend();
		return { ms: Math.round(performance.now() - started), bytes: run.bytesNow() - bytes, steps, problems };
	} finally {
		for (const laptop of good) await laptop.close();
	}
}

function openLaptop(run: Run, who: string): Promise<Core> {
	return createCore({
		file: join(run.folder, `${who}.db`),
		keyHex: TEST_KEY,
		deviceName: `${who} ${run.folder.slice(-4)}`,
		appVersion: '0.0.0-test',
		sample: false,
		userId: `u-${who}`,
		server: { url: run.url, token: `dev-${who}` },
		autoSync: false,
	});
}

async function ok<N extends MethodName>(core: Core, method: N, input: InputOf<N>): Promise<OutputOf<N>> {
	const result = await core.call(method, input);
	if (!result.ok) throw new Error(`${method}: ${JSON.stringify(result.error)}`);
	return result.value as never;
}

/** A file goes from one laptop to the other, whole, over as many cuts as there are. */
async function sendFile(run: Run, from: Core, to: Core): Promise<string[]> {
	if (run.fileBytes === 0) return [];
	const bytes = randomBytes(run.fileBytes);
	const source = join(run.folder, 'minutes.bin');
	const copy = join(run.folder, 'copy.bin');
	writeFileSync(source, bytes);
	from.registerFile('source', source);
	to.registerFile('copy', copy);
	const place = { parent_type: 'account', parent_id: 'a-1' } as const;
	const [added] = await ok(from, 'attachments.add', { ...place, files: ['source'] });
	const id = added?.id ?? '';
	await untilSynced(run, from);
	await again(run, async () => {
		await from.call('files.now', {});
		return (await ok(from, 'attachments.list', place)).some((file) => file.id === id && !file.onlyHere);
	});
	await untilSynced(run, to);
	await again(run, async () => (await to.call('attachments.fetch', { id })).ok);
	await ok(to, 'attachments.saveCopy', { id, target: 'copy' });
	return readFileSync(copy).equals(bytes) ? [] : ['the file is not the same'];
}

async function again({ stuckMs }: Run, isDone: () => Promise<boolean>): Promise<void> {
	const started = performance.now();
	while (!(await isDone())) {
		if (performance.now() - started > stuckMs) throw new Error('Stuck with a file.');
		await sleep(300);
	}
}

/** Asks again as the loop would, with its shortest pause; how many rounds it took. */
async function untilSynced({ stuckMs }: Run, core: Core): Promise<number> {
	const started = performance.now();
	for (let round = 1; ; round += 1) {
		const status = await ok(core, 'sync.now', {});
		if (!status.problem && status.unsent === 0) return round;
		if (performance.now() - started > stuckMs) throw new Error(`Stuck: ${JSON.stringify(status)}`);
		await sleep(300);
	}
}

async function missing(core: Core, ids: string[], words: string): Promise<string[]> {
	const lost: string[] = [];
	for (const id of ids) {
		const { issue } = await ok(core, 'issues.get', { id });
		if (!fields.some((field) => issue[field] === `${words} ${id}`)) lost.push(id);
	}
	return lost.length > 0 ? [`"${words}" is missing on ${lost.length} records`] : [];
}
