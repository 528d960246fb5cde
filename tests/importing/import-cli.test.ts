import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tempFolder } from './support.ts';

const folder = tempFolder();
afterAll(folder.remove);
const cli = resolve(import.meta.dirname, '../../build/import-cli.ts');

function run(...args: string[]) {
	const { stdout, status } = spawnSync(process.execPath, ['--no-warnings', cli, ...args], { encoding: 'utf8' });
	return { status, document: JSON.parse(stdout) };
}

describe('npm run import', () => {
	it('prints the preview as one JSON document', () => {
		const { status, document } = run(
			'--preview',
			folder.path('cases.csv', 'Case;Filing date\nX-1;25/12/2015\nX-2;soon\n'),
		);
		expect(status).toBe(0);
		expect(document).toMatchObject({
			fileName: 'cases.csv',
			kind: 'csv',
			encoding: 'utf-8',
			delimiter: ';',
			headerRow: 1,
			mapping: [
				{ column: 1, header: 'Case', target: 'patent_asset.client_ref' },
				{ column: 2, header: 'Filing date', target: 'patent_asset.filing_date', dateStyle: 'dmy' },
			],
			rows: 2,
			ready: 1,
			rejected: 1,
			rejects: [{ row: 3, field: 'Filing date', value: 'soon' }],
		});
	});

	it('prints why a file cannot be read, and ends with 2', () => {
		expect(run('--preview', folder.path('none.csv', ''))).toMatchObject({
			status: 2,
			document: { error: { code: 'file_empty' } },
		});
		expect(run('--preview')).toMatchObject({ status: 2, document: { error: { code: 'bad_input' } } });
	});
});
