/**
 * Seeds that once failed, and what they found. A seed is only the same story while the simulation asks for the same
 * numbers in the same order; since these failed it has learnt more, so what holds them for good are the plain tests in
 * tests/sync/found-by-simulation.test.ts and the planted bugs in mutants.ts.
 */
export const regressions: ReadonlyArray<{ seed: number; found: string }> = [
	{ seed: 18, found: 'a copy took the numbers of groups that the server had lost' },
	{ seed: 27, found: 'a request that arrived twice used up the nonce: its sender was taken for a copy' },
	{ seed: 36, found: 'a push was acknowledged further than it went' },
	{ seed: 39, found: 'a cursor from commits the server had lost was believed' },
	{ seed: 74, found: 'the undoing of a large import made a group that no server takes, and the queue stood still' },
	{ seed: 144, found: 'a conflict that the server had lost stayed on laptops for ever' },
	{ seed: 162, found: 'as 18, with a cursor from before the loss' },
	{ seed: 188, found: 'two copies gave one version to different edits' },
	{ seed: 231, found: 'a server that had lost its last commits made its laptops take new names' },
];
