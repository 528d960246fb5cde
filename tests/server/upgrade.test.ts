import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, migrations } from '../../server/store/migrate.ts';
import type { Tables } from '../../server/store/tables.ts';
import { accessOf } from '../../server/sync/access.ts';

let pglite: PGlite;
let db: Kysely<Tables>;

beforeAll(async () => {
	pglite = await PGlite.create();
	db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
	await migrate(db, new Date(), migrations.slice(0, 2));
});
afterAll(async () => {
	await db.destroy();
	if (!pglite.closed) await pglite.close();
});

test('a store of the first release keeps its people, conflicts and history, and gains what they need', async () => {
	const record = (entity: string, id: string, data: string) =>
		sql`insert into record (entity, id, account_id, data, versions, created_at, seq, ord) values (${entity}, ${id}, 'a-1', ${data}::json, 'v', 'at', 1, 0)`.execute(
			db,
		);
	await record('app_user', 'u-sam', '{"name":"Sam \\u0000 \\"role\\"","role":"SAM"}');
	await record('app_user', 'u-processing', '{"name":"P","role":"PROCESSING"}');
	await record('app_user', 'u-none', '{"name":"N"}');
	await record(
		'conflict',
		'c-1',
		'{"account_id":"a-1","entity":"issue","row_id":"i-1","field":"title","mine_value":"{\\"entity\\":\\"note\\"}"}',
	);
	await record('conflict', 'c-2', '{"entity":"contact","row_id":"p-1","field":"note","mine_value":"x \\u0000"}');
	for (const user of ['u-sam', 'u-processing', 'u-none', 'u-unknown'])
		await sql`insert into assignment (user_id, account_id) values (${user}, 'a-1')`.execute(db);
	await sql`insert into device (id, short, user_id, name, last_group, nonce, seen_seq, created_at, last_seen_at)
		values ('d-1', 'aaaaaaaa', 'u-sam', '', 3, 'n', 0, 'at', 'at')`.execute(db);
	await sql`insert into field_history (seq, entity, row_id, field, value, version, server_at, outcome) values (1, 'issue', 'i-1', 'title', '"x"', 'v', 'at', 'apply')`.execute(
		db,
	);

	await migrate(db, new Date());

	const roles = await db.selectFrom('assignment').select(['user_id', 'role', 'to_seq']).orderBy('user_id').execute();
	expect(roles.map((row) => [row.user_id, row.role, row.to_seq])).toEqual([
		['u-none', 'SAM', null],
		['u-processing', 'PROCESSING', null],
		['u-sam', 'SAM', null],
		['u-unknown', 'SAM', null],
	]);
	expect((await accessOf(db, 'u-sam')).grants.get('a-1')).toMatchObject({ role: 'SAM', fromSeq: 0 });
	const about = await db
		.selectFrom('record')
		.select(['id', 'about', 'about_id'])
		.where('entity', '=', 'conflict')
		.orderBy('id')
		.execute();
	expect(about).toEqual([
		{ id: 'c-1', about: 'issue', about_id: 'i-1' },
		{ id: 'c-2', about: 'contact.internal', about_id: 'p-1' },
	]);
	expect(await db.selectFrom('device').select('schema').executeTakeFirst()).toEqual({ schema: 1 });
	const [line] = await db.selectFrom('field_history').selectAll().execute();
	expect(line).toMatchObject({ value: 'x', before: null, ord: 0 });
	await expect(sql`update field_history set before = '1'`.execute(db)).rejects.toThrow('append-only');
	await expect(
		sql`insert into assignment (user_id, account_id, from_seq) values ('u-sam', 'a-1', 7)`.execute(db),
	).rejects.toThrow();
});
