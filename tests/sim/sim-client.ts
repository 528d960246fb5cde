import './quick-zlib.ts';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Core, createCore } from '../../electron/core/core.ts';
import type { FileReply, FileRequest } from '../../electron/core/files/file-transport.ts';
import type { CrashPoint } from '../../electron/core/sync/crash-points.ts';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { SyncStatus } from '../../shared/contract/sync-models.ts';
import { DeadProcess } from './dead-process.ts';
import { MemoryBlobs, type Shelf } from './memory-blobs.ts';
import { type Contents, Disk } from './memory-store.ts';
import { createRandom, type Random } from './random.ts';
import { Outside, type Parked } from './sim-network.ts';

export interface ClientSetup {
	name: string;
	/** A copied profile runs on a laptop that calls itself the same. */
	deviceName?: string;
	userId: string;
	token: string;
	/** The true time. */
	clock: () => Date;
	/** It sends and fetches by its own timers too, not only when the person asks for it. */
	isSelfDriven: boolean;
	/** Is told of each named step between which a process may die, and whether it did. */
	onPoint: (point: CrashPoint, isDeath: boolean) => void;
	/** Brings requests of files to the server; what befalls them on the way is drawn from `random`. */
	passFile: (client: SimClient, random: Random, request: FileRequest) => Promise<FileReply>;
}

/** All of a laptop that a copy of its profile takes along. */
export interface Image {
	store: Buffer;
	files: Shelf;
}

/** No file of a store is ever written. */
const NOWHERE = join(tmpdir(), 'fieldbook-sim-nowhere', 'fieldbook.db');

const WRITES = /^\s*(INSERT|UPDATE|DELETE|COMMIT)/i;

/** One laptop: a real core on its store, whose requests wait for the world and which can die at any statement. */
export class SimClient {
	readonly setup: ClientSetup;
	/** How wrong its clock is. */
	offsetMs = 0;
	/** Its clock stands still at this time. */
	stoppedAt: number | undefined;
	parked: Parked | undefined;
	lastStatus: SyncStatus | undefined;
	/** Records the newest undoable command wrote; undefined when it is not known any more. */
	lastDone: Set<string> | undefined;
	/** The person has said that a mass deletion may go through. */
	hasAllowed = false;
	/** What befalls requests of files follows from this. */
	wayOfFiles: Random = createRandom(0);
	core!: Core;
	#disk: Disk;
	#shelf: Shelf;
	#outside!: Outside;
	#isDead = false;
	#sync: Promise<void> | undefined;
	#change = Promise.withResolvers<void>();
	#statements = 0;
	#crashAfter: number | undefined;
	#crashAt: CrashPoint | undefined;
	#fullFor = 0;

	private constructor(setup: ClientSetup, { disk, shelf }: { disk: Disk; shelf: Shelf }) {
		this.setup = setup;
		this.#disk = disk;
		this.#shelf = shelf;
	}

	/** A new laptop; with `contents`, one that was in use already. */
	static async create(setup: ClientSetup, contents?: Contents): Promise<SimClient> {
		const client = new SimClient(setup, { disk: Disk.empty(), shelf: new Map() });
		if (contents) client.#disk.fill(contents);
		await client.#open();
		return client;
	}

	/** A second laptop with a copy of this one's profile. */
	async clone(name: string): Promise<SimClient> {
		const setup = { ...this.setup, deviceName: this.setup.deviceName ?? this.setup.name, name };
		const { store, files } = this.backup();
		const copy = new SimClient(setup, { disk: Disk.of(store), shelf: files });
		copy.offsetMs = this.offsetMs;
		copy.lastDone = this.lastDone;
		await copy.#open();
		return copy;
	}

	/** A copy of the profile as it is now. */
	backup(): Image {
		return { store: this.#disk.image(), files: new Map(this.#shelf) };
	}

	/** The bytes of files that lie here. */
	get shelf(): ReadonlyMap<string, Buffer> {
		return this.#shelf;
	}

	contents(): Contents {
		return this.#disk.contents();
	}

	/** Continues with an image of the profile; what it held is gone. */
	async goBackTo({ store, files }: Image): Promise<void> {
		await this.#end();
		this.#disk.release();
		this.#disk = Disk.of(store);
		this.#shelf = new Map(files);
		await this.#open();
	}

	/** The process dies before its n-th statement from now. */
	dieAfter(statements: number): void {
		this.#crashAfter = statements;
	}

	/** The process dies when it next comes to this step. */
	dieAt(point: CrashPoint): void {
		this.#crashAt = point;
	}

	/** Nothing can be written for so many statements. */
	fillDisk(statements: number): void {
		this.#fullFor = statements;
	}

	/** No more accidents. */
	calm(): void {
		this.#crashAfter = undefined;
		this.#crashAt = undefined;
		this.#fullFor = 0;
		this.stoppedAt = undefined;
	}

	/** The process dies now: it does nothing more, and nobody hears of what it still was about to do. */
	die(): void {
		this.#isDead = true;
		this.#outside.end();
		this.core.store.close();
		this.#disk.rollBack();
	}

	get isDead(): boolean {
		return this.#isDead;
	}

	/** Opens again what the dead process left behind on disk. */
	async revive(): Promise<void> {
		await this.#end();
		this.#disk.rollBack();
		this.#isDead = false;
		await this.#open();
	}

	call(method: string, input: unknown): Promise<CallResult<unknown>> {
		return this.core.call(method, input);
	}

	get isSyncing(): boolean {
		return this.#sync !== undefined || this.parked !== undefined;
	}

	/** Starts a round and returns when it waits for the network or is done. */
	async startSync(method = 'sync.now', input: unknown = {}): Promise<void> {
		if (this.#sync) return;
		this.lastStatus = undefined;
		this.#sync = this.core.call(method, input).then((result) => {
			if (result.ok) this.lastStatus = result.value as SyncStatus;
			this.#sync = undefined;
			this.parked = undefined;
			this.#signal();
		});
		await this.quiet();
	}

