import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handlers } from '../../electron/core/handlers.ts';
import { contract, type MethodName } from '../../shared/contract/contract.ts';
import { entities } from '../../shared/entities/registry.ts';
import { addAccount, startCore, type TestCore } from '../support/core.ts';
import { paragraph, write } from '../support/typing.ts';

/** Methods that the dispatcher or the sync loop answers itself. */
const answeredByLoop = [
	'backups.list',
	'calls.cancel',
	'outbox.sendAlone',
	'session.place',
	'session.signOut',
	'session.status',
	'sync.brake',
	'sync.metered',
	'sync.now',
	'sync.pause',
	'sync.status',
];

describe('the contract', () => {
	it('has a handler for every method and no handler beside it', () => {
		expect([...Object.keys(handlers), ...answeredByLoop].sort()).toEqual(Object.keys(contract).sort());
	});
});

/** Tables that are kept from others: reading one is reading what it is made of. */
const madeOf: Record<string, string[]> = {
	account_figure: ['issue', 'note', 'visit', 'patent_asset', 'renewal_event'],
	search_doc: [],
	search_text: [],
	outbox_op: ['outbox'],
	blob_queue: ['blob'],
	offline_choice: ['blob'],
	receipt_line: ['receipt'],
	meta: ['sync_state'],
};

describe('what each query declares to read', () => {
	let test: TestCore;
	let ids: Record<string, string | number>;
	beforeEach(async () => {
		test = await startCore();
		await addAccount(test);
		ids = await fill(test);
	});
	afterEach(() => test.stop());

	const queries = Object.entries(contract).filter(
		([name, method]) => method.kind === 'query' && !answeredByLoop.includes(name),
	) as [MethodName, Extract<(typeof contract)[MethodName], { kind: 'query' }>][];

	it.each(queries)('%s', async (name, method) => {
		const seen = watchTables(test);
		await test.ok(name, inputFor(name, ids) as never);
		const read = new Set([...seen].flatMap((table) => madeOf[table] ?? [table]));
		const declared = new Set<string>(method.reads);
		expect(
			[...read].filter((table) => !declared.has(table)),
			'read but not declared',
		).toEqual([]);
		const optional = extras[name] ?? [];
		expect(
			[...declared].filter((table) => !read.has(table) && !optional.includes(table)),
			'declared but not read',
		).toEqual([]);
	});
});

/** Read only when the record points there, or through the search index. */
const extras: Partial<Record<MethodName, string[]>> = {
	'search.find': ['account', 'contact', 'visit', 'note', 'text_update', 'patent_asset', 'task'],
	'conflicts.list': ['visit', 'contact', 'task', 'note'],
	// Who deleted the place, which is asked only for a record that has lost its own.
	'homeless.list': ['app_user', 'history'],
	'sync.unsent': ['attachment', 'import_batch', 'sync_state'],
	'outbox.refused': ['app_user', 'contact', 'visit', 'note', 'task'],
	'accounts.timeline': ['text_update'],
	'notes.list': ['text_update'],
	'visits.get': ['text_update'],
	'history.list': ['account', 'attachment', 'attendee', 'checklist_item', 'note', 'patent_asset', 'task', 'visit'],
	'files.waiting': ['visit', 'issue', 'note'],
	'trash.list': ['history'],
	'trash.about': ['attendee', 'checklist_item', 'contact', 'visit'],
};

