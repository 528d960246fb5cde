import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RawDevice } from '../../support/raw-device.ts';
import { runServerProgram, type ServerProcess, startServerProcess, writeTokens } from '../../support/server-process.ts';
import { issueValues } from '../../support/sync-records.ts';

let folder: string;
let data: string;
let server: ServerProcess | undefined;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'fieldbook-program-'));
	data = join(folder, 'data');
});
afterEach(async () => {
	if (server?.child.exitCode === null && server.child.signalCode === null) await server.kill();
	rmSync(folder, { recursive: true, force: true });
});

async function start(args: readonly string[] = [], env: Record<string, string> = {}): Promise<ServerProcess> {
	server = await startServerProcess(['--data', data, '--token-file', writeTokens(folder, ['a-1']), ...args], env);
	return server;
}

async function laptop({ url }: ServerProcess): Promise<RawDevice> {
	const device = new RawDevice(url, 'token-of-sam', 'aaaaaaaa');
	await device.hello();
	return device;
}

const create = (device: RawDevice, id: string, title = 'Late invoice') => ({
	k: 'create',
	t: 'issue',
	id,
	hlc: device.hlc(),
	v: { ...issueValues('a-1'), title },
});

test('keeps what it acknowledged over SIGKILL, says what is durable, and ends cleanly with a backup', async () => {
	const first = await start();
	const device = await laptop(first);
	await device.push([create(device, 'i-1')]);
	const { seq } = (await device.send([device.group([create(device, 'i-2')])])).body;
	const before = (await device.hello()).body;
	expect(before.durableSeq).toBeLessThan(seq);
	await first.kill();

	const second = await start();
	expect(second.epoch).toBe(first.epoch);
	expect(second.log()).toContain('"lastEnd":"killed"');
	const again = await laptop(second);
	expect((await again.hello({ lastAckedGroup: 2 })).body).toMatchObject({ lastGroup: 2, directive: 'ok' });
	expect((await again.pull()).rows.map((row) => row.id)).toEqual(expect.arrayContaining(['i-1', 'i-2']));
	// It began with a backup of what it found.
	expect((await again.hello()).body.durableSeq).toBeGreaterThanOrEqual(seq);
	expect(await second.end()).toBe(0);
	expect(existsSync(join(data, 'server.lock'))).toBe(false);
	expect(readdirSync(join(data, 'backups')).length).toBeGreaterThan(0);
});

test('writes a backup and puts the store back to it, as commands', async () => {
	const first = await start();
	const device = await laptop(first);
	await device.push([create(device, 'i-1')]);
	const file = join(folder, 'one.jsonl.gz');
	const busy = await runServerProgram(['--data', data, '--backup', file]);
	expect(busy).toMatchObject({ code: 1, log: expect.stringContaining('in use by another server') });
	expect((await runServerProgram(['--data', data, '--restore', file])).code).toBe(1);
	await first.end();
	const backup = await runServerProgram(['--data', data, '--backup', file]);
	expect(backup.code).toBe(0);
	expect(JSON.parse(backup.out)).toMatchObject({ backup: file, epoch: first.epoch });
	const restored = await runServerProgram(['--data', data, '--restore', file]);
	const said = JSON.parse(restored.out) as { epoch: string; kept: string };
	expect(said).toMatchObject({ restored: file, epoch: expect.any(String), kept: expect.stringContaining('before') });
	const second = await start();
	expect(second.epoch).toBe(said.epoch);
	expect(second.epoch).not.toBe(first.epoch);
	expect((await (await laptop(second)).pull()).rows.some((row) => row.id === 'i-1')).toBe(true);
	expect(await second.end()).toBe(0);
});

test.each([
	['push:before-commit', false],
	['push:after-commit', true],
] as const)('killed at %s, it has all of the push or nothing, and takes it again as one', async (point, isThere) => {
	const first = await start([], { FIELDBOOK_CRASH_AT: `${point}:2` });
	const device = await laptop(first);
	await device.push([create(device, 'i-1')]);
	const { nonce } = device;
	const groups = [device.group([create(device, 'i-2')])];
	await expect(device.send(groups)).rejects.toThrow();
	const second = await start();
	const again = await laptop(second);
	const had = (await again.pull()).rows.some((row) => row.id === 'i-2');
	expect(had).toBe(isThere);
	Object.assign(device, { url: second.url, nonce });
	expect(await device.send(groups)).toMatchObject({ status: 200, body: { ackedThrough: 2, results: [] } });
	again.cursor = null;
	expect((await again.pull()).rows.filter((row) => row.id === 'i-2')).toHaveLength(1);
	await second.end();
});

test('its log says of each request what was asked and how long it took, and never what a record says', async () => {
	const running = await start(['--log']);
	const device = await laptop(running);
	await device.push([create(device, 'i-1', 'SecretTitle')]);
	await device.request('/v1/sync/pull?cursor=SecretCursor');
	await device.request('/v1/SecretPath');
	// An error of the database's own quotes the values it stumbled over.
	await device.request('/v1/sync/push', {
		device: device.device,
		nonce: device.nonce,
		groups: [{ ...device.group([create(device, 'i-2', 'SecretTitle')]), no: 2, at: 'SecretAt \ud800' }],
	});
	await running.end();
	const lines = running
		.log()
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, unknown>);
	expect(lines).toContainEqual({
		at: expect.any(String),
		id: expect.any(String),
		method: 'POST',
		route: '/v1/sync/push',
		status: 200,
		ms: expect.any(Number),
	});
	expect(lines.map(({ route }) => route)).toContain('/v1/sync/pull');
	expect(running.log()).not.toMatch(/Secret|token-of/);
});
