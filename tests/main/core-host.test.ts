import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CoreOptions, startCore } from '../../electron/main/core-host.ts';
import { prepareWorkspace } from '../../electron/main/workspace.ts';
import type { StartState } from '../../shared/contract/bridge.ts';
import { bytes, noKeyring, quickDerive } from '../support/vault.ts';

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
			else if (m.id) parentPort.postMessage({ id: m.id, result: { ok: true, value: [m, workerData.key.length] } });
			else parentPort.postMessage({ event: { type: 'heard', m } });
		});
		${body}`;
	writeFileSync(file, text);
	return file;
}

const options = (): CoreOptions => ({
	file: '/nowhere',
	key: new Uint8Array(32).fill(0xab),
	previousKeys: [],
	nativeBinding: undefined,
	sample: true,
	server: undefined,
	userId: 'u-sam',
	deviceName: 'test',
	appVersion: '0',
});
const ready = `parentPort.postMessage({ ready: true, info: {} });`;
const start = (name: string, body: string) => startCore(options(), worker(name, body));

describe('the core host', () => {
	it('keeps calls until the store is open and answers each by its id', async () => {
		const core = start('slow', `setTimeout(() => { ${ready} }, 60);`);
		const [a, b] = await Promise.all([core.call('a', { progressId: 'p' }), core.call('b', {})]);
		expect(a).toEqual({ ok: true, value: [{ id: 1, method: 'a', input: { progressId: 'p' }, progressId: 'p' }, 32] });
		expect(b).toMatchObject({ ok: true, value: [{ id: 2, method: 'b' }, 32] });
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
		const core = startCore(options(), file);
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

	it('goes from a first passphrase to open, locked and open again', async () => {
		const keys: string[] = [];
		const start = (given: CoreOptions) => {
			keys.push(Buffer.from(given.key).toString('hex'));
			return startCore(given, worker('real', ready));
		};
		const userData = path.join(folder, 'real');
		let code = '';
		const workspace = prepareWorkspace(
			{ ...base, sample: false, userData },
			{
				onState: (state) => {
					if (state.state === 'code') code = Buffer.from(state.code).toString('latin1');
				},
				onEvent: () => {},
				start,
				derive: quickDerive,
			},
		);
		await workspace.open(noKeyring);
		expect(workspace.state()).toMatchObject({ state: 'new', why: 'first' });
		expect(await workspace.call('a', {})).toMatchObject({ ok: false, error: { code: 'store_locked' } });
		await workspace.vault({ ask: 'choose', passphrase: bytes('a long enough one') });
		const groups = code.split('-');
		const confirm = bytes(`${groups[0]}${groups[4]}`);
		expect(await workspace.vault({ ask: 'confirm', first: 1, second: 5, groups: confirm })).toEqual({ ok: true });
		expect(await workspace.call('a', {})).toMatchObject({ ok: true });
		expect(workspace.state()).toEqual({ state: 'ready' });
		// Nothing that opens a locked workbook does anything to an open one.
		expect(await workspace.vault({ ask: 'recover', code: bytes(code) })).toMatchObject({ ok: false });
		const locked = workspace.lock();
		expect(await workspace.call('a', {})).toMatchObject({ ok: false, error: { code: 'store_locked' } });
		await locked;
		expect(workspace.state()).toEqual({ state: 'locked', way: 'no-keyring', hasCode: true });
		expect(await workspace.vault({ ask: 'rotate', passphrase: bytes('a long enough one') })).toMatchObject({
			ok: false,
		});
		expect(await workspace.vault({ ask: 'unlock', passphrase: bytes('not the right one') })).toMatchObject({
			ok: false,
		});
		expect(await workspace.vault({ ask: 'unlock', passphrase: bytes('a long enough one') })).toEqual({ ok: true });
		expect(await workspace.call('a', {})).toMatchObject({ ok: true });
		expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
		await workspace.close(1000);
	});

	it('locks the sample, which opens by a click', async () => {
		const userData = path.join(folder, 'sample-locked');
		const start = (given: CoreOptions) => startCore(given, worker('sample', ready));
		const workspace = prepareWorkspace({ ...base, userData }, { onState: () => {}, onEvent: () => {}, start });
		await workspace.call('a', {});
		await workspace.lock();
		expect(workspace.state()).toEqual({ state: 'locked', way: 'sample', hasCode: false });
		expect(await workspace.call('a', {})).toMatchObject({ ok: false, error: { code: 'store_locked' } });
		expect(await workspace.vault({ ask: 'open' })).toEqual({ ok: true });
		expect(await workspace.call('a', {})).toMatchObject({ ok: true });
		await workspace.close(1000);
	});

	it('hands the key over: nothing of it stays on this side', async () => {
		const key = new Uint8Array(32).fill(7);
		const core = startCore({ ...options(), key }, worker('key', ready));
		expect(key.byteLength).toBe(0);
		await core.call('a', {});
		await core.close(1000);
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
