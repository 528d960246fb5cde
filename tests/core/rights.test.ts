import { afterEach, beforeEach, expect, it } from 'vitest';
import { addAccount, startCore, type TestCore } from '../support/core.ts';

let test: TestCore;
beforeEach(async () => {
	test = await startCore();
	await addAccount(test);
});
afterEach(() => test.stop());

const me = () => test.core.store.raw.prepare('SELECT id FROM app_user LIMIT 1').pluck().get() as string;
const set = (sql: string, ...values: unknown[]) => test.core.store.raw.prepare(sql).run(...values);
const rights = () => test.ok('accounts.rights', { id: 'a-1' });

it('a manager only reads an account that is somebody else’s, and gives back none of its earlier values', async () => {
	await test.ok('accounts.update', { id: 'a-1', patch: { priorities: 'One' } });
	await test.ok('accounts.update', { id: 'a-1', patch: { next_visit_due: '2026-12-01' } });
	await test.ok('accounts.update', { id: 'a-1', patch: { priorities: 'Two' } });
	const restorable = async () =>
		(await test.ok('history.list', { entity: 'account', id: 'a-1' })).some((line) => line.restorable.before);
	expect((await rights()).onlyRead).toEqual([]);
	expect(await restorable()).toBe(true);
	set("UPDATE app_user SET role = 'MANAGER'");
	const { onlyRead } = await rights();
	expect(onlyRead).toContain('visit');
	expect(onlyRead).not.toContain('issue');
	expect(await restorable()).toBe(false);
	set('UPDATE account SET sam_user = ?', me());
	expect((await rights()).onlyRead).toEqual([]);
});
