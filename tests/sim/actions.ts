import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileActions } from './actions-files.ts';
import { keptActions } from './actions-kept.ts';
import { queueActions } from './actions-queue.ts';
import { type Action, accountFor, type Desk, newest, text, textOrNull } from './desk.ts';
import { typeSomewhere } from './typing.ts';

const DAYS = ['2026-12-01', '2026-12-24', null];

type Fields = Record<string, (desk: Desk) => unknown>;

/** Fields people edit, by the method that does it and the table it does it to. */
const editable: Record<string, { table: string; fields: Fields }> = {
	'issues.update': {
		table: 'issue',
		fields: {
			title: text,
			priority: (desk) => desk.random.pick(['URGENT', 'HIGH', 'LOW']),
			status: (desk) => desk.random.pick(['OPEN', 'IN_PROGRESS', 'RESOLVED']),
			due_date: (desk) => desk.random.pick(DAYS),
			root_cause: textOrNull,
		},
	},
	'visits.update': {
		table: 'visit',
		fields: {
			purpose: text,
			outcome: textOrNull,
			status: (desk) => desk.random.pick(['PLANNED', 'CONFIRMED', 'DONE']),
			local_start: (desk) => desk.random.pick(['2026-12-01T09:00', '2026-12-01T10:30']),
		},
	},
	'contacts.update': { table: 'contact', fields: { full_name: text, phone: textOrNull, note: textOrNull } },
	'tasks.update': {
		table: 'task',
		fields: {
			title: text,
			status: (desk) => desk.random.pick(['TODO', 'DOING', 'DONE']),
			due_date: (desk) => desk.random.pick(DAYS),
		},
	},
	'attendees.update': {
		table: 'attendee',
		fields: { name: text, status: (desk) => desk.random.pick(['INVITED', 'ACCEPTED', 'DECLINED']) },
	},
	'checklist.update': { table: 'checklist_item', fields: { text } },
	'notes.update': {
		table: 'note',
		fields: { title: textOrNull, internal: (desk) => desk.random.chance(0.5) },
	},
	'accounts.update': { table: 'account', fields: { priorities: textOrNull, strategic_value: textOrNull } },
	'assets.update': { table: 'patent_asset', fields: { sam_note: textOrNull } },
};

async function edit(desk: Desk, method: string): Promise<void> {
	const { table, fields } = editable[method] as { table: string; fields: Fields };
	const known = newest(desk, table);
	if (known.length === 0) return;
	const id = desk.random.pick(known);
	const names = Object.keys(fields).filter(() => desk.random.chance(0.4));
	if (names.length === 0) names.push(desk.random.pick(Object.keys(fields)));
	const patch = Object.fromEntries(names.map((name) => [name, fields[name]?.(desk)]));
	const [before] = desk.client.rows<Record<string, unknown>>(`SELECT * FROM ${table} WHERE id = ?`, id);
	const done = await desk.perform(method, { id, patch });
	if (!done) return;
	const [after] = desk.client.rows<Record<string, unknown>>(`SELECT * FROM ${table} WHERE id = ?`, id);
	for (const [name, value] of Object.entries(patch)) {
		const stored = typeof value === 'boolean' ? Number(value) : value;
		if (after?.[name] !== stored) desk.problem(`${method} said yes, but ${name} of ${id} is not shown`);
		const isQueued = done.edits.some((item) => item.id === id && item.field === name);
		if (before?.[name] !== stored && !isQueued) desk.problem(`${method} said yes, but ${name} of ${id} is not queued`);
	}
}

async function remove(desk: Desk, method: string, table: string): Promise<void> {
	const known = newest(desk, table);
	if (known.length === 0) return;
	const id = desk.random.pick(known);
	const done = await desk.perform(method, { id });
	if (done && !done.edits.some((item) => item.id === id && item.k === 'delete'))
		desk.problem(`${method} said yes, but the deletion of ${id} is not queued`);
}

