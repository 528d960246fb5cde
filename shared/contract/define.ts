import type { z } from 'zod';
import type { EntityName } from '../entities/registry.ts';

/** Tables a query may read: entities and the few local tables a screen can show. */
export type ReadTable =
	| EntityName
	| 'backup'
	| 'blob'
	| 'history'
	| 'outbox'
	| 'receipt'
	| 'sync_state'
	| 'text_update';

/** A question: read-only, answered from the local store. `reads` decides when the answer is stale. */
export interface Query<I extends z.ZodType, O> {
	kind: 'query';
	input: I;
	reads: readonly ReadTable[];
	output?: O;
}

/** An edit: exactly one transaction, opened by the dispatcher. */
export interface Command<I extends z.ZodType, O> {
	kind: 'command';
	input: I;
	/** What the undo list and the list of unsent changes call it: "Issue created". */
	label: string;
	output?: O;
}

/** Slow work: holds no transaction across IO, reports progress, can be cancelled. */
export interface Action<I extends z.ZodType, O> {
	kind: 'action';
	input: I;
	output?: O;
}

export type Method = Query<z.ZodType, unknown> | Command<z.ZodType, unknown> | Action<z.ZodType, unknown>;

/** `query(input, reads)<Output>()` – the second call only fixes the output type. */
export function query<I extends z.ZodType>(input: I, reads: readonly ReadTable[]) {
	return <O>(): Query<I, O> => ({ kind: 'query', input, reads });
}

/** `command(label, input)<Output>()`; the label names the edit in the list of unsent changes and in undo. */
export function command<I extends z.ZodType>(label: string, input: I) {
	return <O>(): Command<I, O> => ({ kind: 'command', input, label });
}

/** `action(input)<Output>()` */
export function action<I extends z.ZodType>(input: I) {
	return <O>(): Action<I, O> => ({ kind: 'action', input });
}
