import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { CommandId } from './commands.ts';

type Handler = () => void;

/** Who answers a command now. The newest on screen comes first, so an open page answers before the frame does. */
const handlers = new Map<CommandId, Handler[]>();
const listeners = new Set<() => void>();
let version = 0;

function changed(): void {
	version += 1;
	for (const listener of listeners) listener();
}

function addHandler(id: CommandId, handler: Handler): () => void {
	handlers.set(id, [...(handlers.get(id) ?? []), handler]);
	changed();
	return () => {
		handlers.set(
			id,
			(handlers.get(id) ?? []).filter((other) => other !== handler),
		);
		changed();
	};
}

/** Runs a command; false when nothing on screen answers it. */
export function runCommand(id: CommandId): boolean {
	const handler = handlers.get(id)?.at(-1);
	handler?.();
	return handler !== undefined;
}

export function canRun(id: CommandId): boolean {
	return (handlers.get(id)?.length ?? 0) > 0;
}

/** Answers a command while the component is on screen; `null` or `undefined` does not answer. */
export function useCommand(id: CommandId, handler: Handler | null | undefined): void {
	const latest = useRef(handler);
	const answers = Boolean(handler);
	useEffect(() => {
		latest.current = handler;
	});
	useEffect(() => (answers ? addHandler(id, () => latest.current?.()) : undefined), [id, answers]);
}

/** Re-renders when the set of answered commands changes: for the palette. */
export function useCommandVersion(): number {
	return useSyncExternalStore(
		(listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		() => version,
	);
}
