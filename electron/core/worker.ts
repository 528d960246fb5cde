import { parentPort, workerData } from 'node:worker_threads';
import { storeError } from '../../db/store-error.ts';
import { CoreError } from '../../shared/contract/errors.ts';
import type { SignedIn } from '../../shared/contract/session.ts';
import { type Core, type CoreOptions, createCore } from './core.ts';
import { createRescue, type Rescue } from './rescue.ts';

/** Messages from main to the worker. */
export type ToWorker =
	| { id: number; method: string; input: unknown; progressId?: string }
	| { registerFile: { token: string; path: string } }
	| { wake: true }
	| { linkHint: { metered: boolean } }
	| { id: number; signedIn: SignedIn }
	| { close: true };

type Port = NonNullable<typeof parentPort>;

interface Served {
	core?: Core | undefined;
	rescue?: Rescue | undefined;
}

/** The worker that hosts core: it only passes messages on. */
async function serve(port: Port): Promise<void> {
	const served: Served = {};
	/** No store is open; where it is the file that is damaged, the way back to a backup stays. */
	const fail = (error: unknown) => {
		const emit = (event: unknown) => port.postMessage({ event });
		served.core = undefined;
		served.rescue = createRescue({ options: workerData as CoreOptions, error, emit, onRestored: open });
		const known = storeError(error);
		const code = served.rescue?.code ?? (known instanceof CoreError ? known.code : 'internal');
		const message = error instanceof Error ? error.message : String(error);
		port.postMessage({ failed: { code, message, canRestore: served.rescue !== undefined } });
	};
	const open = async (): Promise<void> => {
		const core = await createCore(workerData as CoreOptions);
		served.core = core;
		core.onLoss(fail);
		core.onEvent((event) => port.postMessage({ event }));
		core.onDeparture((departure) => port.postMessage({ departure }));
		port.postMessage({ ready: true, info: { cipher: core.store.cipher } });
	};
	await open().catch(fail);
	if (!served.core && !served.rescue) return;
	port.on('message', (message: ToWorker) => void answer(port, served, message));
}

async function answer(port: Port, { core, rescue }: Served, message: ToWorker): Promise<void> {
	if ('method' in message) {
		const result = await (core ?? rescue)?.call(message.method, message.input, message.progressId);
		port.postMessage({ id: message.id, result });
	} else if ('registerFile' in message) core?.registerFile(message.registerFile.token, message.registerFile.path);
	else if ('wake' in message) core?.wake();
	else if ('signedIn' in message) {
		const isOwn = (await core?.signIn(message.signedIn).catch(() => false)) ?? false;
		port.postMessage({ id: message.id, result: { ok: true, value: isOwn } });
	} else if ('linkHint' in message) core?.setLinkHint(message.linkHint);
	else {
		await (core ?? rescue)?.close();
		port.postMessage({ closed: true });
		port.close();
	}
}

if (parentPort) void serve(parentPort);
