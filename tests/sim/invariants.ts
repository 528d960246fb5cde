import { isDeepStrictEqual } from 'node:util';
import { decodeRow } from '../../db/codec.ts';
import { entities, entityByName } from '../../shared/entities/registry.ts';
import { readVersions } from '../../shared/sync/version.ts';
import type { Edit } from './ledger.ts';
import { auditDeletions, auditLog, readLog, type ServerLog, type ServerRecord } from './server-log.ts';
import type { SimClient } from './sim-client.ts';
import { ACCOUNTS } from './sim-server.ts';
import { textOf } from './typing.ts';
import type { World } from './world.ts';

/** Everything that must hold once the faults are over (sync.md 4.3). Returns what does not. */
export async function checkWorld(world: World): Promise<string[]> {
	const log = await readLog(world.server);
	const seenBy = new Map(
		[...world.ledger.edits.values()].filter((edit) => edit.k === 'delete').map((edit) => [edit.hlc, edit.seen]),
	);
	const lost = findLost(world, log);
	return [
		...world.problems,
		...world.ledger.problems,
		...world.server.errors.map((error) => `the server failed: ${String(error)}`),
		...lost.problems,
		...auditLog(log, world.copies > 0),
		...auditDeletions(log, seenBy),
		...checkRefusals(world, log),
		...(await checkGroups(world)),
		...world.clients.flatMap((client) => checkQueue(client)),
		...world.clients.flatMap((client) => checkProjections(client)),
		...world.clients.flatMap((client) => compare(client, log, lost.records)),
		...checkTexts(world, log, lost.records),
	];
}

interface Lost {
	problems: string[];
	/** "entity id" of records whose edits went with a profile and a backup both; not to be blamed on sync. */
	records: Set<string>;
}

/** Each edit somebody was told is saved must be known to the server: standing, in the history, or refused with a reason. */
function findLost(world: World, log: ServerLog): Lost {
	const known = new Set([
		...log.history.map((line) => `${line.entity} ${line.row_id} ${line.field} ${line.version}`),
		...[...log.texts].flatMap(([key, list]) => list.map(({ hlc }) => `${key} ${hlc}`)),
	]);
	const refused = new Set(log.refused.map(({ op }) => `${op.t} ${op.id} ${op.hlc}`));
	const lost: Lost = { problems: [], records: new Set() };
	for (const edit of world.ledger.edits.values()) {
		const row = `${edit.t} ${edit.id}`;
		if (known.has(`${row} ${edit.field} ${edit.hlc}`) || refused.has(`${row} ${edit.hlc}`)) continue;
		if (edit.k === 'create' && wasErased(world, edit)) continue;
		if (world.restores > 0 && world.copies > 0 && !isHeld(world, edit)) {
			lost.records.add(row);
			world.count('excused');
		} else lost.problems.push(`LOST ${edit.client} ${edit.k} ${row} ${edit.field} ${edit.hlc}`);
	}
	return lost;
}

/** Rows of an import that was undone before anything of it was sent leave no trace, anywhere. */
function wasErased(world: World, edit: Edit): boolean {
	if (edit.t !== 'patent_asset') return false;
	return world.clients.every((client) => client.rows('SELECT 1 FROM patent_asset WHERE id = ?', edit.id).length === 0);
}

function isHeld(world: World, edit: Edit): boolean {
	return world.clients.some(
		(client) =>
			client.rows('SELECT 1 FROM outbox_op WHERE row_id = ? AND op LIKE ?', edit.id, `%${edit.hlc}%`).length > 0,
	);
}

/** Only what was meant to be refused may be: edits for an account of somebody else, and what hangs on such a record,
 * or on one that the server has forgotten and its maker not yet brought back. */
function checkRefusals(world: World, log: ServerLog): string[] {
	const ghosts = new Set(log.refused.filter(({ op }) => op.k === 'create').map(({ op }) => op.id));
	return log.refused
		.filter(
			({ reason, op }) =>
				reason !== 'no_access' && !(reason === 'no_record' && (ghosts.has(op.id) || world.restores > 0)),
		)
		.map(({ reason, op }) => `refused (${reason}): ${JSON.stringify(op).slice(0, 200)}`);
}

