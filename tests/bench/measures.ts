/** The value below which `share` (0 to 1) of the sorted values lie; nearest rank. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
	return percentile(values, 0.5);
}

export function round(value: number, digits = 2): number {
	return Number(value.toFixed(digits));
}

/** One line of a benchmark: machine-readable, and whether the target was reached. */
export interface BenchLine {
	name: string;
	value: number;
	unit: string;
	floor: number;
	ratio: number;
	runs: number;
	met: boolean;
	target: string;
	[more: string]: unknown;
}

export function printLine(line: BenchLine): void {
	process.stdout.write(`${JSON.stringify(line)}\n`);
}
