import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { migrate } from '../../server/store/migrate.ts';
import { findRoleProblem, openBare, openStore, openToServe, type Store } from '../../server/store/open-store.ts';
import { inReach, type Reach } from '../../server/store/reach.ts';
import type { Trx } from '../../server/store/transaction.ts';
import { createDatabase, runStatement } from '../support/postgres.ts';
import { RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { issueValues } from '../support/sync-records.ts';

const PROTECTED = [
	'record',
	'field_history',
	'text_update',
	'device',
	'push_group',
	'quarantine',
	'assignment',
	'record_move',
	'held_op',
	'blob_account',
	'blob_upload',
];
const PEOPLE = { 'u-sam': 'a-1', 'u-specialist': 'a-2' } as const;
type Person = keyof typeof PEOPLE;

let server: TestServer;
const devices = new Map<Person, RawDevice>();

beforeEach(async () => {
	server = await startTestServer({
		accounts: { 'u-sam': ['a-1'], 'u-specialist': ['a-2'], 'u-manager': [] },
		records: ['a-1', 'a-2'].flatMap((id) => [
			{ t: 'account' as const, id, v: { account_no: id, name: id } },
			{ t: 'issue' as const, id: `i-${id}`, v: issueValues(id) },
			{ t: 'note' as const, id: `n-${id}`, v: { account_id: id, at: '2026-11-20T09:00:00.000Z', title: 'Call' } },
		]),
	});
	for (const person of Object.keys(PEOPLE) as Person[]) {
		const device = new RawDevice(server.url, `dev-${person.slice(2)}`, `${person.slice(2, 5)}00000`);
		device.schema = 2;
		await device.hello();
		await device.push([
			{ k: 'text', t: 'note', id: `n-${PEOPLE[person]}`, hlc: device.hlc(), field: 'body', u: 'AQID' },
			{ k: 'set', t: 'nothing', id: 'x', hlc: device.hlc(), f: {} },
		]);
		devices.set(person, device);
	}
	await sql`insert into blob (sha256, size, created_at) values ('f', 1, '')`.execute(server.store.db);
	await sql`insert into blob_account (sha256, account_id) values ('f', 'a-1'), ('f', 'a-2')`.execute(server.store.db);
	await sql`insert into blob_upload (id, user_id, account_id, sha256, size, created_at, touched_at)
		values ('1', 'u-sam', 'a-1', 'f', 1, '', '9'), ('2', 'u-specialist', 'a-2', 'f', 1, '', '9')`.execute(
		server.store.db,
	);
	await sql`insert into record_move (seq, ord, entity, id, from_account, to_account, at) values
		(1, 0, 'issue', 'x', 'a-1', 'a-1', ''), (1, 1, 'issue', 'y', 'a-2', 'a-2', '')`.execute(server.store.db);
	await sql`insert into held_op (device, group_no, op_no, entity, row_id, user_id, reason, payload, origin, device_at, server_at)
		values ('d', 1, 0, 'issue', 'x', 'u-sam', 'no_record', '{}', 'person', '', '')`.execute(server.store.db);
});
afterEach(() => server.stop());

const as = <T>(reach: Reach, work: (trx: Trx) => Promise<T>) => inReach(server.store.db, reach, work);

async function count(trx: Pick<Trx, 'getExecutor'>, table: string): Promise<number> {
	const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(trx);
	return rows[0]?.n ?? -1;
}

/** Under the server's role, but without a word for whom. */
function forNobody<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
	return server.store.db.transaction().execute(async (trx) => {
		await sql`select set_config('role', 'fieldbook_app', true)`.execute(trx);
		return work(trx);
	});
}

async function refusal(work: Promise<unknown>): Promise<string> {
	try {
		await work;
		return 'done';
	} catch (error) {
		return (error as { code?: string }).code ?? String(error);
	}
}

const FORBIDDEN = '42501';

test('every table with a person’s content is protected, also against its owner', async () => {
	const { rows } = await sql<{ name: string }>`select relname as name from pg_class
		where relnamespace = current_schema()::regnamespace and relkind = 'r' and relrowsecurity and relforcerowsecurity`.execute(
		server.store.db,
	);
	expect(rows.map((row) => row.name).sort()).toEqual([...PROTECTED].sort());
});

test('a transaction that does not say for whom it works sees no row', async () => {
	for (const table of PROTECTED) {
		expect([table, await server.store.db.transaction().execute((trx) => count(trx, table))]).not.toEqual([table, 0]);
		expect([table, await forNobody((trx) => count(trx, table))]).toEqual([table, 0]);
	}
	// What was said ends with its transaction, on this connection too.
	await as({ user: 'u-sam', how: 'write' }, (trx) => count(trx, 'record'));
	for (const table of PROTECTED) expect([table, await forNobody((trx) => count(trx, table))]).toEqual([table, 0]);
});

