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
	{
		found: 'a hand-over of a colleague stayed on the laptop when its account went to somebody else',
		script: {
			seed: 90,
			desks: 5,
			off: [
				'drop request',
				'drop reply',
				'short reply',
				'bare 500',
				'crash in a round',
				'long sleep',
				'by itself',
				'old server at first',
			],
			steps: [
				{ do: 'sync', who: 0, r: 735287625, ms: 1000 },
				{ do: 'create note', who: 2, r: 973307881, ms: 82 },
				{ do: 'deliver', who: 0, r: 1998296301, ms: 682 },
				{ do: 'sync', who: 2, r: 872895942, ms: 1000 },
				{ do: 'deliver', who: 2, r: 1620145686, ms: 1000 },
				{ do: 'deliver', who: 0, r: 1239957358, ms: 790 },
				{ do: 'deliver', who: 2, r: 1780123897, ms: 265 },
				{ do: 'deliver', who: 0, r: 468879604, ms: 1000 },
				{ do: 'reassign', who: 0, r: 765030536, ms: 734 },
			],
		},
	},
];
