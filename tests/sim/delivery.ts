import { entities } from '../../shared/entities/registry.ts';
import type { Random } from './random.ts';
import type { SimClient } from './sim-client.ts';
import { cutReply, loginPage, type Parked, wholeReply } from './sim-network.ts';
import type { WireReply, WireRequest } from './sim-server.ts';
import type { World } from './world.ts';

/** What may go wrong with one message. */
export const MESSAGE_FAULTS = [
	'drop request',
	'late request',
	'drop reply',
	'cut reply',
	'short reply',
	'login page',
	'bare 500',
	'own 503',
	'busy',
] as const;
type MessageFault = (typeof MESSAGE_FAULTS)[number];

/** A reply of so many bytes is a long one. */
const LONG_BYTES = 40_000;

/** The network between the laptops and the server, with what it may do to a message. */
export class Network {
	/** Requests that have been at the server, for one to arrive once more. */
	readonly sent: WireRequest[] = [];
	/** Requests given up by their sender that are still under way. */
	readonly late: WireRequest[] = [];
	readonly #world: World;

	constructor(world: World) {
		this.#world = world;
	}

	/** Lets a waiting request arrive, or its reply, or neither. */
	async deliver(client: SimClient, random: Random): Promise<void> {
		const world = this.#world;
		const parked = client.parked as Parked;
		const step = stepOf(parked.request);
		const fault = world.isHealed || !random.chance(0.3) ? undefined : this.#pickFault(random);
		const what = `${client.setup.name} ${step}`;
		if (fault) world.count(fault, step);
		if (!parked.reply && !(await this.#reach(parked, fault, random))) {
			world.note(`${what}: ${fault}`);
			return client.answered();
		}
		// The answer may be on its way while other things happen.
		if (!world.isHealed && !fault && random.chance(0.25)) return world.note(`${what}: answer under way`);
		world.note(`${what}: ${parked.reply?.status} ${fault ?? ''}`);
		if (world.allows('crash in a round') && random.chance(0.08)) {
			world.count('crash in a round', step);
			client.dieAfter(1 + random.int(12));
		}
		const mayTake = step === 'pull' && takesAway(client, parked.reply);
		const before = mayTake ? countHeld(client) : new Map<string, number>();
		const { reply } = parked;
		this.#answer(parked, fault, random);
		await client.answered();
		for (const account of [...accountsIn(reply), ...accountsGone(client, before)]) before.delete(account);
		const gone = mayTake ? countLost(before, countHeld(client)) : 0;
		const held = [...before.values()].reduce((sum, n) => sum + n, 0);
		// So much may only go when the person has said so.
		if (gone > 20 && gone > held / 10 && !client.hasAllowed && !client.isDead)
			world.problem(`${client.setup.name} let ${gone} of ${held} records go without asking`);
	}

	/** Brings the request to the server; false when it does not get there. */
	async #reach(parked: Parked, fault: MessageFault | undefined, random: Random): Promise<boolean> {
		const { request } = parked;
		if (fault === 'late request') this.late.push(request);
		if (fault === 'drop request' || fault === 'late request') {
			parked.reject(new TypeError('fetch failed'));
			return false;
		}
		if (fault === 'login page') parked.resolve(loginPage());
		if (fault === 'bare 500') parked.resolve(new Response('Internal Server Error', { status: 500 }));
		if (fault === 'login page' || fault === 'bare 500') return false;
		const reply = await this.#world.ask(this.#world.allows('small pages') ? withSmallPage(request, random) : request);
		this.sent.push(request);
		if (this.sent.length > 12) this.sent.shift();
		parked.reply = reply;
		if (!reply) parked.reject(new TypeError('terminated'));
		return reply !== undefined;
	}

	#answer(parked: Parked, chosen: MessageFault | undefined, random: Random): void {
		// The longer a reply, the likelier it is cut.
		const isLong = (parked.reply?.bytes.length ?? 0) > LONG_BYTES && this.#world.allows('cut reply');
		const fault = isLong && random.chance(0.7) ? 'cut reply' : chosen;
		const response = parked.reply && arriving(parked.reply, fault, random);
		if (response) parked.resolve(response);
		else parked.reject(new TypeError('terminated'));
	}

	#pickFault(random: Random): MessageFault | undefined {
		const allowed = MESSAGE_FAULTS.filter((name) => this.#world.allows(name));
		return allowed.length > 0 ? random.pick(allowed) : undefined;
	}
}