	/** Time has passed: what was planned is done. True when there was anything. */
	async elapse(): Promise<boolean> {
		if (this.#isDead || !this.#outside.ring()) return false;
		await this.quiet();
		return true;
	}

	/** When the laptop has planned to do something by itself. */
	get nextPlan(): number | undefined {
		return this.#outside.next;
	}

	/** Resolves when whatever is under way waits for the network or is done. */
	async quiet(): Promise<void> {
		while (this.#sync && !this.parked) await this.#change.promise;
		if (!this.setup.isSelfDriven && !this.parked) return;
		// A round that nobody asked for cannot be waited for: it is over when it touches neither store nor network any more.
		for (let idle = 0, before = -1; idle < 3 && !this.parked; idle = before === this.#statements ? idle + 1 : 0) {
			before = this.#statements;
			await new Promise((done) => setImmediate(done));
		}
	}

	/** Lets go of the waiting request, after its promise has been settled. */
	async answered(): Promise<void> {
		this.parked = undefined;
		await this.quiet();
	}

	rows<T>(sql: string, ...values: unknown[]): T[] {
		return this.#disk.rows(sql, values);
	}

	async stop(): Promise<void> {
		await this.#end();
		this.#disk.release();
	}

	async #open(): Promise<void> {
		const { setup } = this;
		this.#outside = new Outside(
			() => setup.clock().getTime(),
			(parked) => {
				this.parked = parked;
				this.#statements += 1;
				this.#signal();
			},
		);
		this.core = await createCore({
			file: NOWHERE,
			keyHex: 'c0ffee00'.repeat(8),
			store: this.#disk.open((sql) => this.#tick(sql)),
			deviceName: setup.deviceName ?? setup.name,
			appVersion: '0.0.0',
			sample: false,
			userId: setup.userId,
			server: { url: 'http://office.sim.test', token: setup.token },
			now: () => new Date(this.stoppedAt ?? setup.clock().getTime() + this.offsetMs),
			surroundings: this.#outside,
			blobs: new MemoryBlobs(this.#shelf, () => this.#tick('INSERT a file')),
			fileTransport: { send: (request) => this.#passFile(request) },
			crashPoint: (point) => this.#atPoint(point),
			autoSync: setup.isSelfDriven,
		});
		await this.quiet();
	}

	/** A process that has died has no network either. */
	async #passFile(request: FileRequest): Promise<FileReply> {
		if (this.#isDead) throw new DeadProcess();
		return this.setup.passFile(this, this.wayOfFiles, request);
	}

	#tick(sql: string): void {
		this.#statements += 1;
		if (this.#fullFor > 0 && WRITES.test(sql)) {
			this.#fullFor -= 1;
			throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
		}
		if (this.#crashAfter === undefined) return;
		this.#crashAfter -= 1;
		if (this.#crashAfter <= 0) this.#dieHere();
	}

	#atPoint(point: CrashPoint): void {
		const isDeath = this.#crashAt === point;
		this.setup.onPoint(point, isDeath);
		if (isDeath) this.#dieHere();
	}

	#dieHere(): never {
		this.#crashAfter = undefined;
		this.#crashAt = undefined;
		this.die();
		throw new DeadProcess();
	}

	async #end(): Promise<void> {
		this.calm();
		this.#outside.end();
		this.parked?.reject(new TypeError('terminated'));
		this.parked = undefined;
		// A dead process cannot even close what it had open.
		await this.core.close().catch((error: unknown) => {
			if (!(error instanceof DeadProcess)) throw error;
		});
		await this.#sync;
		this.lastStatus = undefined;
	}

	#signal(): void {
		this.#change.resolve();
		this.#change = Promise.withResolvers();
	}
}
