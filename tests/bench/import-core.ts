import { createPace } from '../../electron/core/imports/pace.ts';
import { openCsv, openXlsx } from '../../electron/core/imports/read-rows.ts';
import { addAccount, startCore, type TestCore } from '../support/core.ts';
import type { ImportFile } from './import-files.ts';

/** Every row read and thrown away, giving the thread back as often as an import does. */
export async function timeReader(file: ImportFile): Promise<number> {
	const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
	const pace = createPace({ signal: new AbortController().signal, breathe });
	const started = performance.now();
	const table =
		file.kind === 'csv' ? openCsv(file.path, Number.MAX_SAFE_INTEGER, pace) : await openXlsx(file.path, pace);
	let rows = 0;
	const choice = { encoding: 'utf-8', delimiter: file.kind === 'csv' ? ',' : null, sheet: null };
	for await (const batch of table.rows(choice)) rows += batch.rows.length;
	if (rows !== file.rows + 1) throw new Error(`The reader found ${rows} rows instead of ${file.rows + 1}.`);
	return performance.now() - started;
}

/** From the confirmed preview to the last commit, on a new store. */
export async function timeImport(file: ImportFile): Promise<number> {
	const test = await startCore();
	try {
		return await importOnce(test, file);
	} finally {
		await test.stop();
	}
}

async function importOnce(test: TestCore, file: ImportFile): Promise<number> {
	const account_id = await addAccount(test);
	test.core.registerFile('bench', file.path);
	const { settings, blocked } = await test.ok('imports.preview', { file: 'bench', account_id });
	if (blocked) throw new Error(blocked);
	const started = performance.now();
	const result = await test.ok('imports.commit', { file: 'bench', account_id, settings: settings as never });
	const ms = performance.now() - started;
	if (result.assets !== file.rows)
		throw new Error(`${result.assets} cases of ${file.rows}, ${result.rejected} rejected.`);
	return ms;
}
