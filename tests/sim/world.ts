import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Action, actions } from './actions.ts';
import { Ledger } from './ledger.ts';
import { createRandom, type Random } from './random.ts';
import { SimClient } from './sim-client.ts';
import { cutReply, loginPage, type Parked, wholeReply } from './sim-network.ts';
import { type ServerDump, SimServer, type WireReply, type WireRequest } from './sim-server.ts';
import { Watch } from './watch.ts';

const DAY = 86_400_000;
const YEAR = 365 * DAY;

const PEOPLE = [
	{ name: 'sam', userId: 'u-sam', token: 'dev-sam' },
	{ name: 'ben', userId: 'u-specialist', token: 'dev-specialist' },
	{ name: 'sam2', userId: 'u-sam', token: 'dev-sam' },
	{ name: 'ben2', userId: 'u-specialist', token: 'dev-specialist' },
] as const;

/** What may go wrong with one message. */
const MESSAGE_FAULTS = [
	'drop request',
	'late request',
	'drop reply',
	'cut reply',
	'short reply',
	'login page',
	'bare 500',
	'own 503',
] as const;
type MessageFault = (typeof MESSAGE_FAULTS)[number];

/** Everything in one process and on one thread of time: laptops, network, server, and what happens to them. */
export class World {
	readonly random: Random;
	readonly clients: SimClient[] = [];
	readonly ledger = new Ledger();
	readonly problems: string[] = [];
	readonly trace: string[] = [];
	readonly counts: Record<string, number> = {};
	readonly folder: string;
	server!: SimServer;
	steps = 0;
	crashes = 0;
	/** Laptops that came to be as copies, or went back to an older profile. */
	copies = 0;
	restores = 0;
	#time = Date.parse('2026-11-23T09:00:00Z');
	readonly #off = new Set<string>();
	readonly #sent: WireRequest[] = [];
	readonly #late: WireRequest[] = [];
	readonly #backups: ServerDump[] = [];
	readonly #watch = new Watch(this);
	readonly #profiles: { name: string; image: string }[] = [];
	/** No faults from here on. */
	#isHealed = false;

	constructor(seed: number) {
		this.random = createRandom(seed);
		const memory = '/dev/shm';
		const base = isFolder(memory) ? memory : tmpdir();
		this.folder = mkdtempSync(join(base, 'fieldbook-sim-'));
	}

	async start(): Promise<void> {
		this.server = await SimServer.start(this.now);
		const names = [
			...Object.keys(actions),
			...MESSAGE_FAULTS,
			...Object.keys(this.#events),
			'small pages',
			'crash in a round',
		];
		for (const name of names) if (this.random.chance(0.5)) this.#off.add(name);
		this.#off.delete('create issue');
		this.#off.delete('edit issue');
		const count = 2 + this.random.int(3);
		for (const person of PEOPLE.slice(0, count)) {
			const client = await SimClient.create({ ...person, folder: this.folder, clock: this.now });
			this.clients.push(client);
		}
		this.#isHealed = true;
		for (const client of this.clients) await this.#syncThrough(client);
		this.#isHealed = false;
	}

	readonly now = (): Date => new Date(this.#time);

	async stop(): Promise<void> {
		for (const client of this.clients) await client.stop();
		await this.server.stop();
		rmSync(this.folder, { recursive: true, force: true });
	}

	/** One thing happens. */
	async step(): Promise<void> {
		this.steps += 1;
		this.#time += this.random.chance(0.05) ? this.random.int(9 * DAY) : 1 + this.random.int(60_000);
		const waiting = this.clients.filter((client) => client.parked);
		if (waiting.length > 0 && this.random.chance(0.45)) await this.#advance(this.random.pick(waiting));
		else if (this.random.chance(0.3)) await this.#event();
		else await this.#act();
		for (const client of this.clients) if (client.isDead) await this.#revive(client);
		for (const client of this.clients) await this.#watch.look(client);
	}

	/** The faults end; three rounds each, in turn. */
	async heal(): Promise<void> {
		this.#isHealed = true;
		for (const client of this.clients) {
			client.dieAfter(Number.POSITIVE_INFINITY);
			await this.#deliverAll(client);
			if (client.isDead) await this.#revive(client);
			await client.call('sync.pause', { paused: false });
		}
		for (let round = 1; round <= 3; round += 1) {
			for (const client of this.clients) {
				await this.#syncThrough(client);
				await this.#watch.look(client);
			}
		}
	}

	note(text: string): void {
		this.trace.push(`${this.steps}: ${text}`);
	}

	problem(text: string): void {
		this.note(`PROBLEM ${text}`);
		this.problems.push(text);
	}

	count(name: string): void {
		this.counts[name] = (this.counts[name] ?? 0) + 1;
	}

	async #act(): Promise<void> {
		const client = this.random.pick(this.clients);
		const [name, action] = this.#pickAction();
		await action.run({
			random: this.random,
			client,
			folder: this.folder,
			perform: (method, input) => this.#perform(client, method, input),
			problem: (text) => this.problem(`${client.setup.name}: ${text}`),
		});
		this.count(name);
	}

	#pickAction(): [string, Action] {
		const allowed = Object.entries(actions).filter(([name]) => !this.#off.has(name));
		let left = this.random.next() * allowed.reduce((sum, [, action]) => sum + action.weight, 0);
		for (const entry of allowed) {
			left -= entry[1].weight;
			if (left <= 0) return entry;
		}
		return allowed[0] as [string, Action];
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
			const expected = ['cannot_undo', 'nothing_to_undo', 'not_found'];
			if (!expected.includes(result.error.code)) this.problem(`${line} -> ${JSON.stringify(result.error)}`);
			return undefined;
		}
		const edits = this.ledger.capture(client);
		const listed = edits.slice(0, 4).map((edit) => `${edit.k} ${edit.field} ${edit.hlc}`);
		this.note(`${line} -> ${listed.join(', ')}${edits.length > 4 ? ` and ${edits.length - 4} more` : ''}`);
		if (edits.some((edit) => edit.k !== 'text')) client.lastDone = new Set(edits.map((edit) => edit.id));
		return { value: result.value, edits };
	}

