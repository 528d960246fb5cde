const marks: Record<string, number> = {};

/** Notes when a step of the start was reached: milliseconds since 1970, the first time only. */
export function markTime(step: string): void {
	marks[step] ??= Math.round((performance.timeOrigin + performance.now()) * 10) / 10;
}

/** Prints the steps as milliseconds since the process was created, for the start benchmark. */
export function printTiming(): void {
	const created = process.getCreationTime() ?? performance.timeOrigin;
	const since = Object.entries(marks).map(([step, at]) => [step, Math.round((at - created) * 10) / 10]);
	process.stdout.write(`TIMING ${JSON.stringify({ createdAt: created, ...Object.fromEntries(since) })}\n`);
}
