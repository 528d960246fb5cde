import type { ASK } from './channels.ts';

export type Asked = keyof typeof ASK;

/** What comes with each question, in its order. */
export interface AskValues {
	call: [method: string, input: unknown];
	startState: [];
	vault: [ask: Record<string, unknown>];
	left: [unsaved: boolean];
	signIn: [step: 'begin' | 'cancel'];
	chooseFile: [purpose: 'import' | 'rejects' | 'copy' | 'export', suggestedName: string | undefined];
	chooseFiles: [];
	dropFile: [file: string];
	settings: [];
	saveSettings: [patch: Record<string, unknown>];
	tellLink: [link: { metered: boolean }];
	painted: [];
}

type Fits<T> = (value: unknown) => value is T;
type Checks<V extends unknown[]> = { [I in keyof V]: Fits<V[I]> };

const isAny = (_value: unknown): _value is unknown => true;
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isRecord = (value: unknown): value is Record<string, unknown> => {
	if (typeof value !== 'object' || value === null) return false;
	// A page's own objects arrive as plain ones; lists, dates and bytes are no answer to any question here.
	return Object.getPrototypeOf(value) === Object.prototype;
};
const isText =
	(longest: number) =>
	(value: unknown): value is string =>
		typeof value === 'string' && value.length <= longest;
const isOneOf =
	<T extends string>(...known: T[]) =>
	(value: unknown): value is T =>
		known.some((each) => each === value);
const isMissingOr =
	<T>(fits: Fits<T>) =>
	(value: unknown): value is T | undefined =>
		value === undefined || fits(value);
const isLink = (value: unknown): value is { metered: boolean } => isRecord(value) && isBoolean(value.metered);

const CHECKS: { [A in Asked]: Checks<AskValues[A]> } = {
	call: [isText(64), isAny],
	startState: [],
	vault: [isRecord],
	left: [isBoolean],
	signIn: [isOneOf('begin', 'cancel')],
	chooseFile: [isOneOf('import', 'rejects', 'copy', 'export'), isMissingOr(isText(1000))],
	chooseFiles: [],
	dropFile: [isText(32_767)],
	settings: [],
	saveSettings: [isRecord],
	tellLink: [isLink],
	painted: [],
};

/** True when what a page sent is what the question takes: no value of another kind, and none too many. */
export function fitsAsk<A extends Asked>(asked: A, values: unknown[]): values is AskValues[A] {
	const checks: readonly Fits<unknown>[] = CHECKS[asked];
	return values.length <= checks.length && checks.every((fits, index) => fits(values[index]));
}
