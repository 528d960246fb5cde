import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPace, type Pace } from '../../electron/core/imports/pace.ts';
import { previewFile } from '../../electron/core/imports/preview.ts';
import type { ImportPreview, ImportSettings } from '../../shared/contract/models.ts';

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Folder of real exports that are not part of the project; undefined where it is not there. */
export const dataFolder = [process.env.FIELDBOOK_DATA, join(checkout, '../shared/data')].find(
	(path) => path !== undefined && existsSync(path),
);

export const freePace: Pace = createPace({
	signal: new AbortController().signal,
	breathe: () => new Promise((done) => setImmediate(done)),
});

/** A folder for one test file's files. */
export function tempFolder(): { path(name: string, content: string | Uint8Array): string; remove(): void } {
	const folder = mkdtempSync(join(tmpdir(), 'fieldbook-import-'));
	return {
		path: (name, content) => {
			const file = join(folder, name);
			writeFileSync(file, content);
			return file;
		},
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

/** The preview of a file, without an account. */
export async function preview(path: string, wanted: Partial<ImportSettings> = {}): Promise<ImportPreview> {
	const result = await previewFile({
		path,
		wanted,
		today: '2026-11-24',
		pace: freePace,
		progress: () => {},
		recall: async () => null,
		isKnown: () => false,
	});
	return result.preview;
}

/** Header → target of the columns that are taken. */
export function mappingOf({ columns }: ImportPreview): Record<string, string> {
	return Object.fromEntries(columns.flatMap(({ header, target }) => (target === null ? [] : [[header, target]])));
}
