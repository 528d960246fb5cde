import { EventEmitter } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { CoreEvent } from '../../shared/contract/events.ts';
import type { SignedIn, SignInPlace } from '../../shared/contract/session.ts';
import type { Departure } from '../core/sync/session/leave.ts';
import { traceOf } from './error-trace.ts';

/** What the worker is started with. The keys travel by this way only, and are handed over: nothing of them stays here. */
export interface CoreOptions {
	file: string;
	/** 32 bytes, in memory of their own. */
	key: Uint8Array<ArrayBuffer>;
	/** Keys the store had before, newest first. */
	previousKeys: Uint8Array<ArrayBuffer>[];
	nativeBinding: string | undefined;
	/** The thread that reads backups. */
	checkWorker?: string | undefined;
	sample: boolean;
	server: { url: string; token?: string } | undefined;
	signInPlace?: SignInPlace | undefined;
	userId: string | undefined;
	deviceName: string;
	appVersion: string;
}

/** Core as main sees it: it asks, tells and listens, and knows no rule. */
export interface CoreHost {
	call(method: string, input: unknown): Promise<CallResult<unknown>>;
	registerFile(token: string, path: string): void;
	wake(): void;
	/** What the system says of the network. */
	setLinkHint(hint: { metered: boolean }): void;
	/** Hands over what a sign-in brought; false when the workbook is another person's. */
	signIn(signedIn: SignedIn): Promise<boolean>;
	/** Asks core to close the store and ends its thread, with all it held; at the latest when `timeoutMs` has passed. */
	close(timeoutMs: number): Promise<void>;
	events: EventEmitter<{
		ready: [];
		/** `canRestore`: backups are listed and gone back to all the same; `ready` follows. */
		failed: [code: string, message: string, canRestore: boolean];
		event: [CoreEvent];
		departure: [Departure];
	}>;
}

type FromWorker =
	| { ready: true; info: unknown }
	| { failed: { code: string; message: string; canRestore: boolean } }
	| { id: number; result: CallResult<unknown> }
	| { event: CoreEvent }
	| { departure: Departure }
	| { closed: true };

const GONE: CallResult<never> = { ok: false, error: { code: 'internal', message: 'The store has stopped.' } };

/** Starts core in its worker thread. Calls made before the store is open wait for it; a dead worker is never restarted in silence. */
export function startCore(options: CoreOptions, workerFile = path.join(import.meta.dirname, 'worker.js')): CoreHost {
	const events: CoreHost['events'] = new EventEmitter();
	const pending = new Map<number, (result: CallResult<unknown>) => void>();
	const state = {
		last: 0,
		closing: false,
		gone: false,
		ready: Promise.withResolvers<void>(),
		closed: Promise.withResolvers<void>(),
	};
	const transferList = [options.key, ...options.previousKeys].map((key) => key.buffer);
	const worker = new Worker(workerFile, { workerData: options, transferList, name: 'core' });

	const fail = (code: string, message: string) => {
		if (state.gone) return;
		state.gone = true;
		state.ready.resolve();
		for (const answer of pending.values()) answer(GONE);
		pending.clear();
		if (!state.closing) events.emit('failed', code, message, false);
	};
	worker.on('message', (message: FromWorker) => {
		if ('id' in message) {
			pending.get(message.id)?.(message.result);
			pending.delete(message.id);
		} else if ('departure' in message) events.emit('departure', message.departure);
		else if ('event' in message) events.emit('event', message.event);
		else if ('ready' in message) {
			state.ready.resolve();
			events.emit('ready');
		} else if ('failed' in message) {
			const { code, message: words, canRestore } = message.failed;
			if (!canRestore) return fail(code, words);
			state.ready.resolve();
			events.emit('failed', code, words, true);
		} else if ('closed' in message) state.closed.resolve();
	});
	worker.on('error', (error) => fail('internal', traceOf(error)));
	worker.on('exit', () => {
		fail('internal', 'The core thread ended.');
		state.closed.resolve();
	});

	const ask = async (message: object): Promise<CallResult<unknown>> => {
		await state.ready.promise;
		if (state.gone) return GONE;
		return new Promise((resolve) => {
			const id = ++state.last;
			pending.set(id, resolve);
			worker.postMessage({ id, ...message });
		});
	};

	return {
		events,
		call: (method, input) => {
			const progressId = progressIdOf(input);
			return ask(progressId ? { method, input, progressId } : { method, input });
		},
		async signIn(signedIn) {
			const result = await ask({ signedIn });
			return result.ok && result.value === true;
		},
		registerFile: (token, file) => worker.postMessage({ registerFile: { token, path: file } }),
		wake: () => worker.postMessage({ wake: true }),
		setLinkHint: (hint) => worker.postMessage({ linkHint: hint }),
		async close(timeoutMs) {
			state.closing = true;
			if (state.gone) return;
			worker.postMessage({ close: true });
			const timeout = new Promise<void>((resolve) => setTimeout(resolve, timeoutMs).unref());
			await Promise.race([state.closed.promise, timeout]);
			await worker.terminate();
		},
	};
}

function progressIdOf(input: unknown): string | undefined {
	const id = typeof input === 'object' && input !== null && 'progressId' in input ? input.progressId : undefined;
	return typeof id === 'string' ? id : undefined;
}