/** Numbers without gaps, nothing applied twice, and no laptop that was made to take another name without need. */
async function checkGroups(world: World): Promise<string[]> {
	const problems: string[] = [];
	const devices = await world.server.query<{ id: string; last: number; groups: number; top: number | null }>(
		'select d.id, d.last_group::int as last, count(g.no)::int as groups, max(g.no)::int as top from device d left join push_group g on g.device = d.id group by d.id, d.last_group',
	);
	for (const { id, last, groups, top } of devices)
		if (last !== groups || last !== (top ?? 0)) problems.push(`device ${id} has ${groups} groups up to ${last}`);
	if (devices.length > world.clients.length + world.copies)
		problems.push(`${devices.length} devices for ${world.clients.length} laptops: somebody was taken for a copy`);
	const twice = await world.server.query<{ key: string }>(
		"select version || ' ' || row_id || ' ' || field as key from field_history where device is not null group by version, entity, row_id, field having count(*) > 1",
	);
	problems.push(...twice.map(({ key }) => `applied twice: ${key}`));
	return problems;
}

function checkQueue(client: SimClient): string[] {
	const { name } = client.setup;
	const problems: string[] = [];
	const status = client.lastStatus;
	if (status?.state !== 'acknowledged') problems.push(`${name} ends ${JSON.stringify(status ?? 'without a round')}`);
	const [queue] = client.rows<{ unsent: number; pending: number }>(
		`SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL) AS unsent,
			(SELECT count(*) FROM outbox_op WHERE pending = 1 AND refused IS NULL) AS pending`,
	);
	if (queue?.unsent || queue?.pending)
		problems.push(`${name} has ${queue.unsent} groups unsent, ${queue.pending} open`);
	const blocked = client.rows<{ status: string }>("SELECT status FROM import_batch WHERE status = 'RUNNING'");
	if (blocked.length > 0) problems.push(`${name} has an import that never ends`);
	return problems;
}

/** What is counted and indexed beside the records must follow from them. */
function checkProjections(client: SimClient): string[] {
	const wrong = client.rows<{ account_id: string }>(
		`SELECT account_id FROM account_figure f WHERE assets <>
			(SELECT count(*) FROM patent_asset p WHERE p.account_id = f.account_id AND p.deleted_at IS NULL)
		OR open_issues <> (SELECT count(*) FROM issue i WHERE i.account_id = f.account_id AND i.deleted_at IS NULL
			AND i.status NOT IN ('RESOLVED', 'CLOSED'))`,
	);
	const unindexed = client.rows<{ id: string }>(
		`SELECT id FROM issue WHERE (deleted_at IS NULL) <> EXISTS (SELECT 1 FROM search_doc d WHERE d.row_id = issue.id)
		UNION ALL SELECT id FROM note WHERE (deleted_at IS NULL) <> EXISTS (SELECT 1 FROM search_doc d WHERE d.row_id = note.id)`,
	);
	const strays = client.rows<{ row_id: string }>(
		`SELECT row_id FROM history h WHERE origin = 'local' AND undone = 0 AND group_no IS NOT NULL
			AND EXISTS (SELECT 1 FROM outbox o WHERE o.group_no = h.group_no)
			AND NOT EXISTS (SELECT 1 FROM outbox_op p WHERE p.group_no = h.group_no AND p.row_id = h.row_id)`,
	);
	return [
		...strays.map((row) => `${client.setup.name} would undo ${row.row_id} with another group`),
		...wrong.map((row) => `${client.setup.name} counts ${row.account_id} wrong`),
		...unindexed.map((row) => `${client.setup.name} has ${row.id} wrong in its index`),
	];
}

interface LocalRecord {
	v: Record<string, unknown>;
	fv: Record<string, string>;
	isDeleted: boolean;
}

export function localRecords(client: SimClient): Map<string, LocalRecord> {
	const records = new Map<string, LocalRecord>();
	for (const entity of Object.values(entities)) {
		for (const row of client.rows<Record<string, unknown>>(`SELECT * FROM ${entity.table}`)) {
			const record = decodeRow<Record<string, unknown>>(entity, row);
			const values = Object.keys(entity.fields).map((name) => [name, record[name]] as const);
			records.set(`${entity.name} ${String(row['id'])}`, {
				v: Object.fromEntries(values.filter(([, value]) => value !== null && value !== undefined)),
				fv: readVersions(row['fv'] as string),
				isDeleted: row['deleted_at'] !== null,
			});
		}
	}
	return records;
}

