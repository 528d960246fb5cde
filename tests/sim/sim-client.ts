import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../db/open-store.ts';
import { type Core, createCore } from '../../electron/core/core.ts';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { SyncStatus } from '../../shared/contract/models.ts';
import { listen, type Parked } from './sim-network.ts';

const KEY = 'c0ffee00'.repeat(8);

export interface ClientSetup {
	name: string;
	/** A copied profile runs on a laptop that calls itself the same. */
	deviceName?: string;
	userId: string;
	token: string;
	folder: string;
	/** The true time. */
	clock: () => Date;
}

let template: Buffer | undefined;

/** A new empty store's bytes; making one anew for each client would take most of a simulation's time. */
function emptyStore(folder: string): Buffer {
	if (!template) {
		const file = join(folder, 'template.db');
		const store = openStore({ file, keyHex: KEY });
		store.raw.pragma('wal_checkpoint(TRUNCATE)');
		store.close();
		template = readFileSync(file);
	}
	return template;
}

/** One laptop: a real core on a real encrypted store, whose requests wait for the world and which can die at any statement. */
export class SimClient {
	readonly setup: ClientSetup;
	/** How wrong its clock is. */
	offsetMs = 0;
	parked: Parked | undefined;
	lastStatus: SyncStatus | undefined;
	/** Records the newest undoable command wrote; undefined when it is not known any more. */
	lastDone: Set<string> | undefined;
	core!: Core;
	file: string;
	#generation = 0;
	#sync: Promise<void> | undefined;
	#change = Promise.withResolvers<void>();
	#deafen: () => void = () => {};
	#crashAfter: number | undefined;
	#image: string | undefined;

	constructor(setup: ClientSetup) {
		this.setup = setup;
		this.file = this.#nextFile();
	}

	static async create(setup: ClientSetup): Promise<SimClient> {
		const client = new SimClient(setup);
		writeFileSync(client.file, emptyStore(setup.folder));
		await client.#open();
		return client;
	}

	/** A second laptop with a copy of this one's profile. */
	async clone(name: string): Promise<SimClient> {
		const copy = new SimClient({ ...this.setup, deviceName: this.setup.deviceName ?? this.setup.name, name });
		copy.offsetMs = this.offsetMs;
		copy.lastDone = this.lastDone;
		copyImage(this.file, copy.file);
		await copy.#open();
		return copy;
	}

	/** A copy of the store's files as they are now. */
	backup(): string {
		const image = this.#nextFile();
		copyImage(this.file, image);
		return image;
	}

	/** Continues with an image of the store; what the profile held is gone. */
	async goBackTo(image: string): Promise<void> {
		await this.#end();
		this.file = this.#nextFile();
		copyImage(image, this.file);
		await this.#open();
	}

	/** The process dies before its n-th statement from now. */
	dieAfter(statements: number): void {
		this.#crashAfter = statements;
	}

	/** The process dies now. */
	die(): void {
		this.#image ??= this.backup();
	}

	get isDead(): boolean {
		return this.#image !== undefined;
	}

	/** Opens again what the dead process left behind on disk. */
	async revive(): Promise<void> {
		const image = this.#image as string;
		await this.#end();
		this.#image = undefined;
		this.file = image;
		await this.#open();
	}

	call(method: string, input: unknown): Promise<CallResult<unknown>> {
		return this.core.call(method, input);
	}

	get isSyncing(): boolean {
		return this.#sync !== undefined;
	}

	/** Starts a round and returns when it waits for the network or is done. */
	async startSync(): Promise<void> {
		if (this.#sync) return;
		this.lastStatus = undefined;
		this.#sync = this.core.call('sync.now', {}).then((result) => {
			if (result.ok) this.lastStatus = result.value as SyncStatus;
			this.#sync = undefined;
			this.parked = undefined;
			this.#signal();
		});
		await this.quiet();
	}

	/** Resolves when the round under way, if any, waits for the network. */
	async quiet(): Promise<void> {
		while (this.#sync && !this.parked) await this.#change.promise;
	}

	/** Lets go of the waiting request, after its promise has been settled. */
	async answered(): Promise<void> {
		this.parked = undefined;
		await this.quiet();
	}

	rows<T>(sql: string, ...values: unknown[]): T[] {
		return this.core.store.raw.prepare(sql).all(...values) as T[];
	}

	async stop(): Promise<void> {
		await this.#end();
	}

	async #open(): Promise<void> {
		const host = `${this.setup.name}-${this.#generation}.sim.test`;
		this.#deafen = listen(host, (parked) => {
			this.parked = parked;
			this.#signal();
		});
		this.core = await createCore({
			file: this.file,
			keyHex: KEY,
			deviceName: this.setup.deviceName ?? this.setup.name,
			appVersion: '0.0.0',
			sample: false,
			userId: this.setup.userId,
			server: { url: `http://${host}`, token: this.setup.token },
			now: () => new Date(this.setup.clock().getTime() + this.offsetMs),
			autoSync: false,
		});
		const { store } = this.core;
		const statement = store.statement;
		store.statement = (sql) => {
			this.#tick();
			return statement(sql);
		};
	}

	#tick(): void {
		if (this.#crashAfter === undefined) return;
		this.#crashAfter -= 1;
		if (this.#crashAfter > 0) return;
		this.#crashAfter = undefined;
		this.die();
	}

	/** Whatever the old process still does, nobody hears of it: its files are thrown away. */
	async #end(): Promise<void> {
		this.#crashAfter = undefined;
		this.#deafen();
		this.parked?.reject(new TypeError('terminated'));
		this.parked = undefined;
		await this.core.close();
		await this.#sync;
		this.lastStatus = undefined;
		for (const suffix of ['', '-wal', '-shm']) rmSync(this.file + suffix, { force: true });
	}

	#nextFile(): string {
		this.#generation += 1;
		return join(this.setup.folder, `${this.setup.name}-${this.#generation}.db`);
	}

	#signal(): void {
		this.#change.resolve();
		this.#change = Promise.withResolvers();
	}
}

function copyImage(from: string, to: string): void {
	copyFileSync(from, to);
	if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`);
}
