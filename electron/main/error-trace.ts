const LONGEST = 12;
/** A place in our own code or in Node's; nothing that a message could look like by chance. */
const FRAME = /^ {4}at (?:[\w.<>$#[\] ]+ \()?(?:file:\/\/|node:|app:\/\/|\/|[A-Z]:\\)[^()]*:\d+:\d+\)?$/;

/**
 * What may be written down of an error that nobody expected: its kind, its code and where it happened. Its message stays
 * out: it may quote what a person typed, or the name of a client's file.
 */
export function traceOf(error: unknown): string {
	if (!(error instanceof Error)) return `a thrown ${typeof error}`;
	const code = 'code' in error && /^[A-Z][A-Z0-9_]{1,40}$/.test(String(error.code)) ? ` ${String(error.code)}` : '';
	const frames = (error.stack ?? '').split('\n').filter((line) => FRAME.test(line));
	return [`${plainName(error)}${code}`, ...frames.slice(0, LONGEST)].join('\n');
}

function plainName({ name }: Error): string {
	return /^\w{1,40}$/.test(name) ? name : 'Error';
}