/** A laptop holds what its person may see on the server, equal in values, versions and deletions, and nothing else. */
function compare(client: SimClient, log: ServerLog, excused: Set<string>): string[] {
	const { name } = client.setup;
	const local = localRecords(client);
	const problems: string[] = [];
	for (const [key, record] of log.records) {
		if (excused.has(key) || !isVisible(record, client.setup.userId)) continue;
		const mine = local.get(key);
		local.delete(key);
		if (!mine) problems.push(`${name} lacks ${key}`);
		else if (!isDeepStrictEqual(mine.v, record.values))
			problems.push(`${name} differs in ${key}: ${differences(mine.v, record.values)}`);
		else if (!isDeepStrictEqual(mine.fv, record.versions))
			problems.push(`${name} has other versions of ${key}: ${differences(mine.fv, record.versions)}`);
		else if (mine.isDeleted !== record.isDeleted) problems.push(`${name} has ${key} deleted: ${mine.isDeleted}`);
	}
	const ghosts = new Set(log.refused.filter(({ op }) => op.k === 'create').map(({ op }) => `${op.t} ${op.id}`));
	for (const [key, { v }] of local) {
		// A decision about a conflict that the server had lost meanwhile: nobody is asked any more.
		if (key.startsWith('conflict ') && v['decided_at']) continue;
		if (!ghosts.has(key) && !excused.has(key)) problems.push(`${name} has ${key}, which the server has not`);
	}
	return problems;
}

function isVisible(record: ServerRecord, userId: string): boolean {
	if (record.account_id !== null) return ACCOUNTS[userId]?.includes(record.account_id) ?? false;
	if (entityByName(record.entity)?.sync === 'pull') return true;
	return record.created_by === userId || record.holder === userId;
}

function differences(mine: Record<string, unknown>, theirs: Record<string, unknown>): string {
	return [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
		.filter((field) => !isDeepStrictEqual(mine[field], theirs[field]))
		.map((field) => `${field} ${JSON.stringify(mine[field])} / server ${JSON.stringify(theirs[field])}`)
		.join('; ');
}

/** Every typed character: the same updates everywhere, and the text they make together. */
function checkTexts(world: World, log: ServerLog, excused: Set<string>): string[] {
	const problems: string[] = [];
	const typed = new Map<string, Set<string>>();
	const refused = new Set(log.refused.filter(({ op }) => op.k === 'text').map(({ op }) => op.id));
	for (const edit of world.ledger.edits.values()) {
		if (edit.k !== 'text') continue;
		const key = `${edit.t} ${edit.id} ${edit.field}`;
		typed.set(key, (typed.get(key) ?? new Set()).add(edit.value as string));
	}
	for (const [key, updates] of typed) {
		const [entity = '', id = '', field = ''] = key.split(' ');
		const record = log.records.get(`${entity} ${id}`);
		if (!record || excused.has(`${entity} ${id}`) || refused.has(id)) continue;
		const words = textOf(updates);
		const server = new Set((log.texts.get(key) ?? []).map((text) => text.bytes));
		if (!isDeepStrictEqual([...server].sort(), [...updates].sort())) problems.push(`the server's ${key} lacks typing`);
		for (const client of world.clients) {
			if (!isVisible(record, client.setup.userId)) continue;
			const here = client.rows<{ bytes: Buffer }>(
				'SELECT bytes FROM text_update WHERE row_id = ? AND field = ? AND bad = 0',
				id,
				field,
			);
			const held = new Set(here.map((row) => Buffer.from(row.bytes).toString('base64')));
			const [row] = client.rows<{ body: string | null }>(`SELECT body FROM ${entity} WHERE id = ?`, id);
			if (!isDeepStrictEqual([...held].sort(), [...updates].sort()))
				problems.push(`${client.setup.name} has ${held.size} of ${updates.size} typings of ${key}`);
			else if ((row?.body ?? '') !== words)
				problems.push(`${client.setup.name} reads ${JSON.stringify(row?.body)} for ${JSON.stringify(words)}`);
		}
	}
	return problems;
}
