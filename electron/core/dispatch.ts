import { whileBulk } from '../../db/open-store.ts';
import { storeError } from '../../db/store-error.ts';
import type { Unit } from '../../db/unit.ts';
import { contract, type MethodName, type ParsedOf } from '../../shared/contract/contract.ts';
import type { Method } from '../../shared/contract/define.ts';
import { type CallError, type CallResult, CoreError } from '../../shared/contract/errors.ts';
import type { BackupDesk } from './backups/backup-desk.ts';
import type { Replace } from './backups/restore-backup.ts';
import type { FileDesk } from './files/file-desk.ts';
import type { ActionContext, CommandContext, WriteOptions } from './handler.ts';
import { handlers } from './handlers.ts';
import { DAMAGED, LEAVING } from './stopped.ts';
import type { SessionDesk } from './sync/session/session.ts';
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
	#session: SessionDesk | undefined;
	#desk: FileDesk | undefined;
	#backups: { desk: BackupDesk; replace: Replace } | undefined;
	#stopped: CallError | undefined;
	#calls = 0;
	/** Long units under way or waiting. */
	#long = 0;

	constructor(setup: CoreSetup) {
		this.#setup = setup;
	}

	/** Answers a call from a window. Never throws: failures are values. */
	async call(name: string, input: unknown, callId?: string): Promise<CallResult<unknown>> {
		const method = Object.hasOwn(contract, name) ? (contract[name as MethodName] as Method) : undefined;
		if (!method) return failure({ code: 'unknown_method', message: `There is no method ${name}.` });
		if (this.#session?.lease.isOver() && !OPEN_AFTER_LEASE.has(name)) return failure(LEASE_OVER);
		this.#calls += 1;
		const parsed = method.input.safeParse(input);
		if (!parsed.success) return failure(badInput(parsed.error.issues));
		try {
			return { ok: true, value: await this.#run({ name: name as MethodName, method, input: parsed.data, callId }) };
		} catch (error) {
			this.#heed(error);
			return failure(describe(error));
		}
	}

	/** Main has shown a dialog: from now on the token stands for the path. */
	registerFile(token: string, path: string): void {
		this.#files.set(token, path);
	}

	attachFiles(desk: FileDesk): void {
		this.#desk = desk;
	}

	attachBackups(desk: BackupDesk, replace: Replace): void {
		this.#backups = { desk, replace };
	}

	attachSession(session: SessionDesk): void {
		this.#session = session;
	}

	attachSync(sync: SyncLoop): void {
		this.#sync = sync;
	}

	/** From here on nothing is written: the store is damaged, or what is in it has been handed in. What can be read can still be read. */
	stopWriting(why: CallError = DAMAGED): void {
		this.#stopped ??= why;
	}

	/** The office has not heard that everything was handed in: writing goes on, and is handed in too. */
	goOnWriting(): void {
		if (this.#stopped === LEAVING) this.#stopped = undefined;
	}

	/** Runs work while nothing else uses the store, outside of a transaction. */
	alone<T>(work: () => T): Promise<T> {
		return this.#queue(async () => work());
	}

	/** Runs one unit of the sync loop in one transaction while nothing else writes. */
	runUnit<T>(options: NewUnit, work: (unit: Unit) => T): Promise<T> {
		return this.#writing(() => transact(this.#setup, options, async (unit) => work(unit)));
	}

	/**
	 * Runs a unit that may take long. `pause` gives the thread back for a moment and says whether somebody waits; the unit
	 * should then come to its end. Nothing else is written or read meanwhile, so nobody sees half of it.
	 */
	async runLong<T>(options: NewUnit, work: (unit: Unit, pause: () => Promise<boolean>) => Promise<T>): Promise<T> {
		const pause = async () => {
			await new Promise((resolve) => setImmediate(resolve));
			return this.#queue.isAwaited();
		};
		this.#long += 1;
		try {
			return await this.#writing(() => transact(this.#setup, options, (unit) => work(unit, pause)));
		} finally {
			this.#long -= 1;
		}
	}

	/** Calls answered so far: by it long work notices that somebody is at the laptop. */
	get calls(): number {
		return this.#calls;
	}

	/** Runs synchronous store work in a transaction of its own, between the units. */
	exclusively<T>(work: () => T): Promise<T> {
		return this.#writing(async () => this.#setup.store.raw.transaction(work)());
	}

	/** Damage that shows while the store is used stops all further writing. */
	async #writing<T>(work: () => Promise<T>): Promise<T> {
		if (this.#stopped) throw new CoreError(this.#stopped.code, this.#stopped.message);
		try {
			return await this.#queue(work);
		} catch (error) {
			this.#heed(error);
			throw error;
		}
	}

	/** The key has opened the store, so a page that it does not open is a damaged one. */
	#heed(error: unknown): void {
		const known = storeError(error);
		if (known instanceof CoreError && (known.code === 'store_damaged' || known.code === 'wrong_key'))
			this.#backups?.desk.noteDamage();
	}

	/** True while an action (an import, say) or another long unit is under way. */
	isBusy(): boolean {
		return this.#running.size + this.#long > 0;
	}

	/** Resolves when nothing is running; actions under way are cancelled. */
	async idle(): Promise<void> {
		for (const controller of this.#running.values()) controller.abort();
		await this.#queue(async () => {});
	}

	actionContext(callId?: string, signal: ActionContext['signal'] = new AbortController().signal): ActionContext {
		const files = this.#desk;
		if (!files) throw new Error('The files are not attached yet.');
		return {
			files,
			backups: this.#backups,
			store: this.#setup.store,
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
		if (name === 'session.status') return this.#session?.status();
		if (name === 'backups.list') return this.#backups?.desk.list() ?? NO_BACKUPS;
		const handler = handlerOf(name);
		if (method.kind === 'query') return this.#queue(() => handler(queryContext(this.#setup), input));
		if (countOf(input) > MANY) await this.#backups?.desk.before('change');
		return this.#write({ label: method.label, origin: 'local' }, (context) => handler(context, input));
	}

	async #runAction({ name, input, callId }: Request): Promise<unknown> {
		if (name === 'calls.cancel') return this.#running.get((input as { progressId: string }).progressId)?.abort();
		if (name === 'session.place') return this.#session?.place();
		if (name === 'session.signOut') return this.#session?.signOut();
		if (isLoopMethod(name)) return this.#runLoop(name, input as never);
		const id = callId ?? (input as { progressId?: string }).progressId ?? crypto.randomUUID();
		const controller = new AbortController();
		this.#running.set(id, controller);
		try {
			return await handlerOf(name)(this.actionContext(id, controller.signal), input);
		} finally {
			this.#running.delete(id);
		}
	}

	/** The methods that the sync loop answers itself. */
	async #runLoop<N extends LoopMethod>(name: N, input: ParsedOf<N>): Promise<unknown> {
		const asked = { name, input } as { [M in LoopMethod]: { name: M; input: ParsedOf<M> } }[LoopMethod];
		switch (asked.name) {
			case 'sync.now':
				return this.#sync?.syncNow(asked.input.what);
			case 'sync.pause':
				return this.#sync?.pause(asked.input.paused);
			case 'sync.metered':
				return this.#sync?.chooseMetered(asked.input.choice);
			case 'sync.brake':
				if (asked.input.choice === 'apply') await this.#backups?.desk.before('change');
				return this.#sync?.answerBrake(asked.input.choice);
			case 'outbox.sendAlone':
				return this.#sync?.sendAlone(asked.input.group);
		}
	}

	async #write<T>(options: WriteOptions, work: (context: CommandContext) => Promise<T>): Promise<T> {
		const unit = { label: options.label, origin: options.origin, batchId: options.batchId };
		const value = await this.#writing(() =>
			transact(this.#setup, unit, (open) => work(commandContext(this.#setup, open))),
		);
		this.#sync?.noteLocalWrite();
		return value;
	}
}

/** A command that names more records than this changes much at once. */
const MANY = 100;

function countOf(input: unknown): number {
	const lists = Object.values((input ?? {}) as object).filter(Array.isArray);
	return Math.max(0, ...lists.map(({ length }) => length));
}

/** A store that lies nowhere (the simulation's) has none. */
const NO_BACKUPS = { backups: [], folder: '', busy: false, problem: null, checkedAt: null, damaged: false };

/** A laptop too long without a contact tells how it stands, makes contact, and nothing else. */
const OPEN_AFTER_LEASE = new Set([
	'session.status',
	'session.place',
	'session.signOut',
	'sync.status',
	'sync.now',
	'sync.pause',
]);
const LEASE_OVER: CallError = { code: 'lease_over', message: 'The workbook opens again after the next contact.' };

const loopMethods = ['sync.now', 'sync.pause', 'sync.metered', 'sync.brake', 'outbox.sendAlone'] as const;
type LoopMethod = (typeof loopMethods)[number];

function isLoopMethod(name: MethodName): name is LoopMethod {
	return loopMethods.some((method) => method === name);
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