test.each(Object.entries(PEOPLE))('%s reads what is of %s and nothing else', async (person, account) => {
	await as({ user: person, how: 'read' }, async (trx) => {
		const records = await trx.selectFrom('record').select(['account_id', 'entity']).execute();
		expect(new Set(records.map((row) => row.account_id))).toEqual(new Set([account, null]));
		expect(
			records.filter((row) => !row.account_id).every(({ entity }) => ['app_user', 'device'].includes(entity)),
		).toBe(true);
		expect((await trx.selectFrom('text_update').select('row_id').execute()).map((row) => row.row_id)).toEqual([
			`n-${account}`,
		]);
		expect((await trx.selectFrom('assignment').select('user_id').execute()).map((row) => row.user_id)).toEqual([
			person,
		]);
		expect((await trx.selectFrom('device').select('user_id').execute()).map((row) => row.user_id)).toEqual([person]);
		expect((await trx.selectFrom('blob_account').select('account_id').execute()).map((row) => row.account_id)).toEqual([
			account,
		]);
		expect((await trx.selectFrom('blob_upload').select('user_id').execute()).map((row) => row.user_id)).toEqual([
			person,
		]);
		expect(
			(await trx.selectFrom('record_move').select('from_account').execute()).map((row) => row.from_account),
		).toEqual([account]);
		for (const table of ['field_history', 'quarantine', 'push_group', 'held_op'])
			expect(await count(trx, table)).toBe(0);
	});
});

describe('what the server’s role may not do, whatever it is told', () => {
	const write: Reach = { user: 'u-sam', how: 'write' };
	const statements: Record<string, ReturnType<typeof sql>> = {
		'make a record in somebody else’s account': sql`insert into record (entity, id, account_id, data, versions, created_at, created_by, seq, ord)
			values ('issue', 'i-x', 'a-2', '{}', '', '', 'u-sam', 1, 0)`,
		'make one for somebody else': sql`insert into record (entity, id, data, versions, created_at, created_by, seq, ord)
			values ('issue', 'i-x', '{}', '', '', 'u-specialist', 1, 0)`,
		'change a record of somebody else’s account': sql`update record set data = '{}' where id = 'i-a-2'`,
		'move a record to somebody else’s account': sql`update record set account_id = 'a-2' where id = 'i-a-1'`,
		'type into somebody else’s note': sql`insert into text_update (seq, ord, entity, row_id, field, bytes, hlc, device, group_no, op_no)
			values (1, 0, 'note', 'n-a-2', 'body', '', '', 'x', 1, 0)`,
		'take an account': sql`insert into assignment (user_id, account_id) values ('u-sam', 'a-2')`,
		'take over a laptop': sql`update device set user_id = 'u-sam' where user_id = 'u-specialist'`,
		'begin an upload for another': sql`insert into blob_upload (id, user_id, account_id, sha256, size, created_at, touched_at)
			values ('3', 'u-specialist', 'a-2', 'f', 1, '', '')`,
		'give another’s account a file': sql`insert into blob_account (sha256, account_id) values ('g', 'a-2')`,
		'change what happened': sql`update field_history set value = '1'`,
		'delete what happened': sql`delete from field_history`,
		'empty what happened': sql`truncate field_history`,
		'make a token': sql`insert into user_token (hash, user_id, created_at) values ('x', 'u-sam', '')`,
		'say who somebody is': sql`insert into identity (issuer, subject, user_id, created_at) values ('x', 'y', 'u-sam', '')`,
		'change the secret of cursors': sql`update meta set cursor_key = 'x'`,
		'say that a migration was made': sql`insert into schema_migration (no, hash, applied_at) values (99, '', '')`,
		'switch the policies off': sql`alter table record disable row level security`,
		'drop a policy': sql`drop policy reading on record`,
		'drop the trigger': sql`drop trigger field_history_append_only on field_history`,
		'make a role': sql`create role another superuser`,
	};
	test.each(Object.entries(statements))('%s', async (_name, statement) => {
		expect(await refusal(as(write, (trx) => statement.execute(trx)))).toBe(FORBIDDEN);
	});

	test('delete what it may change', async () => {
		const before = await count(server.store.db, 'record');
		for (const table of ['record', 'text_update', 'push_group'])
			await refusal(as(write, (trx) => sql`delete from ${sql.table(table)}`.execute(trx)));
		expect(await count(server.store.db, 'record')).toBe(before);
		expect(await count(server.store.db, 'text_update')).toBe(2);
	});

	test('and a push, which may read widely, still writes what is its person’s', async () => {
		const own = sql`update record set data = data where id = 'i-a-1'`;
		expect(await refusal(as(write, (trx) => own.execute(trx)))).toBe('done');
		expect(await as(write, (trx) => count(trx, 'record'))).toBeGreaterThan(6);
	});
});

