import { SERVER_HEADER } from '../../shared/sync/protocol.ts';

/** One open stream of pokes, as a laptop holds it. */
export interface PokeListener {
	/** All pokes so far. */
	heard: { seq: number }[];
	/** Everything that came, as it came. */
	readonly text: string;
	/** The next poke that has not been returned yet; throws after five seconds. */
	next(): Promise<{ seq: number }>;
	/** Waits for that many more heartbeats. */
	beats(count: number): Promise<void>;
	/** How the stream ended. */
	ended: Promise<'ended' | 'broken'>;
	stop(): void;
}

const PATIENCE_MS = 5000;

/** Opens a stream; returns when the server has begun to answer. Throws when it refuses. */
export async function listenForPokes(url: string, token: string, query = ''): Promise<PokeListener> {
	const abort = new AbortController();
	const response = await fetch(`${url}/v1/sync/poke${query}`, {
		headers: { authorization: `Bearer ${token}` },
		signal: abort.signal,
	});
	if (response.status !== 200 || !response.headers.get(SERVER_HEADER)) throw new Error(`${response.status}`);
	const state = { heard: [] as { seq: number }[], text: '', beats: 0, returned: 0 };
	const read = async () => {
		for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
			state.text += chunk;
			const events = state.text.split('\n\n').slice(0, -1);
			state.beats = events.filter((event) => event.startsWith(':')).length;
			state.heard = events
				.filter((event) => event.startsWith('data: '))
				.map((event) => JSON.parse(event.slice(6)) as { seq: number });
		}
	};
	const ended = read().then(
		() => 'ended' as const,
		() => 'broken' as const,
	);
	const until = async (isThere: () => boolean, what: string) => {
		for (const started = performance.now(); !isThere(); ) {
			if (performance.now() - started > PATIENCE_MS) throw new Error(`No ${what} came.`);
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
	};
	await until(() => state.beats > 0, 'first sign');
	return {
		get heard() {
			return state.heard;
		},
		get text() {
			return state.text;
		},
		next: async () => {
			await until(() => state.heard.length > state.returned, 'poke');
			return state.heard[state.returned++] as { seq: number };
		},
		beats: async (count) => {
			const goal = state.beats + count;
			await until(() => state.beats >= goal, 'heartbeat');
		},
		ended,
		stop: () => abort.abort(),
	};
}