/** Whether a reply may make records go, be it by ending a pull from the start. */
function takesAway(client: SimClient, reply: WireReply | undefined): boolean {
	const isStaging = client.rows("SELECT 1 FROM meta WHERE key = 'staging'").length > 0;
	return isStaging || /"leave"|"gone"|"del":"/.test(reply?.bytes.toString('latin1') ?? '');
}

const HELD = Object.values(entities)
	.filter((entity) => entity.sync === 'two-way')
	.map(({ name, table, fields }) => {
		const account = name === 'account' ? 'id' : 'account_id' in fields ? 'account_id' : 'NULL';
		return `SELECT ${account} AS account FROM ${table} WHERE deleted_at IS NULL`;
	})
	.join(' UNION ALL ');

/** Records on a laptop that are not deleted, by the account they lie on. */
function countHeld(client: SimClient): Map<string, number> {
	const counted = `SELECT coalesce(account, '') AS account, count(*) AS n FROM (${HELD}) GROUP BY 1`;
	return new Map(client.rows<{ account: string; n: number }>(counted).map(({ account, n }) => [account, n]));
}

/** Accounts that a reply says have come or gone: one that was taken and given back comes again bit by bit. */
function accountsIn(reply: WireReply | undefined): string[] {
	const text = reply?.bytes.toString('latin1') ?? '';
	return [...text.matchAll(/"scope":"(?:enter|leave)","account":"([^"]+)"/g)].map(([, account = '']) => account);
}

/** Accounts that are not here any more, whatever of them has to stay for now. */
function accountsGone(client: SimClient, before: ReadonlyMap<string, number>): string[] {
	const here = new Set(client.rows<{ id: string }>('SELECT id FROM account').map(({ id }) => id));
	return [...before.keys()].filter((account) => account !== '' && !here.has(account));
}

/** What has gone of accounts that are still there: an account that somebody else has now goes without asking. */
function countLost(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
	return [...before]
		.filter(([account]) => account === '' || after.has(account))
		.reduce((sum, [account, n]) => sum + Math.max(0, n - (after.get(account) ?? 0)), 0);
}

/** "hello", "push", "pull". */
export function stepOf(request: WireRequest): string {
	return /^\/v1\/(?:sync\/)?([a-z]+)/.exec(request.path)?.[1] ?? request.path;
}

/** A page holds a thousand rows; a small one ends within commits, as a large one does only in large stores. */
function withSmallPage(request: WireRequest, random: Random): WireRequest {
	if (random.chance(0.3)) return request;
	return { ...request, path: request.path.replace(/max=\d+/, `max=${random.pick([1, 2, 3, 5, 8, 20])}`) };
}

/** What is left of a reply; undefined when nothing is. */
function arriving(reply: WireReply, fault: MessageFault | undefined, random: Random): Response | undefined {
	const at = random.int(reply.bytes.length);
	if (fault === undefined) return wholeReply(reply);
	if (fault === 'cut reply') return cutReply(reply, { at, isBreak: true });
	if (fault === 'short reply') return cutReply(reply, { at: shortAt(reply.bytes, at, random), isBreak: false });
	const { headers } = reply;
	if (fault === 'own 503') return new Response('{"error":{"code":"unavailable"}}', { status: 503, headers });
	if (fault === 'busy')
		return new Response('{"error":{"code":"busy"}}', { status: 429, headers: { ...headers, 'retry-after': '30' } });
	return undefined;
}

/** Half of the time a cut falls between two lines, where a careless reader would not see it. */
function shortAt(bytes: Buffer, at: number, random: Random): number {
	const line = bytes.indexOf('\n', at);
	return random.chance(0.5) && line !== -1 && line < bytes.length - 1 ? line + 1 : at;
}