function inputFor(name: MethodName, ids: Record<string, string | number>): unknown {
	if (name === 'search.find') return { text: 'cost' };
	if (name === 'accounts.health') return { id: 'a-1', today: '2026-11-24' };
	if (name === 'day.get') return { today: '2026-11-24' };
	if (name === 'outbox.refused') return { group: ids.refused };
	if (name === 'trash.about') return { entity: 'issue', id: ids.deleted };
	if (name === 'trash.before') return { entity: 'visit', id: ids.visit };
	if (name === 'notes.versions') return { id: ids.note };
	if (name === 'notes.version') return { id: ids.note, version: ids.version };
	if (name === 'notes.compare') return { id: ids.note, from: 0, to: ids.version };
	if (name === 'history.list') return { entity: 'issue', id: ids.issue };
	if (name === 'attachments.list') return { parent_type: 'visit', parent_id: ids.visit };
	if (name === 'notes.list') return { parent_type: 'visit', parent_id: ids.visit };
	if (/^(contacts|assets|imports|renewals)\.(list|upcoming)$/.test(name)) return { account_id: 'a-1' };
	if (name === 'accounts.get' || name === 'accounts.rights' || name === 'accounts.timeline') return { id: 'a-1' };
	if (name.endsWith('.get')) return { id: ids[name.split('.')[0]?.replace(/s$/, '') ?? ''] };
	return {};
}

async function fill(test: TestCore): Promise<Record<string, string | number>> {
	const { raw } = test.core.store;
	const now = '2026-11-23T08:00:00.000Z';
	raw
		.prepare(
			"INSERT INTO patent_asset (id, created_at, updated_at, fv, account_id, title) VALUES ('p-1', ?, ?, '', 'a-1', 'Valve')",
		)
		.run(now, now);
	const contact = (await test.ok('contacts.create', { account_id: 'a-1', full_name: 'Dr. Keller' })).id;
	const issue = (
		await test.ok('issues.create', { account_id: 'a-1', title: 'Cost centre', contact_id: contact, asset_id: 'p-1' })
	).id;
	const visit = (
		await test.ok('visits.create', {
			account_id: 'a-1',
			purpose: 'Review',
			time_zone: 'Europe/Zurich',
			local_start: '2026-12-01T09:00',
			local_end: '2026-12-01T10:00',
		})
	).id;
	const note = (await test.ok('notes.create', { account_id: 'a-1', parent_type: 'visit', parent_id: visit })).id;
	await test.ok('tasks.create', { account_id: 'a-1', title: 'Chase receipt', status: 'TODO' });
	raw
		.prepare(
			"INSERT INTO conflict (id, created_at, updated_at, fv, entity, row_id, field, account_id) VALUES ('k-1', ?, ?, '', 'issue', ?, 'root_cause', 'a-1')",
		)
		.run(now, now, issue);
	const refused = raw.prepare('SELECT group_no FROM outbox_op WHERE row_id = ?').pluck().get(issue) as number;
	raw.prepare("UPDATE outbox_op SET refused = 'bad_value' WHERE group_no = ?").run(refused);
	raw.exec(`INSERT INTO receipt VALUES (1, '${now}', '${now}', 1, 0, 0, 0, 0, 10, 10, NULL, '{}', '1 sent')`);
	await write(test, note, paragraph('What was said.'));
	const version = (await test.ok('notes.versions', { id: note })).versions[0]?.version ?? 0;
	const deleted = (await test.ok('issues.create', { account_id: 'a-1', title: 'Twice' })).id;
	await test.ok('issues.delete', { id: deleted });
	await test.reopen();
	return { issue, visit, note, deleted, version, refused, receipt: 1, asset: 'p-1' };
}

/** The tables that statements prepared from now on name. Statements are kept, so the store must be fresh for the query. */
function watchTables(test: TestCore): Set<string> {
	const { raw } = test.core.store;
	const known = new Set<string>([
		...Object.values(entities).map((entity) => entity.table),
		...['meta', 'outbox', 'outbox_op', 'history', 'text_update', 'account_figure', 'search_doc', 'search_text'],
		...['receipt', 'receipt_line', 'blob', 'blob_queue', 'offline_choice'],
	]);
	const seen = new Set<string>();
	const prepare = raw.prepare.bind(raw);
	raw.prepare = ((sql: string) => {
		for (const [, table] of sql.matchAll(/(?:from|join)\s+"?([a-z_]+)"?/gi))
			if (table && known.has(table)) seen.add(table);
		return prepare(sql);
	}) as typeof raw.prepare;
	return seen;
}
