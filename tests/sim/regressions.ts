import type { Script } from './script.ts';

/** Simulations that once failed, as short as they could be made, and what they found. They are played for ever. */
export const regressions: ReadonlyArray<{ found: string; script: Script }> = [
	{
		found: 'an account that left while a pull from the start had broken off stayed on the laptop',
		script: {
			seed: 702,
			desks: 2,
			off: ['late request', 'drop reply', 'short reply', 'login page', 'bare 500', 'busy', 'long sleep', 'by itself'],
			steps: [
				{ do: 'sync', who: 0, r: 660831178, ms: 319 },
				{ do: 'crash at a point', who: 0, r: 2043712141, ms: 1000 },
				{ do: 'deliver', who: 0, r: 1474473420, ms: 534 },
				{ do: 'deliver', who: 0, r: 58734513, ms: 423 },
				{ do: 'reassign', who: 0, r: 418772036, ms: 1000 },
			],
		},
	},
];
