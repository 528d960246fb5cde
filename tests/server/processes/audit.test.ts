import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../server/store/open-store.ts';
import { RawDevice } from '../../support/raw-device.ts';
import { runServerProgram, type ServerProcess, startServerProcess, writeTokens } from '../../support/server-process.ts';
import { issueValues } from '../../support/sync-records.ts';

let folder: string;
let data: string;
let server: ServerProcess | undefined;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'fieldbook-audit-'));
	data = join(folder, 'data');
});
afterEach(async () => {
	if (server?.child.exitCode === null && server.child.signalCode === null) await server.kill();
	rmSync(folder, { recursive: true, force: true });
});

async function verify() {
	const { code, out } = await runServerProgram(['--verify-audit', '--data', data]);
	return { code, said: JSON.parse(out) as Record<string, unknown> };
}

test('one command reads the whole audit and names the first line that is not as it was written', async () => {
	server = await startServerProcess(['--data', data, '--token-file', writeTokens(folder, ['a-1'])]);
	const device = new RawDevice(server.url, 'token-of-sam', 'aaaaaaaa');
	await device.hello();
	for (const id of ['i-1', 'i-2', 'i-3'])
		await device.push([{ k: 'create', t: 'issue', id, hlc: device.hlc(), v: issueValues('a-1') }]);
	expect(await server.end()).toBe(0);

	const whole = await verify();
	expect(whole).toMatchObject({ code: 0, said: { audit: 'whole', noted: 1 } });
	expect(whole.said.lines).toBeGreaterThanOrEqual(4);

	// What a backup holds is the same chain.
	const file = join(folder, 'copy.jsonl.gz');
	expect((await runServerProgram(['--backup', file, '--data', data])).code).toBe(0);
	expect((await runServerProgram(['--restore', file, '--data', data])).code).toBe(0);
	expect((await verify()).said).toMatchObject({ audit: 'whole', lines: whole.said.lines, noted: 0 });

	const store = await openStore({ dir: data }, new Date());
	await sql`alter table field_history disable trigger field_history_append_only`.execute(store.db);
	const { rows } = await sql<{ line: number }>`
		update field_history set by_user = 'u-other' where row_id = 'i-2' returning line::int as line`.execute(store.db);
	await sql`alter table field_history enable trigger field_history_append_only`.execute(store.db);
	await store.close();
	expect(await verify()).toMatchObject({
		code: 1,
		said: { audit: 'broken', line: Math.min(...rows.map(({ line }) => line)), why: 'changed' },
	});
});
