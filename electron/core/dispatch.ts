import { applyChange, applyCreates } from '../../db/apply-change.ts';
import { updateFigures } from '../../db/figures.ts';
import type { Store } from '../../db/open-store.ts';
import { removeBatch } from '../../db/remove-batch.ts';
import { storeError } from '../../db/store-error.ts';
import { forgetTextDocs, readTextDoc } from '../../db/text-doc.ts';
import { beginUnit, type Clock, type Unit, type UnitOptions } from '../../db/unit.ts';
import { contract, type MethodName } from '../../shared/contract/contract.ts';
import type { Method } from '../../shared/contract/define.ts';
import { type CallError, type CallResult, CoreError } from '../../shared/contract/errors.ts';
import type { CoreEvent } from '../../shared/contract/events.ts';
import type { CoreOptions } from './core.ts';
import type { ActionContext, CommandContext, QueryContext, Session, WriteOptions } from './handler.ts';
import { handlers } from './handlers.ts';
import { newId } from './ids.ts';
import type { SyncLoop } from './sync/sync-loop.ts';

export interface DispatchSetup {
	store: Store;
	session: Session;
	clock: Clock;
	emit(event: CoreEvent): void;
	options: CoreOptions;
}

export interface Dispatcher {
	call(method: string, input: unknown, progressId?: string): Promise<CallResult<unknown>>;
	registerFile(token: string, path: string): void;
	attachSync(sync: SyncLoop): void;
	actionContext(progressId?: string, signal?: AbortSignal): ActionContext;
	/** Runs one unit in one transaction while nothing else writes; used by the sync loop for what the server sends. */
	runUnit<T>(
		options: Omit<UnitOptions, 'store' | 'clock' | 'userId' | 'deviceShort'>,
		work: (unit: Unit) => T,
	): Promise<T>;
	/** Runs synchronous store work in a transaction of its own, between the units. */
	exclusively<T>(work: () => T): Promise<T>;
	/** Resolves when nothing is running. */
	idle(): Promise<void>;
}

type AnyHandler = (context: unknown, input: unknown) => Promise<unknown>;

/** The one door to the application: parses the input, opens the transaction, runs the handler, tells the windows. */
export function createDispatcher(setup: DispatchSetup): Dispatcher {
	const files = new Map<string, string>();
	const running = new Map<string, AbortController>();
	const queue = createQueue();
	let sync: SyncLoop | undefined;

	const runUnit: Dispatcher['runUnit'] = (options, work) =>
		queue(async () => transact(setup, options, async (unit) => work(unit)));

	const write: ActionContext['write'] = (options, work) =>
		queue(() => transact(setup, unitOptions(options), (unit) => work(commandContext(setup, unit)))).then((value) => {
			sync?.noteLocalWrite();
			return value;
		});

	const actionContext = (progressId?: string, signal = new AbortController().signal): ActionContext => ({
		read: (work) => queue(() => work(queryContext(setup))),
		write,
		pathOf: (token) => {
			const path = files.get(token);
			if (!path) throw new CoreError('file_gone', 'The file must be chosen again.');
			return path;
		},
		progress: (progress) => {
			if (progressId) setup.emit({ type: 'progress', callId: progressId, progress });
		},
		signal,
		now: setup.clock.now,
		breathe: () => new Promise((resolve) => setImmediate(resolve)),
	});

	async function runAction(method: MethodName, input: unknown, progressId?: string): Promise<unknown> {
		if (method === 'calls.cancel') return running.get((input as { progressId: string }).progressId)?.abort();
		if (method === 'sync.now') return sync?.syncNow();
		if (method === 'sync.pause') return sync?.pause((input as { paused: boolean }).paused);
		const id = progressId ?? (input as { progressId?: string }).progressId;
		const controller = new AbortController();
		if (id) running.set(id, controller);
		try {
			return await (handlers[method as keyof typeof handlers] as AnyHandler)(
				actionContext(id, controller.signal),
				input,
			);
		} finally {
			if (id) running.delete(id);
		}
	}

	async function run(name: MethodName, method: Method, input: unknown, progressId?: string): Promise<unknown> {
		if (method.kind === 'action') return runAction(name, input, progressId);
		if (name === 'sync.status') return sync?.status();
		const handler = handlers[name as keyof typeof handlers] as AnyHandler;
		if (method.kind === 'query') return queue(() => handler(queryContext(setup), input));
		return write({ label: method.label, origin: 'local' }, (context) => handler(context, input));
	}

	return {
		call: async (name, input, progressId) => {
			const method = Object.hasOwn(contract, name) ? (contract[name as MethodName] as Method) : undefined;
			if (!method) return failure({ code: 'unknown_method', message: `There is no method ${name}.` });
			const parsed = method.input.safeParse(input);
			if (!parsed.success) return failure(badInput(parsed.error.issues));
			try {
				return { ok: true, value: await run(name as MethodName, method, parsed.data, progressId) };
			} catch (error) {
				return failure(describe(error));
			}
		},
		registerFile: (token, path) => void files.set(token, path),
		attachSync: (loop) => {
			sync = loop;
		},
		actionContext,
		runUnit,
		exclusively: (work) => queue(async () => setup.store.raw.transaction(work)()),
		idle: () => queue(async () => {}),
	};
}

/** One thing at a time on the one connection: a unit never sees half of another. */
function createQueue() {
	let last: Promise<unknown> = Promise.resolve();
	return <T>(work: () => Promise<T>): Promise<T> => {
		const result = last.then(work);
		last = result.catch(() => {});
		return result;
	};
}

async function transact<T>(
	setup: DispatchSetup,
	options: Omit<UnitOptions, 'store' | 'clock' | 'userId' | 'deviceShort'>,
	work: (unit: Unit) => Promise<T>,
): Promise<T> {
	const { store, clock, session } = setup;
	const unit = beginUnit({ store, clock, userId: session.userId, deviceShort: session.deviceShort, ...options });
	store.statement('BEGIN IMMEDIATE').run();
	let value: T;
	try {
		value = await work(unit);
		updateFigures(unit);
		store.statement('COMMIT').run();
	} catch (error) {
		if (store.raw.inTransaction) store.statement('ROLLBACK').run();
		forgetTextDocs(store);
		throw storeError(error);
	}
	if (unit.touched.size > 0) setup.emit({ type: 'tables-changed', tables: [...unit.touched] });
	return value;
}

function unitOptions(options: WriteOptions) {
	return { label: options.label, origin: options.origin, batchId: options.batchId };
}

function commandContext(setup: DispatchSetup, unit: Unit): CommandContext {
	return {
		trx: setup.store.db as CommandContext['trx'],
		now: setup.clock.now(),
		session: setup.session,
		newId,
		apply: async (change) => applyChange(unit, change),
		applyCreates: async (entity, records) => applyCreates(unit, entity, records),
		removeBatch: async (batchId) => removeBatch(unit, batchId),
	};
}

function queryContext(setup: DispatchSetup): QueryContext {
	const { store, options } = setup;
	return {
		db: store.db,
		now: setup.clock.now(),
		session: setup.session,
		about: {
			version: options.appVersion,
			sample: options.sample,
			deviceName: options.deviceName,
			cipher: store.cipher,
			file: store.file,
		},
		readText: (rowId, field) => readTextDoc(store, rowId, field),
	};
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
