/** How a safety run is asked for. */
export interface Options {
	long: boolean;
	/** Fewer cases than the short form has: a look at everything within a minute or two. */
	quick: boolean;
	seed: number;
	/** Plants the mistake that this run is there to find: it must then fail. */
	plant: boolean;
}

/** What it prints, as one line. */
export interface Result {
	name: string;
	ok: boolean;
	/** Cases that were tried. */
	tried: number;
	/** Cases in which something was lost, shown in clear, or not noticed. */
	lost: number;
	[more: string]: unknown;
}
