import { actions } from './actions.ts';
import { MESSAGE_FAULTS } from './delivery.ts';
import { events } from './events.ts';
import { FILE_FAULTS } from './file-network.ts';
import { CASTS, isLarge } from './people.ts';
import { createRandom, type Random } from './random.ts';
import type { World } from './world.ts';

/** One thing that happens. It follows from itself alone: with the steps around it left out it stays the same step. */
export interface Step {
	/** An action of a person, something that befalls a laptop, the network or the server, "sync" or "deliver". */
	do: string;
	/** Whose laptop, counted from 0 in the order in which they came to be. */
	who: number;
	/** What it draws at random comes from this. */
	r: number;
	/** Time that passes before it. */
	ms: number;
}

/** What a simulation is made of before its first step. */
export interface Cast {
	/** Names drawn by core and server come from this. */
	seed: number;
	/** Number of the cast (people.ts). */
	desks: number;
	/** Things that do not happen in this one (swarm testing: what is left out brings other things together). */
	off: readonly string[];
}

export interface Script extends Cast {
	steps: readonly Step[];
}

const DAY = 86_400_000;

/** Things that are no steps of their own and may be left out. */
const HABITS = ['small pages', 'crash in a round', 'long sleep', 'by itself', 'old server at first'];

/** What is switched off while steps are played, and not only when they are made up. */
export const PLAYED: readonly string[] = [...MESSAGE_FAULTS, ...FILE_FAULTS, ...HABITS];

/** Makes up a simulation from a seed, a step at a time. */
export class Planner {
	readonly cast: Cast;
	readonly length: number;
	readonly #random: Random;
	readonly #actions: Weighted[];
	readonly #events: Weighted[];

	/** `length`: how many steps; left out, the seed decides. */
	constructor(seed: number, length?: number) {
		this.#random = createRandom(seed);
		const names = [...Object.keys(actions), ...Object.keys(events), ...PLAYED];
		const off = new Set(names.filter(() => this.#random.chance(0.5)));
		// Laptops left to their own timers speak with the server far more often.
		if (this.#random.chance(0.3)) off.add('by itself');
		off.delete('create issue');
		off.delete('edit issue');
		const desks = this.#random.int(CASTS.length);
		// Where there is much to fetch, it is fetched often and the network tears.
		const favoured = isLarge(desks) ? ['new laptop', 'cut reply'] : [];
		for (const name of favoured) off.delete(name);
		this.cast = { seed, desks, off: [...off] };
		this.length = length ?? 12 + this.#random.int(60);
		this.#actions = weigh(actions, off);
		this.#events = weigh(events, off).map((event) =>
			favoured.includes(event.name) ? { ...event, weight: 15 * event.weight } : event,
		);
	}

	/** What happens next, to the world as it is. */
	next(world: World): Step {
		const random = this.#random;
		const ms = this.#pass(random);
		const r = random.int(2 ** 31);
		const waiting = world.clients.flatMap((client, who) => (client.parked ? [who] : []));
		if (waiting.length > 0 && random.chance(0.45)) return { do: 'deliver', who: random.pick(waiting), r, ms };
		const who = random.int(world.clients.length);
		if (!random.chance(0.3)) return { do: draw(this.#actions, random), who, r, ms };
		if (this.#events.length === 0 || random.chance(0.6)) return { do: 'sync', who, r, ms };
		return { do: draw(this.#events, random), who, r, ms };
	}

	/** Mostly seconds: a request that nobody answers is given up after twenty. */
	#pass(random: Random): number {
		const wish = random.next();
		if (wish < 0.92) return 1 + random.int(2000);
		if (wish < 0.97 || this.cast.off.includes('long sleep')) return 1 + random.int(60_000);
		return random.int(9 * DAY);
	}
}

interface Weighted {
	name: string;
	weight: number;
}

function weigh(things: Readonly<Record<string, { weight: number }>>, off: ReadonlySet<string>): Weighted[] {
	return Object.entries(things)
		.filter(([name]) => !off.has(name))
		.map(([name, { weight }]) => ({ name, weight }));
}

function draw(list: readonly Weighted[], random: Random): string {
	let left = random.next() * list.reduce((sum, { weight }) => sum + weight, 0);
	for (const { name, weight } of list) {
		left -= weight;
		if (left <= 0) return name;
	}
	return list[0]?.name ?? 'sync';
}