async function createVisit(desk: Desk): Promise<void> {
	const account = accountFor(desk);
	if (!account) return;
	const done = await desk.perform('visits.create', {
		account_id: account,
		purpose: text(desk),
		time_zone: 'Europe/Zurich',
		local_start: '2026-12-01T09:00',
		local_end: '2026-12-01T16:00',
		checklist: desk.random.chance(0.7),
	});
	if (!done) return;
	const { id } = done.value as { id: string };
	await desk.perform('attendees.create', { visit_id: id, name: text(desk), side: 'CLIENT' });
}

async function createNote(desk: Desk): Promise<void> {
	const account = accountFor(desk);
	if (!account) return;
	await desk.perform('notes.create', { account_id: account, parent_type: 'account', parent_id: account });
}

async function type(desk: Desk): Promise<void> {
	const known = newest(desk, 'note');
	if (known.length === 0) return;
	const id = desk.random.pick(known);
	const opened = await desk.client.call('notes.get', { id });
	if (!opened.ok || desk.client.isDead) return;
	const { state } = opened.value as { state: string };
	const update = typeSomewhere(state, `${text(desk)} `, desk.random);
	const done = await desk.perform('notes.append', { id, update });
	if (done && !done.edits.some((item) => item.k === 'text' && item.value === update))
		desk.problem(`the words typed into ${id} are not queued`);
}

async function decide(desk: Desk): Promise<void> {
	const open = desk.client.rows<{ id: string; field: string }>(
		'SELECT id, field FROM conflict WHERE decided_at IS NULL AND deleted_at IS NULL ORDER BY rowid LIMIT 5',
	);
	if (open.length === 0) return;
	const { id, field } = desk.random.pick(open);
	const isFree = /title|purpose|name|note|cause|outcome|priorities|value/.test(field);
	const choice = desk.random.pick(isFree ? ['mine', 'theirs', 'other'] : ['mine', 'theirs']);
	await desk.perform('conflicts.decide', { id, choice, ...(choice === 'other' ? { value: text(desk) } : {}) });
}

async function undo(desk: Desk): Promise<void> {
	const expected = desk.client.lastDone;
	desk.client.lastDone = undefined;
	const done = await desk.perform('undo.last', {});
	const rowId = (done?.value as { row_id: string | null } | undefined)?.row_id;
	if (done && expected && !expected.has(rowId ?? ''))
		desk.problem(`undo took back ${rowId}, not the newest thing done (${[...expected].join(' ')})`);
	desk.client.lastDone = undefined;
}

const mapping = ['patent_asset.client_ref', 'patent_asset.title', 'patent_asset.country'];

async function importFile(desk: Desk): Promise<void> {
	const account = accountFor(desk);
	if (!account) return;
	const number = desk.random.int(1_000_000);
	const path = join(desk.world.folder, `export-${number}.csv`);
	// Now and then more than one group may hold.
	const rows = desk.random.pick([1, 3, 8, 8, 620]);
	const lines = Array.from({ length: rows }, (_, index) => `P-${number}-${index},Valve ${index},DE`);
	writeFileSync(path, ['Ref,Title,Country', ...lines, ''].join('\n'));
	desk.client.core.registerFile(`f-${number}`, path);
	const settings = { encoding: 'utf-8', delimiter: ',', sheet: null, headerRow: 1, mapping, dateStyles: {} };
	desk.client.lastDone = undefined;
	await desk.perform('imports.commit', { file: `f-${number}`, account_id: account, settings });
	desk.client.lastDone = undefined;
}

async function undoImport(desk: Desk): Promise<void> {
	const [batch] = desk.client.rows<{ id: string }>(
		"SELECT id FROM import_batch WHERE status = 'COMMITTED' AND deleted_at IS NULL ORDER BY rowid DESC LIMIT 1",
	);
	desk.client.lastDone = undefined;
	if (batch) await desk.perform('imports.undo', { batchId: batch.id });
	desk.client.lastDone = undefined;
}

