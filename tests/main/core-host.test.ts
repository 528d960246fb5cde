import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CoreOptions, startCore } from '../../electron/main/core-host.ts';
import { prepareWorkspace } from '../../electron/main/workspace.ts';
import type { StartState } from '../../shared/contract/bridge.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-host-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A worker that answers with what it was asked; `body` says how it starts. */
function worker(name: string, body: string): string {
	const file = path.join(folder, `${name}.mjs`);
	const text = `import { parentPort, workerData } from 'node:worker_threads';
		parentPort.on('message', (m) => {
			if (m.close) { parentPort.postMessage({ closed: true }); parentPort.close(); }
			else if (m.method === 'die') process.exit(3);
			else if (m.method === 'throw') throw new Error('boom');
			else if (m.id) parentPort.postMessage({ id: m.id, result: { ok: true, value: [m, workerData.keyHex.length] } });
			else parentPort.postMessage({ event: { type: 'heard', m } });
		});
		${body}`;
	writeFileSync(file, text);
	return file;
}

const options: CoreOptions = {
	file: '/nowhere',
	keyHex: 'ab'.repeat(32),
	nativeBinding: undefined,
	sample: true,
	server: undefined,
	userId: 'u-sam',
	deviceName: 'test',
	appVersion: '0',
};
const ready = `parentPort.postMessage({ ready: true, info: {} });`;
const start = (name: string, body: string) => startCore(options, worker(name, body));

describe('the core host', () => {
	it('keeps calls until the store is open and answers each by its id', async () => {
		const core = start('slow', `setTimeout(() => { ${ready} }, 60);`);
		const [a, b] = await Promise.all([core.call('a', { progressId: 'p' }), core.call('b', {})]);
		expect(a).toEqual({ ok: true, value: [{ id: 1, method: 'a', input: { progressId: 'p' }, progressId: 'p' }, 64] });
		expect(b).toMatchObject({ ok: true, value: [{ id: 2, method: 'b' }, 64] });
		await core.close(1000);
	});

	it('passes files, wakes and events', async () => {
		const core = start('events', ready);
		const heard: unknown[] = [];
		core.events.on('event', (event) => heard.push(event));
		core.registerFile('t', '/x.csv');
		core.wake();
		core.setLinkHint({ metered: true });
		await core.call('after', {});
		expect(heard).toMatchObject([
			{ m: { registerFile: { token: 't', path: '/x.csv' } } },
			{ m: { wake: true } },
			{ m: { linkHint: { metered: true } } },
		]);
		await core.close(1000);
	});

	it('says so when the store cannot be opened', async () => {
		const core = start('fails', `parentPort.postMessage({ failed: { code: 'wrong_key', message: 'no' } });`);
		const failed = new Promise((resolve) => core.events.once('failed', (code) => resolve(code)));
		expect(await core.call('a', {})).toMatchObject({ ok: false });
		expect(await failed).toBe('wrong_key');
	});

	it.each(['die', 'throw'])(
		'answers every open call when the thread ends by %s, and does not start it again',
		async (how) => {
			const core = start(how, ready);
			const codes: string[] = [];
			core.events.on('failed', (code) => codes.push(code));
			expect(await core.call(how, {})).toMatchObject({ ok: false, error: { code: 'internal' } });
			expect(await core.call('later', {})).toMatchObject({ ok: false });
			expect(codes).toEqual(['internal']);
		},
	);

	it('does not wait for ever at the end', async () => {
		const file = path.join(folder, 'deaf.mjs');
		writeFileSync(
			file,
			`import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {}); ${ready}`,
		);
		const core = startCore(options, file);
		await new Promise<void>((resolve) => core.events.once('ready', resolve));
		const started = performance.now();
		await core.close(100);
		expect(performance.now() - started).toBeLessThan(1000);
	});
});

describe('the workspace', () => {
	const base = {
		sample: true,
		server: undefined,
		userId: 'u-sam',
		nativeBinding: undefined,
		rendererUrl: undefined,
		timing: false,
		log: false,
		appVersion: '0',
	};
	const noKeyring = { backend: async () => null, wrap: async (key: Buffer) => key, unwrap: async (key: Buffer) => key };

	it('opens the sample at once, answering calls made before', async () => {
		const states: StartState[] = [];
		const start = (given: CoreOptions) => startCore(given, worker('sample', ready));
		const userData = path.join(folder, 'sample');
		const workspace = prepareWorkspace(
			{ ...base, userData },
			{ onState: (state) => states.push(state), onEvent: () => {}, start },
		);
		expect(workspace.state()).toEqual({ state: 'opening' });
		expect(await workspace.call('a', {})).toMatchObject({ ok: true });
		expect(states).toEqual([{ state: 'ready' }]);
		await workspace.close(1000);
	});

	it('asks for a passphrase, slows down wrong ones and opens by the right one', async () => {
		const states: string[] = [];
		const start = (given: CoreOptions) => startCore(given, worker('real', ready));
		const userData = path.join(folder, 'real');
		const open = () =>
			prepareWorkspace(
				{ ...base, sample: false, userData },
				{ onState: (state) => states.push(state.state), onEvent: () => {}, start },
			);
		const first = open();
		await first.open(noKeyring);
		expect(first.state()).toMatchObject({ state: 'passphrase', create: true });
		expect(await first.call('a', {})).toMatchObject({ ok: false, error: { code: 'store_locked' } });
		await first.unlock('a long enough one');
		expect(await first.call('a', {})).toMatchObject({ ok: true });
		await first.close(1000);

		const second = open();
		await second.open(noKeyring);
		await second.unlock('not the right one');
		expect(second.state()).toMatchObject({ state: 'passphrase', create: false, wrong: true });
		const started = performance.now();
		await second.unlock('a long enough one');
		expect(performance.now() - started).toBeGreaterThan(990);
		expect(await second.call('a', {})).toMatchObject({ ok: true });
		await second.close(1000);
	});

	it('says what is wrong with a store it cannot open', async () => {
		const userData = path.join(folder, 'broken');
		const workspace = prepareWorkspace(
			{ ...base, userData },
			{
				onState: () => {},
				onEvent: () => {},
				start: (given) =>
					startCore(
						given,
						worker('newer', `parentPort.postMessage({ failed: { code: 'store_newer', message: '' } });`),
					),
			},
		);
		await workspace.call('a', {});
		expect(workspace.state()).toMatchObject({ state: 'failed', code: 'store_newer' });
	});
});
