import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Core, type CoreOptions, createCore } from '../../electron/core/core.ts';
import type { InputOf, MethodName, OutputOf } from '../../shared/contract/contract.ts';
import type { CallError } from '../../shared/contract/errors.ts';

export const TEST_KEY = 'c0ffee00'.repeat(8);

export interface TestCore {
	core: Core;
	folder: string;
	file: string;
	/** Calls and expects success. */
	ok<N extends MethodName>(method: N, input: InputOf<N>): Promise<OutputOf<N>>;
	/** Calls and expects a refusal, which it returns. */
	refused<N extends MethodName>(method: N, input: unknown): Promise<CallError>;
	/** Closes the core and opens it again on the same store. */
	reopen(): Promise<void>;
	stop(): Promise<void>;
}

/** A real core on a real encrypted store in a folder of its own, in this process. */
export async function startCore(options: Partial<CoreOptions> = {}): Promise<TestCore> {
	const folder = mkdtempSync(join(tmpdir(), 'fieldbook-core-'));
	const file = options.file ?? join(folder, 'fieldbook.db');
	const all: CoreOptions = {
		file,
		keyHex: TEST_KEY,
		deviceName: 'test laptop',
		appVersion: '0.0.0-test',
		sample: false,
		userId: 'u-sam',
		autoSync: false,
		...options,
	};
	const test: TestCore = {
		core: await createCore(all),
		folder,
		file,
		ok: async (method, input) => {
			const result = await test.core.call(method, input);
			if (!result.ok) throw new Error(`${method}: ${JSON.stringify(result.error)}`);
			return result.value as never;
		},
		refused: async (method, input) => {
			const result = await test.core.call(method, input);
			if (result.ok) throw new Error(`${method} was not refused.`);
			return result.error;
		},
		reopen: async () => {
			await test.core.close();
			test.core = await createCore(all);
		},
		stop: async () => {
			await test.core.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
	return test;
}

/** Puts an account and a colleague into a store that has no server, the way a pull would. */
export async function addAccount(
	{ core }: TestCore,
	id = 'a-1',
	name = 'Halden Pharma AG (fictional)',
): Promise<string> {
	const now = '2026-11-23T08:00:00.000Z';
	core.store.raw
		.prepare(
			"INSERT OR IGNORE INTO app_user (id, created_at, updated_at, fv, name, role) VALUES ('u-sam', ?, ?, '', 'Ada Lind', 'SAM'), ('u-specialist', ?, ?, '', 'Ben Roth', 'SPECIALIST')",
		)
		.run(now, now, now, now);
	core.store.raw
		.prepare(
			"INSERT INTO account (id, created_at, updated_at, fv, account_no, name, city, time_zone) VALUES (?, ?, ?, '', ?, ?, 'Basel', 'Europe/Zurich')",
		)
		.run(id, now, now, `S-${id}`, name);
	return id;
}
