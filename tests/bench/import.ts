import { timeImport, timeReader } from './import-core.ts';
import { importFile } from './import-files.ts';
import { measurePageDuringImport } from './import-page.ts';
import { median, printLine, round } from './measures.ts';

const files = [
	{ kind: 'xlsx', size: { rows: 40_000, columns: 40 } },
	{ kind: 'csv', size: { rows: 200_000, columns: 60 } },
] as const;

/** Whole imports through the core against the reader alone, in turns; then one of each in the real app. */
export async function benchImport(runs: number): Promise<void> {
	for (const { kind, size } of files) {
		const file = await importFile(kind, size);
		const times = { reader: [] as number[], whole: [] as number[] };
		for (let run = -1; run < runs; run++) {
			const reader = await timeReader(file);
			const whole = await timeImport(file);
			if (run < 0) continue;
			times.reader.push(reader);
			times.whole.push(whole);
		}
		const page = await measurePageDuringImport(file);
		const ratio = median(times.whole) / median(times.reader);
		printLine({
			name: `import-${kind}`,
			value: round(file.rows / (median(times.whole) / 1000), 0),
			unit: 'rows/s',
			floor: round(file.rows / (median(times.reader) / 1000), 0),
			ratio: round(ratio),
			runs,
			met: ratio <= 2 && page.longTasks === 0,
			target: '<= 2 x the reader alone, no renderer task over 50 ms',
			ms: round(median(times.whole), 0),
			readerMs: round(median(times.reader), 0),
			rows: file.rows,
			columns: file.columns,
			...page,
		});
	}
}
