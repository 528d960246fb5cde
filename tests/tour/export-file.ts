import fs from 'node:fs';
import path from 'node:path';
import { rootDir } from '../../build/paths.mjs';

/** A real client's export where there is one, otherwise a made one of the same kind: mixed dates, semicolons, a mark in front. */
export function findExport(folder: string): { file: string; real: boolean } {
	const real = path.join(rootDir, '..', 'shared', 'data', 'nasa', 'NASA_Patents.csv');
	if (fs.existsSync(real)) return { file: real, real: true };
	const file = path.join(folder, 'Patents.csv');
	const lines = Array.from({ length: 1500 }, (_, index) => madeLine(index));
	fs.writeFileSync(
		file,
		`\uFEFFCenter;Status;Case Number;Application SN;Title;Patent Expiration Date\r\n${lines.join('\r\n')}\r\n`,
	);
	return { file, real: false };
}

function madeLine(index: number): string {
	const year = 2015 + (index % 14);
	const dates = [`10 March ${year}`, `06/${10 + (index % 18)}/${year}`, ''];
	const number = `${String(10 + (index % 3)).padStart(2, '0')}/${100 + (index % 900)},${String(index % 1000).padStart(3, '0')}`;
	return `Research centre ${index % 8};${index % 4 ? 'Issued' : 'Application'};RC-${10_000 + index}-1;${number};Method for measuring ${index};${dates[index % 3]}`;
}
