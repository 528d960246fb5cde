import { parentPort, workerData } from 'node:worker_threads';
import { CoreError } from '../../shared/contract/errors.ts';
import type { SignedIn } from '../../shared/contract/session.ts';
import { type Core, type CoreOptions, createCore } from './core.ts';

/** Messages from main to the worker. */
export type ToWorker =
	| { id: number; method: string; input: unknown; progressId?: string }
	| { registerFile: { token: string; path: string } }
	| { wake: true }
	| { linkHint: { metered: boolean } }
	| { id: number; signedIn: SignedIn }
	| { close: true };

/** The worker that hosts core: it only passes messages on. */
async function serve(port: NonNullable<typeof parentPort>): Promise<void> {
	let core: Core;
	const fail = (error: unknown) => {
		const code = error instanceof CoreError ? error.code : 'internal';
		port.postMessage({ failed: { code, message: error instanceof Error ? error.message : String(error) } });
	};
	try {
		core = await createCore(workerData as CoreOptions);
	} catch (error) {
		return fail(error);
	}
	core.onLoss(fail);
	core.onEvent((event) => port.postMessage({ event }));
	core.onDeparture((departure) => port.postMessage({ departure }));
	port.on('message', async (message: ToWorker) => {
		if ('method' in message) {
			const result = await core.call(message.method, message.input, message.progressId);
			port.postMessage({ id: message.id, result });
		} else if ('registerFile' in message) core.registerFile(message.registerFile.token, message.registerFile.path);
		else if ('wake' in message) core.wake();
		else if ('signedIn' in message) {
			const isOwn = await core.signIn(message.signedIn).catch(() => false);
			port.postMessage({ id: message.id, result: { ok: true, value: isOwn } });
		} else if ('linkHint' in message) core.setLinkHint(message.linkHint);
		else {
			await core.close();
			port.postMessage({ closed: true });
			port.close();
		}
	});
	port.postMessage({ ready: true, info: { cipher: core.store.cipher } });
}

if (parentPort) void serve(parentPort);
