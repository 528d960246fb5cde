import type { LinkShape } from './shaped-link.ts';

/** A network as people meet it. `wire` runs commands on the wire itself, where this machine lets us have one. */
export interface Profile {
	name: string;
	shape?: LinkShape;
	/** Time that nothing can pass, on top of what bandwidth and distance cost. */
	goneMs?: number;
	/** Share of the time that the link is there. */
	share?: number;
	/** Needs a network of our own: what is done to it, and how long it lasts. */
	wire?: 'half-open' | 'mtu hole' | 'ipv6 dead' | 'dns fails';
}

/** The bad networks. The times of those that end by themselves are short: what counts is what happens after. */
export const profiles: readonly Profile[] = [
	{ name: 'clean', shape: {} },
	{
		name: 'hotel',
		shape: { rttMs: 180, jitterMs: 60, loss: 0.03, bitsPerSecond: 1_000_000, stall: { everyMs: 20_000, forMs: 5000 } },
		goneMs: 5000,
		share: 0.75,
	},
	{
		name: 'train',
		shape: { rttMs: 80, bitsPerSecond: 4_000_000, train: { onMs: 3000, offMs: 2000 } },
		goneMs: 4000,
		share: 0.6,
	},
	{ name: 'satellite', shape: { rttMs: 600, bitsPerSecond: 2_000_000 } },
	{ name: 'captive portal', shape: { portalForMs: 3000 }, goneMs: 3000 },
	{ name: 'deaf', shape: { deafForMs: 3000 }, goneMs: 25_000 },
	{ name: 'half-open', wire: 'half-open', goneMs: 30_000 },
	{ name: 'MTU black hole', wire: 'mtu hole', goneMs: 30_000 },
	{ name: 'IPv6 dead', wire: 'ipv6 dead', goneMs: 3000 },
	{ name: 'DNS failing', wire: 'dns fails', goneMs: 5000 },
];
