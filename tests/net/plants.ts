import { type Mutant, one } from '../sim/mutant.ts';

/** Bugs that only a bad network brings out: planted with --plant, each has to turn its network red. */
export const netMutants: readonly Mutant[] = [
	one('a connection that has fallen silent is waited for', 'electron/core/sync/reaching/transport.ts', [
		'options.silenceMs ?? SILENCE_MS,',
		'1_000_000,',
	]),
	one('a file that is added waits for nobody to send it', 'electron/core/files/attachment-actions.ts', [
		".values({ sha256, direction: 'up',",
		".values({ sha256, direction: 'down',",
	]),
];
