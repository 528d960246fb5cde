import { codeOf } from './store/transaction.ts';

/**
 * An error as a line of JSON for the log: what kind, where in the program, which table or constraint. Not its message
 * nor its details, in which a database quotes the values of records.
 */
export function errorLine(error: unknown, at: Date): string {
	const { name, stack, table, constraint, routine } = (error instanceof Error ? error : {}) as Error & {
		table?: string;
		constraint?: string;
		routine?: string;
	};
	const frames = (stack ?? '')
		.split('\n')
		.filter((line) => /^\s+at /.test(line))
		.map((line) => line.trim().replace(/^at /, ''));
	return JSON.stringify({
		at: at.toISOString(),
		error: name ?? typeof error,
		code: codeOf(error) || undefined,
		table,
		constraint,
		routine,
		frames: frames.slice(0, 8),
	});
}
