import type { MergePolicy } from '../entities/define.ts';
import { type FieldVersions, type Version, versionOf } from './version.ts';

/** One field's edit as it reaches a record: the new value, the version the editor had seen, the edit's own version. */
export interface FieldEdit {
	field: string;
	value: unknown;
	base: Version | null;
	version: Version;
	policy: MergePolicy;
}

/**
 * What becomes of an edit:
 * `apply` the editor had seen the standing value; `same` both wrote the same; `conflict` a person must decide and the
 * standing value stays; `later`/`earlier` a low-stakes clash settled by the higher version.
 */
export type Outcome = 'apply' | 'same' | 'conflict' | 'later' | 'earlier';

/** Decides one field's edit against the standing value. Pure; clocks only settle fields whose policy is `latest`. */
export function mergeField(edit: FieldEdit, standing: unknown, versions: FieldVersions): Outcome {
	const current = versionOf(versions, edit.field);
	if (current === undefined || current === edit.base) return 'apply';
	if (isSameValue(edit.value, standing)) return 'same';
	if (edit.policy === 'ask') return 'conflict';
	return edit.version > current ? 'later' : 'earlier';
}

/** True when an outcome makes the edit's value the standing one. */
export function isApplied(outcome: Outcome): boolean {
	return outcome === 'apply' || outcome === 'later';
}

/** Deep equality of JSON values; object keys in any order. */
export function isSameValue(a: unknown, b: unknown): boolean {
	if (a === b) return true;
	if (a == null || b == null) return a == null && b == null;
	if (typeof a !== 'object' || typeof b !== 'object') return false;
	const keysA = Object.keys(a);
	const keysB = Object.keys(b);
	if (Array.isArray(a) !== Array.isArray(b) || keysA.length !== keysB.length) return false;
	return keysA.every(
		(key) =>
			Object.hasOwn(b, key) && isSameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
	);
}

/** The newest version among a record's fields: what a delete must have seen to win. */
export function newestVersion(versions: FieldVersions): Version | undefined {
	return Object.values(versions).reduce<Version | undefined>(
		(newest, version) => (newest === undefined || version > newest ? version : newest),
		undefined,
	);
}
