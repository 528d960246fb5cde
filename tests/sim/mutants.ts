import type { Mutant } from './mutant.ts';
import { fileMutants } from './mutants-files.ts';
import { laptopMutants } from './mutants-laptop.ts';
import { outboxMutants } from './mutants-outbox.ts';
import { serverMutants } from './mutants-server.ts';

/** Every bug the simulation has to find. Each of the findings that decided the protocol is among them. */
export const mutants: readonly Mutant[] = [...laptopMutants, ...outboxMutants, ...fileMutants, ...serverMutants];
