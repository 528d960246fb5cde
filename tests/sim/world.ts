import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyncStatus } from '../../shared/contract/sync-models.ts';
import { actions } from './actions.ts';
import { Network, stepOf } from './delivery.ts';
import { events } from './events.ts';
import { passFile } from './file-network.ts';
import { Ledger } from './ledger.ts';
import type { Contents } from './memory-store.ts';
import { CASTS, COLLEAGUES, isLarge, MOST_LAPTOPS, type Person } from './people.ts';
import { createRandom, type Random } from './random.ts';
import type { Cast, Step } from './script.ts';
import { type ClientSetup, type Image, SimClient } from './sim-client.ts';
import { type Backup, type ServerDump, SimServer, type WireReply, type WireRequest } from './sim-server.ts';
import { type Reading, Watch } from './watch.ts';
import { findLeaks } from './wire-watch.ts';

/** How a simulation of a cast begins. Made once: all of them begin alike. */
const startOf = new Map<number, { server: ServerDump; laptops: Contents[] }>();

/** Within so much time a laptop that is left alone has sent what it has: several times the longest pause between two attempts. */
const ALONE_MS = 20 * 60_000;

/** What a large office has. */
const CASES = 420;

/** Every so many seeds are played over HTTP, the others without. */
const WITH_HTTP = 8;

/** One in so many stores is looked through whole after a crash. */
const CHECKED = 5;

/** What a person may be told instead of what they asked for. */
const REFUSALS = [
	'cannot_undo',
	'nothing_to_undo',
	'not_found',
	'disk_full',
	'office_owned',
	'bad_input',
	'note_damaged',
	'lease_over',
];

/** After so many rounds of each laptop nothing may be left to do. */
const ROUNDS = 3;

const START = Date.parse('2026-11-23T09:00:00Z');

/** Everything in one process and on one thread of time: laptops, network, server, and what happens to them. */
export class World {
	readonly clients: SimClient[] = [];
	readonly ledger = new Ledger();
	readonly network = new Network(this);
	readonly problems: string[] = [];
	readonly trace: string[] = [];
	/** How often each thing happened; of faults, "fault @ step of the protocol" too. */
	readonly counts: Record<string, number> = {};
	readonly profiles: { name: string; image: Image }[] = [];
	server!: SimServer;
	steps = 0;
	crashes = 0;
	/** Laptops that came to be as copies, or went back to an older profile. */
	copies = 0;
	restores = 0;
	/** Of those restores, how many nobody was told of. */
	forgets = 0;
	/** Laptops beside those of the cast and the copies. */
	laptops = 0;
	/** No faults from here on. */
	isHealed = false;
	#time = START;
	#folder: string | undefined;
	readonly #cast: Cast;
	readonly #off: ReadonlySet<string>;
	readonly #backups: Backup[] = [];
	readonly #watch = new Watch(this);

	constructor(cast: Cast) {
		this.#cast = cast;
		this.#off = new Set(cast.off);
	}

