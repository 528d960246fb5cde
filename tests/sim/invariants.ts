import { checkFiles } from './file-invariants.ts';
import { checkLaptop } from './laptop-invariants.ts';
import type { Edit } from './ledger.ts';
import { keyOf } from './ledger.ts';
import { auditDeletions, auditLog, type ServerLog } from './server-log.ts';
import { checkTexts } from './text-invariants.ts';
import { readTruth, type Truth, wasEntitled } from './truth.ts';
import type { World } from './world.ts';

/** Everything that must hold once the faults are over. Returns what does not. */
export async function checkWorld(world: World): Promise<string[]> {
	const truth = await readTruth(world);
	const { log } = truth;
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
		...checkReadings(truth),
		...checkRefusals(truth),
		...(await checkGroups(world)),
		...(await checkHeld(world)),
		...world.clients.flatMap((client) => checkLaptop(truth, client, lost.records)),
		...checkTexts(truth, lost.records),
		...(await checkFiles(truth)),
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
		if (world.ledger.withdrawn.has(keyOf(edit)) || wasErased(world, edit)) continue;
		if (world.restores > 0 && world.copies > 0 && !isHeld(world, edit)) {
			lost.records.add(row);
			world.count('excused');
		} else lost.problems.push(`LOST ${edit.client} ${edit.k} ${row} ${edit.field} ${edit.hlc}`);
	}
	return lost;
}

/** Rows of an import that was undone before anything of it was sent leave no trace, anywhere. */
function wasErased(world: World, edit: Edit): boolean {
	if (edit.k !== 'create' || edit.t !== 'patent_asset') return false;
	return world.clients.every((client) => client.rows('SELECT 1 FROM patent_asset WHERE id = ?', edit.id).length === 0);
}

function isHeld(world: World, edit: Edit): boolean {
	return world.clients.some(
		(client) =>
			client.rows('SELECT 1 FROM outbox_op WHERE row_id = ? AND op LIKE ?', edit.id, `%${edit.hlc}%`).length > 0,
	);
}

/** Only what was meant to be refused may be: edits for what is somebody else's, and what hangs on such a record,
 * or on one that the server has forgotten and its maker not yet brought back. */
function checkRefusals(truth: Truth): string[] {
	const { world, log } = truth;
	const ghosts = new Set(log.refused.filter(({ op }) => op.k === 'create').map(({ op }) => op.id));
	return log.refused
		.filter((refused) => {
			const { reason, op } = refused;
			if (reason === 'no_record') return !ghosts.has(op.id) && world.restores === 0;
			if (reason !== 'no_access' && reason !== 'read_only') return true;
			return world.restores === 0 && wasEntitled(truth, refused);
		})
		.map(({ reason, op, user }) => `refused (${reason}) for ${user}: ${JSON.stringify(op).slice(0, 200)}`);
}

/** On one laptop a field never goes back to a value that stood on the server before the one it has shown. */
function checkReadings({ world, log }: Truth): string[] {
	if (world.restores > 0 || world.copies > 0) return [];
	const order = new Map<string, number>();
	for (const [index, line] of log.history.entries()) {
		const row = `${line.entity} ${line.row_id}`;
		if (line.field === '*') order.set(`${row} ${line.version}`, index);
		else if (line.outcome === 'apply' || line.outcome === 'later')
			order.set(`${row} ${line.field} ${line.version}`, index);
	}
	const shown = new Map<string, { at: number; version: string }>();
	const problems: string[] = [];
	for (const { client, key, version } of world.readings) {
		const row = key.slice(0, key.lastIndexOf(' '));
		const at = order.get(`${key} ${version}`) ?? order.get(`${row} ${version}`);
		const before = shown.get(`${client} ${key}`);
		if (at === undefined) continue;
		if (before && at < before.at) problems.push(`${client} showed ${key} ${before.version} and then ${version} again`);
		shown.set(`${client} ${key}`, { at, version });
	}
	return problems;
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

/** An edit that waited for its record is taken up when the record has come. */
async function checkHeld(world: World): Promise<string[]> {
	const before = new Date(world.now().getTime() - 4 * 86_400_000).toISOString();
	const waiting = await world.server.query<{ key: string }>(
		`select h.entity || ' ' || h.row_id as key from held_op h join record r on r.entity = h.entity and r.id = h.row_id
		where h.reason = 'no_record' and h.payload::text not like '%"k":"set"%' and h.server_at > $1`,
		[before],
	);
	return waiting.map(({ key }) => `an edit of ${key} still waits for it, although it has come`);
}
