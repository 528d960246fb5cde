import { writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { createPace } from '../electron/core/imports/pace.ts';
import { previewFile } from '../electron/core/imports/preview.ts';
import { CoreError } from '../shared/contract/errors.ts';
import type { ImportPreview } from '../shared/contract/models.ts';

/** `npm run import -- --preview FILE`: what an import of the file would do, as one JSON document. Writes nothing. */
async function main(args: string[]): Promise<number> {
	const file = args[args.indexOf('--preview') + 1];
	if (!args.includes('--preview') || !file || file.startsWith('--')) {
		return fail('bad_input', 'Say which file: npm run import -- --preview FILE');
	}
	try {
		const { preview } = await previewFile({
			// npm runs scripts in the package's folder; the file was named from where the person stood.
			path: resolve(process.env.INIT_CWD ?? process.cwd(), file),
			wanted: {},
			today: new Date().toISOString().slice(0, 10),
			pace: createPace({
				signal: new AbortController().signal,
				breathe: () => new Promise((done) => setImmediate(done)),
			}),
			progress: () => {},
			recall: async () => null,
			isKnown: () => false,
			listed: 100_000,
		});
		print(describe(preview));
		return 0;
	} catch (error) {
		if (error instanceof CoreError) return fail(error.code, error.message);
		return fail('internal', error instanceof Error ? error.message : String(error));
	}
}

function describe(preview: ImportPreview) {
	const { settings } = preview;
	return {
		fileName: preview.fileName,
		kind: preview.kind,
		encoding: preview.kind === 'csv' ? settings.encoding : null,
		delimiter: settings.delimiter,
		sheet: settings.sheet,
		headerRow: settings.headerRow,
		mapping: preview.columns.map(({ index, header, target, confidence, dateStyle, dateStylesSeen }) => ({
			column: index + 1,
			header,
			target,
			confidence,
			...(dateStyle ? { dateStyle, dateStylesSeen } : {}),
		})),
		rows: preview.rows,
		ready: preview.ready,
		rejected: preview.rejected,
		rejects: preview.rejects,
		warnings: preview.warnings,
		blocked: preview.blocked,
	};
}

function fail(code: string, message: string): number {
	print({ error: { code, message } });
	return 2;
}

/** Written at once: a pipe would lose what is still waiting when the process ends. */
function print(document: unknown): void {
	const bytes = Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
	let at = 0;
	while (at < bytes.length) {
		try {
			at += writeSync(1, bytes, at);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
		}
	}
}

process.exitCode = await main(process.argv.slice(2));