	/** Things that happen to a laptop, the network or the server, with how often. */
	readonly #events: Record<string, { weight: number; run: () => Promise<unknown> }> = {
		crash: { weight: 3, run: async () => this.#crashNow(this.random.pick(this.clients)) },
		'crash soon': { weight: 4, run: async () => this.#crashSoon(this.random.pick(this.clients)) },
		'wrong clock': { weight: 3, run: async () => this.#setClock(this.random.pick(this.clients)) },
		pause: { weight: 2, run: () => this.#pause(this.random.pick(this.clients)) },
		'duplicate request': { weight: 4, run: () => this.#repeat(this.#sent) },
		'late arrival': { weight: 4, run: () => this.#repeat(this.#late) },
		'restart server': { weight: 1, run: () => this.server.restart() },
		backup: { weight: 3, run: async () => this.#backups.push(await this.server.dump()) },
		'restore server': { weight: 1, run: () => this.#restore(`epoch-${this.steps}`) },
		'server forgets': { weight: 1, run: () => this.#restore(null) },
		clone: { weight: 1, run: () => this.#clone(this.random.pick(this.clients)) },
		'keep profile': { weight: 1, run: async () => this.#keepProfile(this.random.pick(this.clients)) },
		'old profile': { weight: 1, run: () => this.#oldProfile() },
	};

	async #event(): Promise<void> {
		if (this.random.chance(0.6)) return this.#startSync(this.random.pick(this.clients));
		const allowed = Object.entries(this.#events).filter(([name]) => !this.#off.has(name));
		const all = allowed.flatMap(([name, event]) => Array.from({ length: event.weight }, () => ({ name, event })));
		if (all.length === 0) return;
		const { name, event } = this.random.pick(all);
		this.note(`--- ${name}`);
		this.count(name);
		await event.run();
	}

	async #startSync(client: SimClient): Promise<void> {
		if (client.isSyncing) return;
		this.note(`${client.setup.name} starts a round`);
		await client.startSync();
	}

	/** Lets a waiting request arrive, or its reply, or neither. */
	async #advance(client: SimClient): Promise<void> {
		const parked = client.parked as Parked;
		this.#time += 1 + this.random.int(1000);
		const fault = this.#isHealed || !this.random.chance(0.3) ? undefined : this.#pickFault();
		const what = `${client.setup.name} ${parked.request.path.slice(8, 14)}`;
		if (fault) this.count(fault);
		if (!parked.reply && !(await this.#reach(parked, fault))) {
			this.note(`${what}: ${fault}`);
			return client.answered();
		}
		// The answer may be on its way while other things happen.
		if (!this.#isHealed && !fault && this.random.chance(0.25)) return this.note(`${what}: answer under way`);
		this.note(`${what}: ${parked.reply?.status} ${fault ?? ''}`);
		if (!this.#isOff('crash in a round') && this.random.chance(0.08)) client.dieAfter(1 + this.random.int(12));
		this.#answer(parked, fault);
		await client.answered();
	}

	/** Brings the request to the server; false when it does not get there. */
	async #reach(parked: Parked, fault: MessageFault | undefined): Promise<boolean> {
		const { request } = parked;
		if (fault === 'late request') this.#late.push(request);
		if (fault === 'drop request' || fault === 'late request') {
			parked.reject(new TypeError('fetch failed'));
			return false;
		}
		if (fault === 'login page') parked.resolve(loginPage());
		if (fault === 'bare 500') parked.resolve(new Response('Internal Server Error', { status: 500 }));
		if (fault === 'login page' || fault === 'bare 500') return false;
		parked.reply = await this.server.request(this.#isOff('small pages') ? request : this.#withSmallPage(request));
		this.#sent.push(request);
		if (this.#sent.length > 12) this.#sent.shift();
		return true;
	}

	#isOff(name: string): boolean {
		return this.#isHealed || this.#off.has(name);
	}

	/** A page holds a thousand rows; a small one ends within commits, as a large one does only in large stores. */
	#withSmallPage(request: WireRequest): WireRequest {
		if (this.random.chance(0.3)) return request;
		return { ...request, path: request.path.replace('max=1000', `max=${this.random.pick([1, 2, 3, 5, 8, 20])}`) };
	}

	#answer(parked: Parked, fault: MessageFault | undefined): void {
		const response = parked.reply && this.#arriving(parked.reply, fault);
		if (response) parked.resolve(response);
		else parked.reject(new TypeError('terminated'));
	}

	/** What is left of a reply; undefined when nothing is. */
	#arriving(reply: WireReply, fault: MessageFault | undefined): Response | undefined {
		const at = this.random.int(reply.bytes.length);
		if (fault === undefined) return wholeReply(reply);
		if (fault === 'cut reply') return cutReply(reply, { at, isBreak: true });
		if (fault === 'short reply') return cutReply(reply, { at: this.#shortAt(reply.bytes, at), isBreak: false });
		if (fault === 'own 503')
			return new Response('{"error":{"code":"unavailable"}}', { status: 503, headers: reply.headers });
		return undefined;
	}

	/** Half of the time a cut falls between two lines, where a careless reader would not see it. */
	#shortAt(bytes: Buffer, at: number): number {
		const line = bytes.indexOf('\n', at);
		return this.random.chance(0.5) && line !== -1 && line < bytes.length - 1 ? line + 1 : at;
	}

	#pickFault(): MessageFault | undefined {
		const allowed = MESSAGE_FAULTS.filter((name) => !this.#off.has(name));
		return allowed.length > 0 ? this.random.pick(allowed) : undefined;
	}

	async #deliverAll(client: SimClient): Promise<void> {
		while (client.parked && !client.isDead) await this.#advance(client);
	}

	async #syncThrough(client: SimClient): Promise<void> {
		await client.startSync();
		await this.#deliverAll(client);
	}

	#crashNow(client: SimClient): void {
		this.note(`${client.setup.name} dies`);
		client.die();
	}

	#crashSoon(client: SimClient): void {
		const statements = 1 + this.random.int(60);
		this.note(`${client.setup.name} will die in ${statements} statements`);
		client.dieAfter(statements);
	}

	async #revive(client: SimClient): Promise<void> {
		this.crashes += 1;
		await client.revive();
		client.lastDone = undefined;
		const [check] = client.rows<{ quick_check: string }>('PRAGMA quick_check');
		if (check?.quick_check !== 'ok') this.problem(`${client.setup.name}: the store is damaged after a crash`);
		// What was under way when it died may be there or not; if it is there, it is there for good.
		const found = this.ledger.capture(client);
		this.note(`${client.setup.name} opens again${found.length > 0 ? ` with ${found.length} edits unheard of` : ''}`);
	}

	#setClock(client: SimClient): void {
		client.offsetMs = this.random.chance(0.3) ? 0 : Math.round((this.random.next() * 2 - 1) * YEAR);
		this.note(`${client.setup.name} clock off by ${Math.round(client.offsetMs / DAY)} days`);
	}

	async #pause(client: SimClient): Promise<void> {
		const paused = this.random.chance(0.5);
		this.note(`${client.setup.name} paused: ${paused}`);
		await client.call('sync.pause', { paused });
	}

	async #repeat(list: WireRequest[]): Promise<void> {
		if (list.length === 0) return;
		const request = this.random.pick(list);
		const reply = await this.server.request(request);
		this.note(`${request.path.slice(8, 14)} arrives once more: ${reply.status}`);
	}

	async #restore(epoch: string | null): Promise<void> {
		if (this.#backups.length === 0) return;
		this.restores += 1;
		await this.server.restore(this.random.pick(this.#backups), epoch);
	}

	async #clone(client: SimClient): Promise<void> {
		if (this.clients.length >= 5) return;
		this.copies += 1;
		const name = `${client.setup.name}c${this.copies}`;
		this.note(`${client.setup.name} is copied to ${name}`);
		this.clients.push(await client.clone(name));
	}

	#keepProfile(client: SimClient): void {
		this.#profiles.push({ name: client.setup.name, image: client.backup() });
	}

	/** The person puts back an older copy of the profile. Only done when nothing unsent is lost by it. */
	async #oldProfile(): Promise<void> {
		const kept = this.#profiles.length > 0 ? this.random.pick(this.#profiles) : undefined;
		const client = this.clients.find((item) => item.setup.name === kept?.name);
		if (!kept || !client || client.isSyncing || client.isDead) return;
		const [unsent] = client.rows<{ n: number }>('SELECT count(*) AS n FROM outbox WHERE sent_at IS NULL');
		if (unsent?.n) return;
		this.note(`${kept.name} goes back to an older profile`);
		this.copies += 1;
		await client.goBackTo(kept.image);
		client.lastDone = undefined;
	}
}

function isFolder(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
