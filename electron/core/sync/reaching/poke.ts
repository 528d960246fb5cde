import { z } from 'zod';
import type { Surroundings } from '../surroundings.ts';
import { backoff } from './backoff.ts';
import { type Transport, TransportError } from './transport.ts';

/** The server says something at least every 25 seconds; twice that and a little in silence is a dead line. */
const SILENCE_MS = 60_000;

const pokeData = z.object({ seq: z.number() });

interface Pokes {
	onPoke(seq: number): void;
	/** The newest commit this laptop knows of; the server tells at once of a newer one. 0: none. */
	seenThrough(): number;
}

/** A long-lived request on which the server says that there is something new, and never what. Only a hint: the timer goes on. */
export class PokeLine {
	readonly #transport: Transport;
	readonly #outside: Surroundings;
	readonly #onPoke: Pokes['onPoke'];
	readonly #seenThrough: Pokes['seenThrough'];
	#open: AbortController | undefined;
	#failures = 0;
	#callOff: (() => void) | undefined;

	constructor(transport: Transport, outside: Surroundings, about: Pokes) {
		this.#transport = transport;
		this.#outside = outside;
		this.#onPoke = about.onPoke;
		this.#seenThrough = about.seenThrough;
	}

	/** Listens, and goes on trying until closed. */
	open(): void {
		if (this.#open) return;
		this.#open = new AbortController();
		void this.#listen(this.#open.signal);
	}

	close(): void {
		this.#callOff?.();
		this.#open?.abort();
		this.#open = undefined;
		this.#failures = 0;
	}

	async #listen(signal: AbortSignal): Promise<void> {
		let failure: TransportError | undefined;
		try {
			const onText = readEvents((data) => {
				this.#failures = 0;
				const poke = pokeData.safeParse(data);
				if (poke.success) this.#onPoke(poke.data.seq);
			});
			const seen = this.#seenThrough();
			const path = seen > 0 ? `/v1/sync/poke?after=${seen}` : '/v1/sync/poke';
			await this.#transport.request(path, { signal, onText, silenceMs: SILENCE_MS });
		} catch (error) {
			failure = error instanceof TransportError ? error : undefined;
		}
		if (signal.aborted) return;
		this.#failures += 1;
		const wait = backoff(this.#failures, this.#outside.random(), failure);
		this.#callOff = this.#outside.after(wait, () => void this.#listen(signal));
	}
}

/** Reads server-sent events piece by piece; anything that is not one is passed over. */
function readEvents(onData: (data: unknown) => void): (text: string) => void {
	let rest = '';
	return (text) => {
		const lines = (rest + text).split('\n');
		rest = (lines.pop() ?? '').slice(-4096);
		for (const line of lines) {
			if (!line.startsWith('data:')) continue;
			try {
				onData(JSON.parse(line.slice(5)));
			} catch {
				// Half an event, or none of ours.
			}
		}
	};
}
