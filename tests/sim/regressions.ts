import type { Script } from './script.ts';

/** Simulations that once failed, as short as they could be made, and what they found. They are played for ever. */
export const regressions: ReadonlyArray<{ found: string; script: Script }> = [];
