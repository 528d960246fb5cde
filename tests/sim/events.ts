import { CRASH_POINTS as LAPTOP_POINTS } from '../../electron/core/sync/crash-points.ts';
import { CRASH_POINTS as SERVER_POINTS } from '../../server/crash-points.ts';
import { COLLEAGUES, MOST_LAPTOPS } from './people.ts';
import type { Random } from './random.ts';
import type { SimClient } from './sim-client.ts';
import type { WireRequest } from './sim-server.ts';
import type { World } from './world.ts';

const DAY = 86_400_000;
const YEAR = 365 * DAY;

/** Something that befalls a laptop, the network or the server. */
export interface Event {
	weight: number;
	run(world: World, client: SimClient, random: Random): unknown;
}

function crashNow(world: World, client: SimClient): void {
	world.note(`${client.setup.name} dies`);
	client.die();
}

function crashSoon(world: World, client: SimClient, random: Random): void {
	const statements = 1 + random.int(60);
	world.note(`${client.setup.name} will die in ${statements} statements`);
	client.dieAfter(statements);
}

function setClock(world: World, client: SimClient, random: Random): void {
	client.stoppedAt = undefined;
	client.offsetMs = random.chance(0.3) ? 0 : Math.round((random.next() * 2 - 1) * YEAR);
	world.note(`${client.setup.name} clock off by ${Math.round(client.offsetMs / DAY)} days`);
}

function stopClock(world: World, client: SimClient): void {
	client.stoppedAt = world.now().getTime() + client.offsetMs;
	world.note(`${client.setup.name} clock stands still`);
}

function crashAtPoint(world: World, client: SimClient, random: Random): void {
	const point = random.pick(LAPTOP_POINTS);
	world.note(`${client.setup.name} will die at ${point}`);
	client.dieAt(point);
}

function fillDisk(world: World, client: SimClient, random: Random): void {
	const statements = 1 + random.int(40);
	world.note(`${client.setup.name} has no room for ${statements} statements`);
	client.fillDisk(statements);
}

/** Backups are for processes of their own (tests/kill). */
const MET_POINTS = SERVER_POINTS.filter((point) => !point.startsWith('backup:'));

function serverCrash(world: World, _client: SimClient, random: Random): void {
	const point = random.pick(MET_POINTS);
	world.note(`the server will die at ${point}`);
	world.server.dieAt(point);
}

function upgrade(world: World): void {
	if (!world.server.isOld) return;
	world.server.isOld = false;
	world.note('the server is brought up to date');
}

/** An account goes from one person to another, who may have it already. */
async function reassign(world: World, client: SimClient, random: Random): Promise<void> {
	const { userId } = client.setup;
	const held = [...(await world.server.scopeOf(userId)).keys()].sort();
	// A manager has what her people have, and it is theirs to lose.
	if (held.length === 0 || userId === 'u-mia') return;
	const account = random.pick(held);
	const to = random.pick(COLLEAGUES.map((one) => one.userId).filter((id) => id !== userId && id !== 'u-mia'));
	world.note(`${account} goes from ${userId} to ${to}`);
	await world.server.reassign({ account, from: userId, to });
}

async function pause(world: World, client: SimClient, random: Random): Promise<void> {
	const paused = random.chance(0.5);
	world.note(`${client.setup.name} paused: ${paused}`);
	await client.call('sync.pause', { paused });
}

async function repeat(world: World, list: readonly WireRequest[], random: Random): Promise<void> {
	if (list.length === 0) return;
	const request = random.pick(list);
	const reply = await world.ask(request);
	world.note(`${request.path.slice(8, 14)} arrives once more: ${reply?.status}`);
}

async function clone(world: World, client: SimClient): Promise<void> {
	if (world.clients.length >= MOST_LAPTOPS || client.isDead) return;
	world.copies += 1;
	const name = `${client.setup.name}c${world.copies}`;
	world.note(`${client.setup.name} is copied to ${name}`);
	world.clients.push(await client.clone(name));
}

function keepProfile(world: World, client: SimClient): void {
	if (!client.isDead) world.profiles.push({ name: client.setup.name, image: client.backup() });
}

/** The person puts back an older copy of the profile. Only done when nothing unsent is lost by it. */
async function oldProfile(world: World, random: Random): Promise<void> {
	const kept = world.profiles.length > 0 ? random.pick(world.profiles) : undefined;
	const client = world.clients.find((item) => item.setup.name === kept?.name);
	if (!kept || !client || client.isSyncing || client.isDead) return;
	const [unsent] = client.rows<{ n: number }>(
		"SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL) + (SELECT count(*) FROM blob_queue WHERE direction = 'up') AS n",
	);
	if (unsent?.n) return;
	world.note(`${kept.name} goes back to an older profile`);
	world.copies += 1;
	await client.goBackTo(kept.image);
	client.lastDone = undefined;
}

/** All that happens without anybody's doing, and how often. */
export const events: Readonly<Record<string, Event>> = {
	crash: { weight: 3, run: crashNow },
	'crash soon': { weight: 4, run: crashSoon },
	'crash at a point': { weight: 8, run: crashAtPoint },
	'disk full': { weight: 2, run: fillDisk },
	'wrong clock': { weight: 3, run: setClock },
	'stopped clock': { weight: 1, run: stopClock },
	pause: { weight: 2, run: pause },
	'duplicate request': { weight: 4, run: (world, _client, random) => repeat(world, world.network.sent, random) },
	'late arrival': { weight: 4, run: (world, _client, random) => repeat(world, world.network.late, random) },
	'restart server': { weight: 1, run: (world) => world.server.restart() },
	'server crash at a point': { weight: 6, run: serverCrash },
	'second server': { weight: 1, run: (world, _client, random) => world.server.restart(1 + random.int(2)) },
	'server upgrade': { weight: 4, run: upgrade },
	reassign: { weight: 6, run: reassign },
	'new laptop': { weight: 1, run: (world, client) => world.addLaptop(client.setup.userId) },
	backup: { weight: 3, run: (world) => world.keepBackup() },
	'restore server': { weight: 1, run: (world, _client, random) => world.restore(random, `epoch-${world.steps}`) },
	'server forgets': { weight: 1, run: (world, _client, random) => world.restore(random, null) },
	clone: { weight: 1, run: clone },
	'keep profile': { weight: 1, run: keepProfile },
	'old profile': { weight: 1, run: (world, _client, random) => oldProfile(world, random) },
};
