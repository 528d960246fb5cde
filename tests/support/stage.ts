import type { Surroundings } from '../../electron/core/sync/surroundings.ts';

export interface Stage extends Surroundings {
	/** Lets time pass: what falls due on the way is done in order, and may plan more. */
	advance(ms: number): Promise<void>;
	/** Milliseconds until each thing planned, the soonest first. */
	planned(): number[];
	/** What `random` answers from now on. */
	setRandom(value: number): void;
	/** Sends requests another way from now on; null for the network itself. */
	setFetch(next: typeof fetch | null): void;
	/** From now on no request is ever answered, nor hears that it was given up. */
	hang(): void;
	/** Addresses asked for so far. */
	asked: string[];
}

/** Surroundings of a test's own: time stands still until it is told to go on. */
export function openStage(): Stage {
	let now = Date.parse('2026-11-23T08:00:00Z');
	let chance = 0.5;
	let way: typeof fetch | null = null;
	let waiting: { at: number; work: () => void }[] = [];
	const asked: string[] = [];
	let hangs = false;
	let underWay = 0;
	/** Real requests need real time to be answered, and their answers to be worked on. */
	const rest = async () => {
		for (let calm = 0; calm < 4; calm += 1) {
			await new Promise((resolve) => setTimeout(resolve, 5));
			if (underWay > 0) calm = -1;
		}
	};
	return {
		asked,
		now: () => now,
		random: () => chance,
		after: (ms, work) => {
			const item = { at: now + ms, work };
			waiting.push(item);
			return () => {
				waiting = waiting.filter((other) => other !== item);
			};
		},
		fetch: async (url, init) => {
			const { pathname } = new URL(String(url));
			asked.push(pathname);
			// These stay open; nobody waits for their end.
			if (pathname.endsWith('/poke') || hangs) return (way ?? fetch)(url, init);
			underWay += 1;
			try {
				const reply = await (way ?? fetch)(url, init);
				const bytes = await reply.arrayBuffer();
				const headers = new Headers(reply.headers);
				headers.delete('content-encoding');
				return new Response(bytes, { status: reply.status, headers });
			} finally {
				underWay -= 1;
			}
		},
		advance: async (ms) => {
			const until = now + ms;
			for (;;) {
				await rest();
				const next = waiting.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
				if (!next) break;
				waiting = waiting.filter((item) => item !== next);
				now = Math.max(now, next.at);
				next.work();
			}
			now = until;
		},
		planned: () => waiting.map(({ at }) => at - now).sort((one, other) => one - other),
		setRandom: (value) => {
			chance = value;
		},
		setFetch: (next) => {
			way = next;
			hangs = false;
		},
		hang: () => {
			way = () => new Promise(() => undefined);
			hangs = true;
		},
	};
}
