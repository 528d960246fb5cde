import { type Action, accountFor, type Desk, newest } from './desk.ts';

/** Ways back, and what has lost its place or its person. */

async function restore(desk: Desk): Promise<void> {
	const trash = await desk.ask<{ rows: { entity: string; id: string }[] }>('trash.list', {});
	if (!trash || trash.rows.length === 0) return;
	const { entity, id } = desk.random.pick(trash.rows);
	const done = await desk.perform('trash.restore', { items: [{ entity, id }], parents: desk.random.chance(0.5) });
	if (!done) return;
	const [row] = desk.client.rows<{ deleted_at: string | null }>(`SELECT deleted_at FROM ${entity} WHERE id = ?`, id);
	if (row?.deleted_at !== null) desk.problem(`${entity} ${id} was restored and is still deleted`);
}

async function restoreVersion(desk: Desk): Promise<void> {
	const notes = newest(desk, 'note');
	if (notes.length === 0) return;
	const id = desk.random.pick(notes);
	const list = await desk.ask<{ versions: { version: number }[] }>('notes.versions', { id });
	if (!list || list.versions.length === 0) return;
	const { version } = desk.random.pick(list.versions);
	const wanted = await desk.ask<{ text: string }>('notes.version', { id, version });
	const method = desk.random.chance(0.8) ? 'notes.restoreVersion' : 'notes.copyVersion';
	const done = await desk.perform(method, { id, version });
	if (!done || !wanted || method !== 'notes.restoreVersion') return;
	const [row] = desk.client.rows<{ body: string | null }>('SELECT body FROM note WHERE id = ?', id);
	if (plain(row?.body ?? '') !== plain(wanted.text))
		desk.problem(`${id} was restored as ${JSON.stringify(wanted.text)} and reads ${JSON.stringify(row?.body)}`);
}

const plain = (words: string) => words.replaceAll(/\s+/g, ' ').trim();

async function restoreValue(desk: Desk): Promise<void> {
	const issues = newest(desk, 'issue');
	if (issues.length === 0) return;
	const id = desk.random.pick(issues);
	const list = await desk.ask<{ id: string; field?: string }[]>('history.list', { entity: 'issue', id });
	const lines = (list ?? []).filter(({ field }) => field !== 'created');
	if (lines.length === 0) return;
	const line = desk.random.pick(lines);
	await desk.perform('history.restore', { id: line.id, side: desk.random.pick(['before', 'after']) });
}

interface Homeless {
	entity: string;
	id: string;
	places: { parent_type: string; parent_id: string }[];
}

async function settleHomeless(desk: Desk): Promise<void> {
	const rows = await desk.ask<Homeless[]>('homeless.list', {});
	if (!rows || rows.length === 0) return;
	const { entity, id, places } = desk.random.pick(rows);
	const choice = desk.random.pick(['bring_back', 'delete', ...(places.length > 0 ? ['move', 'move'] : [])]);
	const place = choice === 'move' ? desk.random.pick(places) : undefined;
	const target = place && { parent_type: place.parent_type, parent_id: place.parent_id };
	await desk.perform('homeless.settle', { entity, id, choice, ...target });
}

async function takeHandover(desk: Desk): Promise<void> {
	const list = await desk.ask<{ id: string; mine: boolean }[]>('handovers.list', {});
	const open = (list ?? []).filter(({ mine }) => !mine);
	if (open.length > 0) await desk.perform('handovers.take', { id: desk.random.pick(open).id });
}

/** To another account of the same person, with all that was written meanwhile. */
async function moveRecord(desk: Desk): Promise<void> {
	const account = accountFor(desk);
	const [method, table] = desk.random.pick([
		['issues.update', 'issue'],
		['tasks.update', 'task'],
		['contacts.update', 'contact'],
	] as const);
	const known = newest(desk, table);
	if (account && known.length > 0)
		await desk.perform(method, { id: desk.random.pick(known), patch: { account_id: account } });
}

/** Tidying up: many records at once, as a colleague's laptop sees it. */
async function deleteMany(desk: Desk): Promise<void> {
	for (const [method, table] of [
		['issues.delete', 'issue'],
		['contacts.delete', 'contact'],
		['tasks.delete', 'task'],
	] as const) {
		const rows = desk.client.rows<{ id: string }>(
			`SELECT id FROM ${table} WHERE deleted_at IS NULL ORDER BY id LIMIT 60`,
		);
		for (const { id } of rows) if (!desk.client.isDead) await desk.perform(method, { id });
	}
}

export const keptActions: Readonly<Record<string, Action>> = {
	'restore from trash': { weight: 4, run: restore },
	'restore version': { weight: 3, run: restoreVersion },
	'restore value': { weight: 3, run: restoreValue },
	'settle homeless': { weight: 3, run: settleHomeless },
	'take hand-over': { weight: 2, run: takeHandover },
	'move record': { weight: 3, run: moveRecord },
	'delete many': { weight: 1, run: deleteMany },
};
