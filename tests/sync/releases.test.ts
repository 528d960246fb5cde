import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { type Core, createCore } from '../../electron/core/core.ts';
import type { InputOf, MethodName, OutputOf } from '../../shared/contract/contract.ts';
import { SCHEMA } from '../../shared/sync/protocol.ts';
import { TEST_KEY } from '../support/core.ts';
import { RawDevice } from '../support/raw-device.ts';
import { releasedCore, startReleasedServer } from '../support/releases.ts';
import { startTestServer } from '../support/server.ts';
import { syncRecords } from '../support/sync-records.ts';

/** The release before this one. A new one is kept with build/keep-release.mjs and takes this one's place here. */
const LAST = '0.1.0';

const ends: (() => unknown)[] = [];
afterEach(async () => {
	for (const end of ends.splice(0).reverse()) await end();
});

/** A laptop, of this release or of an earlier one. */
class Laptop {
	core!: Core;
	readonly #folder = mkdtempSync(join(tmpdir(), 'fieldbook-release-'));
	readonly #server: { url: string };
	readonly #who: string;

	constructor(server: { url: string }, who: 'sam' | 'specialist') {
		this.#server = server;
		this.#who = who;
		ends.push(() => this.#end());
	}

	async open(create: typeof createCore): Promise<this> {
		await this.core?.close();
		this.core = await create({
			file: join(this.#folder, 'fieldbook.db'),
			keyHex: TEST_KEY,
			deviceName: `${this.#who}'s laptop`,
			appVersion: '0.0.0-test',
			sample: false,
			userId: `u-${this.#who}`,
			server: { url: this.#server.url, token: `dev-${this.#who}` },
			autoSync: false,
		});
		return this;
	}

	async ok<N extends MethodName>(method: N, input: InputOf<N>): Promise<OutputOf<N>> {
		const result = await this.core.call(method, input);
		if (!result.ok) throw new Error(`${method}: ${JSON.stringify(result.error)}`);
		return result.value as never;
	}

	async sync(): Promise<void> {
		const status = await this.ok('sync.now', {});
		expect(status.problem).toBeNull();
	}

	async type(id: string, words: string): Promise<void> {
		const doc = new Y.Doc();
		Y.applyUpdate(doc, Buffer.from((await this.ok('notes.get', { id })).state, 'base64'));
		const before = Y.encodeStateVector(doc);
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText(words)]);
		doc.getXmlFragment('default').push([paragraph]);
		await this.ok('notes.append', { id, update: Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString('base64') });
	}

	async words(id: string): Promise<string> {
		const notes = await this.ok('notes.list', { parent_type: 'account', parent_id: 'a-1' });
		return notes.find((note) => note.id === id)?.excerpt ?? '';
	}

	async #end(): Promise<void> {
		await this.core.close();
		rmSync(this.#folder, { recursive: true, force: true });
	}
}

/** Two people's whole use of what both releases know: create, different fields, the same field, typing, deletion. */
async function workTogether(one: Laptop, other: Laptop): Promise<void> {
	for (const laptop of [one, other]) await laptop.sync();
	const issue = await one.ok('issues.create', { account_id: 'a-1', title: 'Receipt missing' });
	const note = await one.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
	await one.type(note.id, 'From the first laptop.');
	await one.sync();
	await other.sync();
	await one.ok('issues.update', { id: issue.id, patch: { priority: 'HIGH', root_cause: 'Address' } });
	await one.type(note.id, 'More from the first.');
	await other.ok('issues.update', { id: issue.id, patch: { due_date: '2026-12-01', root_cause: 'Cost centre' } });
	await other.type(note.id, 'From the second.');
	const gone = await other.ok('issues.create', { account_id: 'a-1', title: 'Made by mistake' });
	await other.ok('issues.delete', { id: gone.id });
	for (const laptop of [one, other, one, other]) await laptop.sync();
	for (const laptop of [one, other]) {
		const page = await laptop.ok('issues.get', { id: issue.id });
		expect(page.issue).toMatchObject({ priority: 'HIGH', due_date: '2026-12-01', root_cause: 'Address' });
		const [conflict] = await laptop.ok('conflicts.list', {});
		expect(conflict).toMatchObject({ mine_value: 'Cost centre', theirs_value: 'Address' });
		const words = await laptop.words(note.id);
		for (const part of ['From the first laptop.', 'More from the first.', 'From the second.'])
			expect(words).toContain(part);
		expect((await laptop.ok('sync.status', {})).unsent).toBe(0);
	}
}

describe(`a laptop of release ${LAST} and one of today`, () => {
	it('work together on a server of today', async () => {
		const server = await startTestServer({ records: syncRecords });
		ends.push(() => server.stop());
		const old = await new Laptop(server, 'sam').open((await releasedCore(LAST)).createCore);
		const today = await new Laptop(server, 'specialist').open(createCore);
		await workTogether(old, today);
	});

	it(`work together on a server of release ${LAST}`, async () => {
		const server = await startReleasedServer(LAST, syncRecords);
		ends.push(() => server.stop());
		const old = await new Laptop(server, 'sam').open((await releasedCore(LAST)).createCore);
		const today = await new Laptop(server, 'specialist').open(createCore);
		await workTogether(today, old);
	});
});

describe('an upgrade', () => {
	it('of the laptop sends what the older release had not sent', async () => {
		const server = await startTestServer({ records: syncRecords });
		ends.push(() => server.stop());
		const laptop = await new Laptop(server, 'sam').open((await releasedCore(LAST)).createCore);
		await laptop.sync();
		const note = await laptop.ok('notes.create', { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' });
		await laptop.type(note.id, 'Written on the plane.');
		await laptop.ok('issues.update', { id: 'i-1', patch: { priority: 'HIGH' } });
		await laptop.open(createCore);
		expect((await laptop.ok('sync.status', {})).unsent).toBeGreaterThan(0);
		await laptop.sync();
		const colleague = await new Laptop(server, 'specialist').open(createCore);
		await colleague.sync();
		expect(await colleague.words(note.id)).toBe('Written on the plane.');
		expect((await colleague.ok('issues.get', { id: 'i-1' })).issue.priority).toBe('HIGH');
	});

	it('of the server happens under laptops that go on working', async () => {
		const server = await startReleasedServer(LAST, syncRecords);
		ends.push(() => server.stop());
		const at = { url: server.url };
		const laptop = await new Laptop(at, 'sam').open((await releasedCore(LAST)).createCore);
		await laptop.sync();
		await laptop.ok('issues.update', { id: 'i-1', patch: { priority: 'HIGH' } });
		await laptop.sync();
		await laptop.ok('issues.update', { id: 'i-1', patch: { root_cause: 'Address' } });
		at.url = await server.upgrade();
		await laptop.open((await releasedCore(LAST)).createCore);
		await laptop.sync();
		const colleague = await new Laptop(at, 'specialist').open(createCore);
		await colleague.sync();
		const { issue } = await colleague.ok('issues.get', { id: 'i-1' });
		expect(issue).toMatchObject({ priority: 'HIGH', root_cause: 'Address' });
	});
});

describe('a laptop one release newer than the server', () => {
	it('is answered for each operation; what the server does not know is refused alone and kept whole', async () => {
		const server = await startTestServer({ records: syncRecords });
		ends.push(() => server.stop());
		const device = new RawDevice(server.url, 'dev-sam', 'cccccccc');
		expect((await device.hello({ schema: SCHEMA + 1 })).body.directive).toBe('ok');
		const results = await device.push([
			{ k: 'create', t: 'hologram', id: 'h-1', hlc: device.hlc(), v: { account_id: 'a-1' } },
			{ k: 'set', t: 'issue', id: 'i-1', hlc: device.hlc(), f: { mood: { v: 'calm', base: null } } },
			{ k: 'set', t: 'issue', id: 'i-1', hlc: device.hlc(), f: { priority: { v: 'HIGH', base: null } } },
		]);
		const reasons = results.filter((result) => result.s === 'refused').map((result) => result.reason);
		expect(reasons).toEqual(['unknown_entity', 'unknown_field']);
		const kept = await server.store.db.selectFrom('quarantine').select('reason').orderBy('op_no').execute();
		expect(kept.map((row) => row.reason)).toEqual(['unknown_entity', 'unknown_field']);
	});
});
