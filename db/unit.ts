import { randomInt } from 'node:crypto';
import type { ReadTable } from '../shared/contract/define.ts';
import { formatVersion, nextVersion, parseVersion, type Version } from '../shared/sync/version.ts';
import type { Store } from './open-store.ts';

/** This laptop's place in the order of edits: the newest version seen. Held by core, advanced by each unit. */
export interface Clock {
	last: Version | undefined;
	now(): Date;
	/** False until this process has given out its first version. */
	isRunning?: boolean;
}

export interface UnitOptions {
	store: Store;
	clock: Clock;
	userId: string;
	deviceShort: string;
	label: string;
	origin: 'local' | 'import' | 'remote';
	/** Transactions that count and undo as one, such as an import's. */
	batchId?: string | undefined;
}

/** One transaction's worth of writing: what was touched, which group it is, the versions it gives out. */
export interface Unit extends UnitOptions {
	at: string;
	groupNo: number | undefined;
	opNo: number;
	/** Of the operations in the group so far. */
	groupBytes: number;
	/** Plain-text document typing counts as one unsent change per document. */
	textRow: string | undefined;
	touched: Set<ReadTable>;
	/** Accounts whose figures must be counted again. */
	staleFigures: Set<string>;
	assetDelta: Map<string, number>;
}

/** Starts a unit. The caller has opened the transaction. */
export function beginUnit(options: UnitOptions): Unit {
	return {
		...options,
		at: options.clock.now().toISOString(),
		groupNo: undefined,
		opNo: 0,
		groupBytes: 0,
		textRow: undefined,
		touched: new Set(),
		staleFigures: new Set(),
		assetDelta: new Map(),
	};
}

/** The next version on this device. */
export function takeVersion(unit: Unit): Version {
	const { clock } = unit;
	// A copied profile counts on from the same version; while its clock is behind, both would give out the same ones.
	if (!clock.isRunning) clock.last = skipSome(clock.last);
	clock.isRunning = true;
	const version = nextVersion(clock.last, clock.now().getTime(), unit.deviceShort);
	clock.last = version;
	return version;
}

function skipSome(last: Version | undefined): Version | undefined {
	const parts = last === undefined ? undefined : parseVersion(last);
	return parts && formatVersion({ ...parts, counter: parts.counter + randomInt(65_536) });
}