test('1,000 requests of two people at once, on one pool: nobody ever meets a row of the other', async () => {
	const pullAs = async (person: Person) => {
		const reply = await devices.get(person)?.request<string>('/v1/sync/pull?schema=2');
		const other = person === 'u-sam' ? 'a-2' : 'a-1';
		return {
			status: reply?.status,
			own: reply?.body.includes(`"i-${PEOPLE[person]}"`),
			foreign: reply?.body.includes(`-${other}"`),
		};
	};
	const people = Object.keys(PEOPLE) as Person[];
	const answers = new Set<string>();
	let asked = 0;
	const worker = async (index: number) => {
		for (let n = 0; n < 50; n++) {
			asked += 1;
			answers.add(JSON.stringify(await pullAs(people[(n + index) % 2] as Person)));
		}
	};
	await Promise.all(Array.from({ length: 20 }, (_, index) => worker(index)));
	expect(asked).toBe(1000);
	expect([...answers]).toEqual([JSON.stringify({ status: 200, own: true, foreign: false })]);
}, 120_000);

describe.runIf(process.env.DATABASE_URL_TEST)('the role that logs in', () => {
	const made: string[] = [];
	let url: string;
	beforeEach(async () => {
		url = await createDatabase(process.env.DATABASE_URL_TEST ?? '');
		const owner = await openStore({ url }, new Date());
		await owner.close();
	});
	afterEach(async () => {
		vi.unstubAllEnvs();
		for (const name of made.splice(0))
			await runStatement(url, `reassign owned by ${name} to postgres; drop owned by ${name}; drop role ${name}`);
	});

	async function loginAs(attributes: string, after?: (name: string) => string): Promise<Store> {
		const name = `login_${randomBytes(4).toString('hex')}`;
		await runStatement(url, `create role ${name} login password 'x' ${attributes}`);
		made.push(name);
		if (after) await runStatement(url, after(name));
		const to = new URL(url);
		to.username = name;
		to.password = 'x';
		return openBare({ url: to.toString() });
	}

	const member = (name: string) => `grant fieldbook_app to ${name}`;
	test.each([
		{ role: 'a superuser', has: 'superuser', problem: /superuser/ },
		{ role: 'one that steps over policies', has: 'bypassrls', problem: /bypasses/ },
		{ role: 'one that makes roles', has: 'createrole', problem: /may make roles/ },
		{
			role: 'the owner of the tables',
			after: (name: string) => `alter table record owner to ${name}`,
			problem: /owns/,
		},
		{ role: 'one that is no member', problem: /no member/ },
		{ role: 'one that only serves', after: member },
	])('$role', async ({ has = '', after, problem }) => {
		const store = await loginAs(has, after);
		const found = await findRoleProblem(store);
		await store.close();
		if (problem) expect(found).toMatch(problem);
		else expect(found).toBeUndefined();
	});

	test('in production the server serves under no role that could do more, and changes no schema', async () => {
		const member = `member_${randomBytes(4).toString('hex')}`;
		await runStatement(url, `create role ${member} login password 'x'; grant fieldbook_app to ${member}`);
		made.push(member);
		const asMember = (to: string) => {
			const address = new URL(to);
			address.username = member;
			address.password = 'x';
			return address.toString();
		};
		vi.stubEnv('NODE_ENV', 'production');
		await expect(openToServe({ url }, new Date())).rejects.toThrow(/superuser.* In production/);
		const store = await openToServe({ url: asMember(url) }, new Date());
		await expect(migrate(store.db, new Date())).rejects.toThrow('permission denied');
		await store.close();
		const empty = await createDatabase(url);
		await expect(openToServe({ url: asMember(empty) }, new Date())).rejects.toThrow('--migrate');
		vi.unstubAllEnvs();
		const owner = await openToServe({ url: empty }, new Date());
		await owner.close();
	});

	test('outside of a request it sees nothing, and a request sees what its person may', async () => {
		const store = await loginAs('', member);
		const owner = await openStore({ url }, new Date());
		await sql`insert into record (entity, id, data, versions, created_at, created_by, seq, ord)
			values ('app_user', 'u-1', '{}', '', '', null, 1, 0), ('task', 't-1', '{}', '', '', 'u-9', 1, 1)`.execute(
			owner.db,
		);
		await owner.close();
		expect(await store.db.transaction().execute((trx) => count(trx, 'record'))).toBe(0);
		expect(await inReach(store.db, { user: 'u-1', how: 'read' }, (trx) => count(trx, 'record'))).toBe(1);
		expect(await inReach(store.db, { user: 'u-9', how: 'read' }, (trx) => count(trx, 'record'))).toBe(2);
		await store.close();
	});
});