/** An edit that only the server can know to be forbidden: for an account that was never this person's. */
async function trespass(desk: Desk): Promise<void> {
	const foreign = await desk.world.server.neverOf(desk.client.setup.userId);
	if (foreign.length === 0) return;
	const account = desk.random.pick(foreign);
	if (desk.random.chance(0.4)) {
		await desk.perform('contacts.create', { account_id: account, full_name: text(desk) });
		return;
	}
	const [method, table] = desk.random.pick([
		['issues.update', 'issue'],
		['tasks.update', 'task'],
		['contacts.update', 'contact'],
	] as const);
	const known = newest(desk, table);
	if (known.length === 0) return;
	// It is refused whole, and then nothing of it may stay.
	const other = { issue: { root_cause: text(desk) }, task: { priority: 'LOW' }, contact: { phone: text(desk) } }[table];
	await desk.perform(method, { id: desk.random.pick(known), patch: { account_id: account, ...other } });
}

async function createTask(desk: Desk): Promise<void> {
	// Some tasks are a person's own and belong to no account.
	const account = desk.random.chance(0.3) ? undefined : accountFor(desk);
	await desk.perform('tasks.create', {
		title: text(desk),
		status: 'TODO',
		...(account ? { account_id: account } : {}),
	});
}

/** What people do, and how often. */
export const actions: Readonly<Record<string, Action>> = {
	'create issue': {
		weight: 5,
		run: async (desk) => {
			const account = accountFor(desk);
			if (account) await desk.perform('issues.create', { account_id: account, title: text(desk) });
		},
	},
	'edit issue': { weight: 16, run: (desk) => edit(desk, 'issues.update') },
	'delete issue': { weight: 4, run: (desk) => remove(desk, 'issues.delete', 'issue') },
	'create visit': { weight: 2, run: createVisit },
	'edit visit': { weight: 4, run: (desk) => edit(desk, 'visits.update') },
	'delete visit': { weight: 1, run: (desk) => remove(desk, 'visits.delete', 'visit') },
	'edit attendee': { weight: 4, run: (desk) => edit(desk, 'attendees.update') },
	tick: {
		weight: 6,
		run: async (desk) => {
			const known = newest(desk, 'checklist_item');
			if (known.length > 0)
				await desk.perform('checklist.tick', { id: desk.random.pick(known), done: desk.random.chance(0.6) });
		},
	},
	'edit checklist': { weight: 2, run: (desk) => edit(desk, 'checklist.update') },
	'create contact': {
		weight: 2,
		run: async (desk) => {
			const account = accountFor(desk);
			if (account) await desk.perform('contacts.create', { account_id: account, full_name: text(desk) });
		},
	},
	'edit contact': { weight: 4, run: (desk) => edit(desk, 'contacts.update') },
	'delete contact': { weight: 1, run: (desk) => remove(desk, 'contacts.delete', 'contact') },
	'create task': { weight: 3, run: createTask },
	'edit task': { weight: 4, run: (desk) => edit(desk, 'tasks.update') },
	'delete task': { weight: 1, run: (desk) => remove(desk, 'tasks.delete', 'task') },
	'create note': { weight: 3, run: createNote },
	'edit note': { weight: 2, run: (desk) => edit(desk, 'notes.update') },
	'delete note': { weight: 1, run: (desk) => remove(desk, 'notes.delete', 'note') },
	type: { weight: 14, run: type },
	'edit account': { weight: 3, run: (desk) => edit(desk, 'accounts.update') },
	decide: { weight: 6, run: decide },
	undo: { weight: 4, run: undo },
	import: { weight: 1, run: importFile },
	'undo import': { weight: 1, run: undoImport },
	'edit asset': { weight: 2, run: (desk) => edit(desk, 'assets.update') },
	trespass: { weight: 2, run: trespass },
	...queueActions,
	...keptActions,
	...fileActions,
};
