import { applyChange, applyCreates } from '../../db/apply-change.ts';
import { eraseBatch } from '../../db/erase-batch.ts';
import { updateFigures } from '../../db/figures.ts';
import type { Store } from '../../db/open-store.ts';
import { storeError } from '../../db/store-error.ts';
import { forgetTextDocs, readTextDoc } from '../../db/text-doc.ts';
import { beginUnit, type Clock, type Unit, type UnitOptions } from '../../db/unit.ts';
import type { CoreEvent } from '../../shared/contract/events.ts';
import type { CoreOptions } from './core.ts';
import type { CommandContext, QueryContext, Session } from './handler.ts';
import { newId } from './ids.ts';
import { sendingSequence } from './sync/sending/outbox-order.ts';

/** What every part of the core shares: the open store, who is at the laptop, the clock and the way to tell the windows. */
export interface CoreSetup {
	store: Store;
	session: Session;
	clock: Clock;
	emit(event: CoreEvent): void;
	options: CoreOptions;
}

/** What a unit is told beside what the core already knows. */
export type NewUnit = Pick<UnitOptions, 'label' | 'origin' | 'batchId'>;

export interface Queue {
	<T>(work: () => Promise<T>): Promise<T>;
	/** True while something waits for what is running now. */
	isAwaited(): boolean;
}

/** One thing at a time on the one connection: a unit never sees half of another. */
export function createQueue(): Queue {
	let last: Promise<unknown> = Promise.resolve();
	let waiting = 0;
	const queue = <T>(work: () => Promise<T>): Promise<T> => {
		waiting += 1;
		const result = last.then(() => {
			waiting -= 1;
			return work();
		});
		last = result.catch(() => {});
		return result;
	};
	return Object.assign(queue, { isAwaited: () => waiting > 0 });
}

/**
 * Runs one unit in one transaction and, once it is on disk, tells the windows which tables changed.
 * Throws what the work threw, or the store's own error as CoreError; nothing of the unit remains then.
 */
export async function transact<T>(setup: CoreSetup, options: NewUnit, work: (unit: Unit) => Promise<T>): Promise<T> {
	const { store, clock, session } = setup;
	const unit = beginUnit({ store, clock, userId: session.userId, deviceShort: session.deviceShort, ...options });
	let value: T;
	try {
		store.statement('BEGIN IMMEDIATE').run();
		value = await work(unit);
		updateFigures(unit);
		if (options.origin === 'local') setup.options.crashPoint?.('edit:before');
		store.statement('COMMIT').run();
	} catch (error) {
		if (store.raw.inTransaction) store.statement('ROLLBACK').run();
		forgetTextDocs(store);
		throw storeError(error);
	}
	if (options.origin === 'local') setup.options.crashPoint?.('edit:after');
	if (unit.touched.size > 0) setup.emit({ type: 'tables-changed', tables: [...unit.touched] });
	return value;
}

/** What a command may do inside the unit's transaction. */
export function commandContext(setup: CoreSetup, unit: Unit): CommandContext {
	return {
		trx: setup.store.db as CommandContext['trx'],
		now: setup.clock.now(),
		session: setup.session,
		newId,
		apply: async (change) => applyChange(unit, change),
		touch: (table) => void unit.touched.add(table),
		applyCreates: async (entity, records) => applyCreates(unit, entity, records),
		eraseBatch: async (batchId) => eraseBatch(unit, batchId),
		unit,
	};
}

/** What a query may ask. */
export function queryContext(setup: CoreSetup): QueryContext {
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
		readQueue: () => sendingSequence(store),
	};
}
