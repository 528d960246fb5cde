import { keepPreviousData, QueryClient, useMutation, useQuery } from '@tanstack/react-query';
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { InputOf, MethodName, OutputOf } from '../../shared/contract/contract.ts';
import type { CallError, CallResult } from '../../shared/contract/errors.ts';
import { type QueryName, reads } from './reads.ts';
import { retireUndo } from './toasts.ts';

declare global {
	interface Window {
		readonly fieldbook: Bridge;
	}
}

/** A failed question, carried through React Query; the words are chosen by `error.code`. */
export class CallFailure extends Error {
	readonly error: CallError;
	constructor(error: CallError) {
		super(error.message);
		this.error = error;
	}
}

/** Asks core. A bridge that breaks counts as an internal failure, so callers only ever see values. */
export async function call<N extends MethodName>(method: N, input: InputOf<N>): Promise<CallResult<OutputOf<N>>> {
	if (!(method in reads)) underWay += 1;
	try {
		const result = await window.fieldbook.call(method, input);
		if (result.ok && isEdit(method)) retireUndo();
		return result;
	} catch (cause) {
		return { ok: false, error: { code: 'internal', message: cause instanceof Error ? cause.message : String(cause) } };
	} finally {
		if (!(method in reads)) settle();
	}
}

/** Edits that core has not answered yet, and who waits until it has. */
let underWay = 0;
const settled = new Set<() => void>();

function settle(): void {
	underWay -= 1;
	// Whoever sent the last one may send another for what was typed meanwhile.
	setTimeout(() => {
		if (underWay > 0) return;
		for (const resolve of settled) resolve();
		settled.clear();
	});
}

/** Resolves once core has answered every edit. */
export function editsSettled(): Promise<void> {
	return underWay === 0 ? Promise.resolve() : new Promise((resolve) => settled.add(resolve));
}

/** True for what Ctrl+Z would take back next. Typing in a note is taken back in the note. */
function isEdit(method: MethodName): boolean {
	return (
		!(method in reads) &&
		method !== 'notes.append' &&
		!/^(sync|calls|imports|undo|backups|export)\.|^outbox\.(move|urgent|sendAlone|hold|undo)$/.test(method)
	);
}

async function ask<N extends QueryName>(method: N, input: InputOf<N>): Promise<OutputOf<N>> {
	const result = await call(method, input);
	if (!result.ok) throw new CallFailure(result.error);
	return result.value;
}

export interface EarlyAnswer {
	method: QueryName;
	answer: Promise<CallResult<unknown>>;
}

/** Puts answers under way into the cache, so that what is drawn first need not ask again. */
export function takeEarlyAnswers(client: QueryClient, answers: readonly EarlyAnswer[]): void {
	for (const { method, answer } of answers) {
		const queryKey = [method, {}];
		const queryFn = async () => {
			const result = await answer;
			if (!result.ok) throw new CallFailure(result.error);
			return result.value;
		};
		// Without an open store they fail; whoever draws once it is open asks afresh.
		const forget = () =>
			client.removeQueries({ queryKey, type: 'inactive', predicate: (query) => query.state.status === 'error' });
		void client.prefetchQuery({ queryKey, queryFn }).then(forget);
	}
}

/** Answers stay fresh until one of the tables they read changes; nothing is refetched by time or focus. */
export function createQueryClient(): QueryClient {
	return new QueryClient({
		defaultOptions: {
			queries: {
				staleTime: Number.POSITIVE_INFINITY,
				gcTime: 5 * 60_000,
				retry: false,
				networkMode: 'always',
				refetchOnWindowFocus: false,
				refetchOnReconnect: false,
			},
			mutations: { retry: false, networkMode: 'always' },
		},
	});
}

export interface AnswerOptions {
	enabled?: boolean;
	/** Keeps showing the last answer while the next one comes: for lists that follow typing or a selection. */
	keep?: boolean;
}

/** A question as React Query takes it: for lists that ask for several pages at once. */
export function questionOf<N extends QueryName>(method: N, input: InputOf<N>) {
	return { queryKey: [method, input], queryFn: () => ask(method, input) };
}

/** The answer to a query, kept fresh by `tables-changed` events. `failure` carries a code with words in error-words. */
export function useAnswer<N extends QueryName>(method: N, input: InputOf<N>, options: AnswerOptions = {}) {
	const query = useQuery<OutputOf<N>, CallFailure>({
		queryKey: [method, input],
		queryFn: () => ask(method, input),
		enabled: options.enabled ?? true,
		...(options.keep ? { placeholderData: keepPreviousData } : {}),
	});
	return {
		data: query.data,
		failure: query.error?.error ?? null,
		waiting: query.isPending && query.fetchStatus !== 'idle',
		retry: () => void query.refetch(),
	};
}

/** Sends a command or an action; failures come back as values, never as exceptions. */
export function useSend<N extends Exclude<MethodName, QueryName>>(method: N) {
	const mutation = useMutation({ mutationFn: (input: InputOf<N>) => call(method, input) });
	return { send: mutation.mutateAsync, pending: mutation.isPending };
}

/** Marks every answer stale that was read from one of `tables`. */
export function invalidateTables(client: QueryClient, tables: readonly string[]): void {
	void client.invalidateQueries({
		predicate: (query) => {
			const read: readonly string[] = reads[query.queryKey[0] as QueryName] ?? [];
			return read.some((table) => tables.includes(table));
		},
	});
}
