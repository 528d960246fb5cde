import type { CallError, CallResult } from '../../shared/contract/errors.ts';
import { errorLine } from './error-words.ts';
import { showToast } from './toasts.ts';

/** Says what went wrong when a small edit could not be saved. True when it was saved. */
export function report(result: CallResult<unknown>): boolean {
	if (!result.ok) showToast(errorLine(result.error), { tone: 'red' });
	return result.ok;
}

/** What is wrong in a form, by field name; '' for what belongs to no field. */
export type Problems = Readonly<Record<string, string>>;

/** What core refused about a record that was being made, each problem at its field of the form. */
export function problemsOf(error: CallError, fields: Readonly<Record<string, { label: string }>>): Problems {
	const named = error.details?.problems ?? [];
	if (named.length === 0) return { '': errorLine(error) };
	return Object.fromEntries(
		named.map(({ field, message }) => [field in fields ? field : '', `${fields[field]?.label ?? field} ${message}.`]),
	);
}
