import { EventEmitter } from 'node:events';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CoreHost } from '../../electron/main/core-host.ts';
import { prepareWorkspace, type Workspace } from '../../electron/main/workspace.ts';
import type { StartState } from '../../shared/contract/bridge.ts';

/** The sample's workspace with a core that does nothing but say that this laptop was put out. */

let root: string;
let folder: string;
let server: Server;
let told: string[];
let status: number;
let core: CoreHost;
let states: StartState['state'][];

beforeEach(async () => {
	root = mkdtempSync(path.join(tmpdir(), 'fieldbook-depart-'));
	folder = path.join(root, 'workspace');
	told = [];
	states = [];
	status = 200;
	server = createServer((request, response) => {
		told.push(`${request.method} ${request.url} ${request.headers.authorization}`);
		response.writeHead(status).end('{}');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
	await new Promise((resolve) => server.close(resolve));
	rmSync(root, { recursive: true, force: true });
});

const departure = { confirm: { path: '/v1/sync/leave', authorization: 'Device d-1:ticket', body: '{}' } };

function start(): Workspace {
	const { port } = server.address() as AddressInfo;
	return prepareWorkspace(
		{
			userData: root,
			sample: true,
			server: { url: `http://127.0.0.1:${port}` },
			userId: 'u-sam',
			nativeBinding: undefined,
			rendererUrl: undefined,
			timing: false,
			log: false,
			appVersion: '0',
		},
		{
			onState: ({ state }) => states.push(state),
			onEvent: () => undefined,
			start: () => {
				core = {
					events: new EventEmitter(),
					call: async () => ({ ok: true, value: null }),
					registerFile: () => undefined,
					wake: () => undefined,
					setLinkHint: () => undefined,
					signIn: async () => true,
					close: async () => undefined,
				};
				return core;
			},
		},
	);
}

const names = () => readdirSync(root).sort();
const isTold = () => expect.poll(() => told).toEqual(['POST /v1/sync/leave Device d-1:ticket']);

function fill(place: string): void {
	mkdirSync(path.join(place, 'fieldbook.db.files'), { recursive: true });
	for (const name of ['slots.json', 'fieldbook.db', 'fieldbook.db-wal', 'fieldbook.db.files/f1'])
		writeFileSync(path.join(place, name), `content of ${name}`);
}

test('keys and files go, the office is told, the screen says so until Fieldbook is closed', async () => {
	const workspace = start();
	expect(existsSync(path.join(folder, 'slots.json'))).toBe(true);
	core.events.emit('departure', departure);
	await expect.poll(() => states).toEqual(['left']);
	await isTold();
	expect(existsSync(folder)).toBe(false);
	expect(await workspace.call('accounts.list', {})).toMatchObject({ ok: false });
	expect(await workspace.vault({ ask: 'open' })).toMatchObject({ ok: false });
	await workspace.close(100);
	await expect.poll(names).toEqual([]);
	start();
	expect(existsSync(path.join(folder, 'slots.json'))).toBe(true);
});

/** What a crash may leave behind, from the first step to the last. */
const crashes: Record<string, () => void> = {
	'before anything was destroyed': () => fill(folder),
	'when the folder had its other name': () => {
		fill(folder);
		renameSync(folder, `${folder}.gone-0123456789ab`);
	},
	'between the keys and the files': () => {
		fill(`${folder}.gone-0123456789ab`);
		rmSync(path.join(`${folder}.gone-0123456789ab`, 'slots.json'));
	},
	'amid the files': () =>
		mkdirSync(path.join(`${folder}.gone-0123456789ab`, 'fieldbook.db.files'), { recursive: true }),
	'when all was destroyed': () => undefined,
};

test.each(Object.entries(crashes))(
	'cut off %s, the next start goes on, tells the office and says it',
	async (_, left) => {
		writeFileSync(`${folder}.left.json`, JSON.stringify(departure));
		left();
		const workspace = start();
		expect(workspace.state()).toEqual({ state: 'left' });
		expect(names()).toEqual(['workspace.left.json']);
		await isTold();
		// A second crash, before anybody has read it.
		await expect.poll(() => start().state()).toEqual({ state: 'left' });
		await workspace.close(100);
		expect(names()).toEqual([]);
	},
);

test('an office that cannot be reached is told at the next start, and told once', async () => {
	status = 503;
	writeFileSync(`${folder}.left.json`, JSON.stringify(departure));
	start();
	await expect.poll(() => told.length).toBe(1);
	status = 200;
	start();
	await expect.poll(() => told.length).toBe(2);
	await expect.poll(() => readFileSync(`${folder}.left.json`, 'utf8')).toBe('{"confirm":null}');
	start();
	expect(told).toHaveLength(2);
});