	/** Begins with laptops that have greeted the server and hold what it has. */
	async start(): Promise<void> {
		const start = startOf.get(this.#cast.desks);
		const onPoint = (point: string, isDeath: boolean) => this.#countPoint(`server ${point}`, isDeath);
		const isBare = this.#cast.seed % WITH_HTTP !== 0;
		this.server = await SimServer.start({ clock: this.now, isBare, onPoint }, start?.server);
		for (const [index, person] of (CASTS[this.#cast.desks] ?? []).entries()) {
			this.clients.push(await SimClient.create(this.#setUp(person), start?.laptops[index]));
		}
		this.server.isOld = start !== undefined && this.allows('old server at first');
		if (start) return;
		if (isLarge(this.#cast.desks)) await this.server.bringCases(CASES);
		this.isHealed = true;
		for (const client of this.clients) await this.#syncThrough(client);
		startOf.set(this.#cast.desks, {
			server: await this.server.dump(),
			laptops: this.clients.map((client) => client.contents()),
		});
	}

	/** Somebody gets a new laptop, with nothing on it. */
	async addLaptop(userId: string): Promise<void> {
		const person = COLLEAGUES.find((colleague) => colleague.userId === userId);
		if (!person || this.clients.length >= MOST_LAPTOPS) return;
		const name = `${person.name}n${this.clients.length}`;
		this.note(`${person.name} gets a new laptop, ${name}`);
		this.laptops += 1;
		this.clients.push(await SimClient.create(this.#setUp({ ...person, name })));
	}

	#setUp({ name, userId, token }: Person): ClientSetup {
		const onPoint = (point: string, isDeath: boolean) => this.#countPoint(`laptop ${point}`, isDeath);
		const pass: ClientSetup['passFile'] = (client, random, request) => passFile(this, { client, random }, request);
		const isSelfDriven = this.allows('by itself');
		return { name, userId, token, clock: this.now, isSelfDriven, onPoint, passFile: pass };
	}

	#countPoint(point: string, isDeath: boolean): void {
		this.count(`passed ${point}`);
		if (isDeath) this.count(`crash point ${point}`);
	}

	readonly now = (): Date => new Date(this.#time);

	async stop(): Promise<void> {
		for (const client of this.clients) await client.stop();
		await this.server?.stop();
		if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
	}

	/** A place for files that people pick. */
	get folder(): string {
		this.#folder ??= mkdtempSync(join(tmpdir(), 'fieldbook-sim-'));
		return this.#folder;
	}

	/** One thing happens. */
	async play(step: Step): Promise<void> {
		this.steps += 1;
		await this.pass(step.ms);
		const client = this.clients[step.who % this.clients.length] as SimClient;
		const random = createRandom(step.r);
		if (step.do === 'deliver') await this.#deliver(client, random);
		else if (step.do === 'sync') await this.#startSync(client);
		else if (events[step.do]) await this.#event(step.do, client, random);
		else if (actions[step.do]) await this.#act(step.do, client, random);
		else this.problem(`nobody knows how to "${step.do}"`);
		await this.#reviveAll();
		await this.#watch.look(client);
	}

	/** Time passes, and what laptops have planned for it happens. */
	async pass(ms: number): Promise<void> {
		this.#time += ms;
		for (const client of this.clients) {
			const step = client.parked && stepOf(client.parked.request);
			if (!(await client.elapse())) continue;
			if (step && !client.parked) this.count('silence', step);
		}
		await this.#reviveAll();
	}

	async #reviveAll(): Promise<void> {
		for (const client of this.clients) if (client.isDead) await this.#revive(client);
	}

	/** The faults end; a few rounds each, in turn. */
	async heal(): Promise<void> {
		this.isHealed = true;
		this.server.dieAt(undefined);
		this.server.isOld = false;
		for (const client of this.clients) {
			client.calm();
			await this.#deliverAll(client);
			if (client.isDead) await this.#revive(client);
			await this.#setFree(client);
		}
		if (!this.#off.has('by itself')) await this.#leaveAlone();
		// Whoever has already seen the last commit needs no further round.
		const seen = new Map<SimClient, number>();
		let top = await this.server.topSeq();
		for (let round = 1; round <= ROUNDS; round += 1) {
			// Those who have something to send go first: the others then fetch once.
			const order = this.clients.toSorted((a, b) => Number(hasUnsent(b)) - Number(hasUnsent(a)));
			for (const client of order) {
				if (seen.get(client) === top) continue;
				await this.#syncThrough(client);
				for (let asked = 0; client.lastStatus?.brake && asked < ROUNDS; asked += 1) {
					this.count('brake');
					client.hasAllowed = true;
					await client.call('sync.brake', { choice: 'apply' });
					await this.#syncThrough(client);
				}
				await this.#watch.look(client);
				top = await this.server.topSeq();
				seen.set(client, top);
			}
		}
		for (const client of this.clients) await this.#sendFiles(client);
	}

	/** An account that has gone to somebody else leaves once its files have been sent. */
	async #sendFiles(client: SimClient): Promise<void> {
		await client.call('files.now', {});
		if (client.rows('SELECT 1 FROM leaving LIMIT 1').length === 0) return;
		await this.#syncThrough(client);
		await client.call('files.now', {});
	}

	/** Only what is held up by the person: either of these would make a stuck laptop try again. */
	async #setFree(client: SimClient): Promise<void> {
		const result = await client.call('sync.status', {});
		if (!result.ok) return;
		const status = result.value as SyncStatus;
		if (status.paused) await client.call('sync.pause', { paused: false });
		if (status.meteredChoice === 'yes') await client.call('sync.metered', { choice: 'auto' });
	}

	/** Nobody touches the laptops any more: by their own plans alone they send all they have. */
	async #leaveAlone(): Promise<void> {
		const until = this.#time + ALONE_MS;
		for (;;) {
			for (const client of this.clients) await this.#deliverAll(client);
			const plans = this.clients.map((client) => client.nextPlan ?? Number.POSITIVE_INFINITY);
			const next = Math.min(...plans);
			if (next > until || this.clients.every((client) => !hasUnsent(client))) break;
			await this.pass(Math.max(1, next - this.#time));
		}
		for (const client of this.clients) {
			const status = await client.call('sync.status', {});
			const brake = status.ok && (status.value as { brake: unknown }).brake;
			if (hasUnsent(client) && !brake)
				this.problem(`${client.setup.name} does not send what it has, although nothing is in its way`);
		}
	}

	/** True when nothing was prepared yet for this cast. */
	get isFirst(): boolean {
		return !startOf.has(this.#cast.desks);
	}

	note(text: string): void {
		this.trace.push(`${this.steps}: ${text}`);
	}

	problem(text: string): void {
		this.note(`PROBLEM ${text}`);
		this.problems.push(text);
	}

	count(name: string, step?: string): void {
		this.counts[name] = (this.counts[name] ?? 0) + 1;
		if (step) this.count(`${name} @ ${step}`);
	}

	/** Whether this may go wrong here and now. */
	allows(name: string): boolean {
		return !this.isHealed && !this.#off.has(name);
	}

	/** Replies may end within a commit, and with them what a laptop sees of it. */
	get mayCutCommits(): boolean {
		return !this.#off.has('small pages');
	}

	/** What stood on laptops, in the order in which it did. */
	get readings(): readonly Reading[] {
		return this.#watch.readings;
	}

	/** Brings a request to the server. Undefined when there will be no answer. */
	async ask(request: WireRequest): Promise<WireReply | undefined> {
		const reply = await this.server.request(request);
		const userId = COLLEAGUES.find(({ token }) => token === request.token)?.userId;
		if (reply && userId)
			for (const leak of await findLeaks(this.server, { request, reply, userId })) this.problem(leak);
		return reply;
	}

	async keepBackup(): Promise<void> {
		this.#backups.push(await this.server.backUp());
	}

	async restore(random: Random, epoch: string | null): Promise<void> {
		if (this.#backups.length === 0) return;
		this.restores += 1;
		if (epoch === null) this.forgets += 1;
		await this.server.restore(random.pick(this.#backups), epoch);
	}

	async #act(name: string, client: SimClient, random: Random): Promise<void> {
		await actions[name]?.run({
			random,
			client,
			world: this,
			perform: (method, input) => this.#perform(client, method, input),
			ask: (method, input) => this.#ask(client, method, input),
			problem: (text) => this.problem(`${client.setup.name}: ${text}`),
		});
		this.count(name);
	}

	async #ask<T>(client: SimClient, method: string, input: unknown): Promise<T | undefined> {
		const result = await client.call(method, input);
		if (result.ok) return result.value as T;
		if (!client.isDead && String(result.error.code) !== 'lease_over')
			this.problem(`${client.setup.name} ${method} -> ${JSON.stringify(result.error)}`);
		return undefined;
	}

	async #perform(client: SimClient, method: string, input: unknown) {
		const result = await client.call(method, input);
		const line = `${client.setup.name} ${method} ${JSON.stringify(input).slice(0, 160)}`;
		if (client.isDead) {
			this.note(`${line} -> died`);
			return undefined;
		}
		if (!result.ok) {
			this.note(`${line} -> ${result.error.code}`);
			if (!REFUSALS.includes(result.error.code)) this.problem(`${line} -> ${JSON.stringify(result.error)}`);
			const half = this.ledger.capture(client);
			if (half.length > 0) this.problem(`${line} said no, but ${half.length} edits of it are queued`);
			return undefined;
		}
		const edits = this.ledger.capture(client);
		const listed = edits.slice(0, 4).map((edit) => `${edit.k} ${edit.field} ${edit.hlc}`);
		this.note(`${line} -> ${listed.join(', ')}${edits.length > 4 ? ` and ${edits.length - 4} more` : ''}`);
		if (edits.some((edit) => edit.k !== 'text')) client.lastDone = new Set(edits.map((edit) => edit.id));
		return { value: result.value, edits };
	}

	async #event(name: string, client: SimClient, random: Random): Promise<void> {
		this.note(`--- ${name}`);
		this.count(name);
		await events[name]?.run(this, client, random);
	}

	async #startSync(client: SimClient): Promise<void> {
		if (client.isSyncing) return;
		this.note(`${client.setup.name} starts a round`);
		await client.startSync();
	}

	async #deliver(client: SimClient, random: Random): Promise<void> {
		if (!client.parked) return;
		this.#time += 1 + random.int(300);
		await this.network.deliver(client, random);
	}

	async #deliverAll(client: SimClient): Promise<void> {
		const random = createRandom(this.#time);
		while (client.parked && !client.isDead) await this.#deliver(client, random);
	}

	async #syncThrough(client: SimClient): Promise<void> {
		await client.startSync();
		await this.#deliverAll(client);
	}

	async #revive(client: SimClient): Promise<void> {
		this.crashes += 1;
		await client.revive();
		client.lastDone = undefined;
		if (this.crashes % CHECKED === 0) {
			const [check] = client.rows<{ quick_check: string }>('PRAGMA quick_check');
			if (check?.quick_check !== 'ok') this.problem(`${client.setup.name}: the store is damaged after a crash`);
		}
		this.#watch.lookAtQueue(client);
		// What was under way when it died may be there or not; if it is there, it is there for good.
		const found = this.ledger.capture(client);
		this.note(`${client.setup.name} opens again${found.length > 0 ? ` with ${found.length} edits unheard of` : ''}`);
	}
}

function hasUnsent(client: SimClient): boolean {
	return client.rows('SELECT 1 FROM outbox WHERE sent_at IS NULL LIMIT 1').length > 0;
}
