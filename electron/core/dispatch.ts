import { whileBulk } from '../../db/open-store.ts';
import { storeError } from '../../db/store-error.ts';
import type { Unit } from '../../db/unit.ts';
import { contract, type MethodName } from '../../shared/contract/contract.ts';
import type { Method } from '../../shared/contract/define.ts';
import { type CallError, type CallResult, CoreError } from '../../shared/contract/errors.ts';
import type { ActionContext, CommandContext, WriteOptions } from './handler.ts';
import { handlers } from './handlers.ts';
import type { SyncLoop } from './sync/sync-loop.ts';
import { type CoreSetup, commandContext, createQueue, type NewUnit, queryContext, transact } from './transaction.ts';

type AnyHandler = (context: unknown, input: unknown) => Promise<unknown>;

interface Request {
	name: MethodName;
	method: Method;
	input: unknown;
	/** Names the call for progress and cancelling. */
	callId: string | undefined;
}

/** The one door to the application: parses the input, opens the transaction, runs the handler, tells the windows. */
export class Dispatcher {
	readonly #setup: CoreSetup;
	readonly #queue = createQueue();
	readonly #files = new Map<string, string>();
	readonly #running = new Map<string, AbortController>();
	#sync: SyncLoop | undefined;

	constructor(setup: CoreSetup) {
		this.#setup = setup;
	}

	/** Answers a call from a window. Never throws: failures are values. */
	async call(name: string, input: unknown, callId?: string): Promise<CallResult<unknown>> {
		const method = Object.hasOwn(contract, name) ? (contract[name as MethodName] as Method) : undefined;
		if (!method) return failure({ code: 'unknown_method', message: `There is no method ${name}.` });
		const parsed = method.input.safeParse(input);
		if (!parsed.success) return failure(badInput(parsed.error.issues));
		try {
			return { ok: true, value: await this.#run({ name: name as MethodName, method, input: parsed.data, callId }) };
		} catch (error) {
			return failure(describe(error));
		}
	}

	/** Main has shown a dialog: from now on the token stands for the path. */
	registerFile(token: string, path: string): void {
		this.#files.set(token, path);
	}

	attachSync(sync: SyncLoop): void {
		this.#sync = sync;
	}

	/** Runs one unit of the sync loop in one transaction while nothing else writes. */
	runUnit<T>(options: NewUnit, work: (unit: Unit) => T): Promise<T> {
		return this.#queue(() => transact(this.#setup, options, async (unit) => work(unit)));
	}

	/** Runs synchronous store work in a transaction of its own, between the units. */
	exclusively<T>(work: () => T): Promise<T> {
		return this.#queue(async () => this.#setup.store.raw.transaction(work)());
	}

	/** True while an action (an import, say) is under way. */
	isBusy(): boolean {
		return this.#running.size > 0;
	}

	/** Resolves when nothing is running; actions under way are cancelled. */
	async idle(): Promise<void> {
		for (const controller of this.#running.values()) controller.abort();
		await this.#queue(async () => {});
	}

	actionContext(callId?: string, signal: ActionContext['signal'] = new AbortController().signal): ActionContext {
		return {
			read: (work) => this.#queue(() => work(queryContext(this.#setup))),
			write: (options, work) => this.#write(options, work),
			bulk: (work) => whileBulk(this.#setup.store, work),
			pathOf: (token) => {
				const path = this.#files.get(token);
				if (!path) throw new CoreError('file_gone', 'The file must be chosen again.');
				return path;
			},
			progress: (progress) => {
				if (callId) this.#setup.emit({ type: 'progress', callId, progress });
			},
			signal,
			now: this.#setup.clock.now,
			breathe: () => new Promise((resolve) => setImmediate(resolve)),
		};
	}

	async #run(request: Request): Promise<unknown> {
		const { name, method, input } = request;
		if (method.kind === 'action') return this.#runAction(request);
		if (name === 'sync.status') return this.#sync?.status();
		const handler = handlerOf(name);
		if (method.kind === 'query') return this.#queue(() => handler(queryContext(this.#setup), input));
		return this.#write({ label: method.label, origin: 'local' }, (context) => handler(context, input));
	}

	async #runAction({ name, input, callId }: Request): Promise<unknown> {
		if (name === 'calls.cancel') return this.#running.get((input as { progressId: string }).progressId)?.abort();
		if (name === 'sync.now') return this.#sync?.syncNow();
		if (name === 'sync.pause') return this.#sync?.pause((input as { paused: boolean }).paused);
		const id = callId ?? (input as { progressId?: string }).progressId ?? crypto.randomUUID();
		const controller = new AbortController();
		this.#running.set(id, controller);
		try {
			return await handlerOf(name)(this.actionContext(id, controller.signal), input);
		} finally {
			this.#running.delete(id);
		}
	}

	async #write<T>(options: WriteOptions, work: (context: CommandContext) => Promise<T>): Promise<T> {
		const unit = { label: options.label, origin: options.origin, batchId: options.batchId };
		const value = await this.#queue(() =>
			transact(this.#setup, unit, (open) => work(commandContext(this.#setup, open))),
		);
		this.#sync?.noteLocalWrite();
		return value;
	}
}

function handlerOf(name: MethodName): AnyHandler {
	return handlers[name as keyof typeof handlers] as AnyHandler;
}

function failure(error: CallError): CallResult<never> {
	return { ok: false, error };
}

function badInput(issues: { path: PropertyKey[]; message: string }[]): CallError {
	const problems = issues.map((issue) => ({ field: issue.path.map(String).join('.'), message: issue.message }));
	return { code: 'bad_input', message: 'Some fields cannot be saved as they are.', details: { problems } };
}

function describe(error: unknown): CallError {
	const known = storeError(error);
	if (known instanceof CoreError) {
		return { code: known.code, message: known.message, ...(known.details ? { details: known.details } : {}) };
	}
	return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
