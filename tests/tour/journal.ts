/** What was promised and what came of it; the summary that the tour leaves behind. */
export interface Summary {
	ok: boolean;
	startedAt: string;
	seconds: number;
	/** The file that was imported, and whether it is a real export or a made one. */
	source: { file: string; real: boolean };
	steps: { no: number; title: string; ms: number; pictures: string[] }[];
	promises: { promise: string; kept: boolean; found: string }[];
	/** Everything counted on the way. */
	counts: Record<string, number>;
	/** Everything timed on the way, in milliseconds. */
	times: Record<string, number>;
}

/** Words that were typed and must be on both devices in the end. */
export interface Written {
	what: string;
	words: string;
}

export class Journal {
	readonly summary: Summary;
	readonly written: Written[] = [];
	private readonly began = performance.now();

	constructor(source: Summary['source']) {
		this.summary = {
			ok: true,
			startedAt: new Date().toISOString(),
			seconds: 0,
			source,
			steps: [],
			promises: [],
			counts: {},
			times: {},
		};
	}

	/** Says whether a promise was kept. A broken one does not end the tour, but the tour then ends in failure. */
	promise(promise: string, kept: boolean, found: unknown = kept): void {
		this.summary.promises.push({ promise, kept, found: String(found) });
		if (!kept) this.summary.ok = false;
		process.stdout.write(`    ${kept ? 'kept' : 'BROKEN'}: ${promise}${kept ? '' : ` (found: ${String(found)})`}\n`);
	}

	count(name: string, value: number): void {
		this.summary.counts[name] = value;
	}

	time(name: string, ms: number): void {
		this.summary.times[name] = Math.round(ms);
	}

	wrote(what: string, words: string): string {
		this.written.push({ what, words });
		return words;
	}

	finish(): Summary {
		this.summary.seconds = Math.round((performance.now() - this.began) / 100) / 10;
		return this.summary;
	}
}
