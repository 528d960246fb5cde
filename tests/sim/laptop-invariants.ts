import { isDeepStrictEqual } from 'node:util';
import { decodeRow } from '../../db/codec.ts';
import { entities } from '../../shared/entities/registry.ts';
import { readVersions } from '../../shared/sync/version.ts';
import type { Refused } from './server-log.ts';
import type { SimClient } from './sim-client.ts';
import { isVisible, seenBy, type Truth } from './truth.ts';

/** What must hold on each laptop at the end. `excused`: records not to be blamed on sync, by "entity id". */
export function checkLaptop(truth: Truth, client: SimClient, excused: ReadonlySet<string>): string[] {
	return [
		...checkQueue(client),
		...checkProjections(client),
		...checkGrowth(truth, client),
		...compare(truth, client, excused),
		...checkTraces(truth, client),
	];
}

function checkQueue(client: SimClient): string[] {
	const { name } = client.setup;
	const problems: string[] = [];
	const status = client.lastStatus;
	if (status?.state !== 'acknowledged' && status?.state !== 'partly')
		problems.push(`${name} ends ${JSON.stringify(status ?? 'without a round')}`);
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
		`SELECT account_id FROM account_figure f WHERE account_id NOT IN (SELECT account_id FROM figure_stale) AND (assets <>
			(SELECT count(*) FROM patent_asset p WHERE p.account_id = f.account_id AND p.deleted_at IS NULL)
		OR open_issues <> (SELECT count(*) FROM issue i WHERE i.account_id = f.account_id AND i.deleted_at IS NULL
			AND i.status NOT IN ('RESOLVED', 'CLOSED')))`,
	);
	const unindexed = ['issue', 'note', 'contact'].flatMap((table) =>
		client.rows<{ id: string }>(
			`SELECT id FROM ${table} t WHERE (deleted_at IS NULL) <> EXISTS (SELECT 1 FROM search_doc d WHERE d.row_id = t.id)
			AND NOT EXISTS (SELECT 1 FROM search_pending p WHERE p.entity = '${table}'
				AND (t.id BETWEEN p.from_id AND p.to_id OR t.rowid BETWEEN p.from_row AND p.to_row))`,
		),
	);
	const strays = client.rows<{ row_id: string }>(
		`SELECT row_id FROM history h WHERE origin = 'local' AND undone = 0 AND group_no IS NOT NULL
			AND EXISTS (SELECT 1 FROM outbox_op o WHERE o.group_no = h.group_no)
			AND NOT EXISTS (SELECT 1 FROM outbox_op p WHERE p.group_no = h.group_no AND p.row_id = h.row_id)`,
	);
	return [
		...strays.map((row) => `${client.setup.name} would undo ${row.row_id} with another group`),
		...wrong.map((row) => `${client.setup.name} counts ${row.account_id} wrong`),
		...unindexed.map((row) => `${client.setup.name} has ${row.id} wrong in its index`),
	];
}

/** What was acknowledged is kept for thirty days, and so is nothing that grows with every round. */
function checkGrowth({ world }: Truth, client: SimClient): string[] {
	const before = new Date(world.now().getTime() - 31 * 86_400_000).toISOString();
	const [old] = client.rows<{ n: number }>(
		`SELECT count(*) AS n FROM outbox o WHERE sent_at < ? AND group_no < (SELECT max(group_no) FROM outbox)
			AND wire_no < (SELECT max(wire_no) FROM outbox)
			AND NOT EXISTS (SELECT 1 FROM outbox_op p WHERE p.group_no = o.group_no AND refused IS NOT NULL)`,
		before,
	);
	return old && old.n > 0 ? [`${client.setup.name} keeps ${old.n} groups that were sent more than a month ago`] : [];
}

interface LocalRecord {
	v: Record<string, unknown>;
	fv: Record<string, string>;
	isDeleted: boolean;
}

function localRecords(client: SimClient): Map<string, LocalRecord> {
	const records = new Map<string, LocalRecord>();
	for (const entity of Object.values(entities)) {
		for (const row of client.rows<Record<string, unknown>>(`SELECT * FROM ${entity.table}`)) {
			const record = decodeRow<Record<string, unknown>>(entity, row);
			const values = Object.entries(entity.fields)
				.filter(([, { kind }]) => kind !== 'text-doc')
				.map(([name]) => [name, record[name]] as const);
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
function compare(truth: Truth, client: SimClient, excused: ReadonlySet<string>): string[] {
	const { name, userId } = client.setup;
	const local = localRecords(client);
	const problems: string[] = [];
	for (const [key, record] of truth.log.records) {
		if (excused.has(key)) local.delete(key);
		if (excused.has(key) || !isVisible(truth, record, userId)) continue;
		const mine = local.get(key);
		const theirs = seenBy(truth, record, userId);
		local.delete(key);
		if (!mine) problems.push(`${name} lacks ${key}`);
		else if (!isDeepStrictEqual(mine.v, theirs.values))
			problems.push(`${name} differs in ${key}: ${differences(mine.v, theirs.values)}`);
		else if (!isDeepStrictEqual(mine.fv, theirs.versions))
			problems.push(`${name} has other versions of ${key}: ${differences(mine.fv, theirs.versions)}`);
		else if (mine.isDeleted !== record.isDeleted) problems.push(`${name} has ${key} deleted: ${mine.isDeleted}`);
	}
	// What was made in, or moved to, an account of somebody else stays to be mended.
	const isAstray = ({ op }: Refused) => op.k === 'create' || (op.k === 'set' && op.f.account_id !== undefined);
	const ghosts = new Set(truth.log.refused.filter(isAstray).map(({ op }) => `${op.t} ${op.id}`));
	for (const [key, { v }] of local) {
		// A decision about a conflict that the server had lost meanwhile: nobody is asked any more.
		if (key.startsWith('conflict ') && v['decided_at']) continue;
		if (!ghosts.has(key)) problems.push(`${name} has ${key}, which the server has not for them`);
	}
	return problems;
}

/** Of what a person may not see any more nothing is left: neither words nor history, nor in the index. */
function checkTraces(truth: Truth, client: SimClient): string[] {
	const { name, userId } = client.setup;
	const places = client.rows<{ place: string; id: string }>(
		`SELECT DISTINCT 'text' AS place, row_id AS id FROM text_update
		UNION SELECT 'history', row_id FROM history UNION SELECT 'search', row_id FROM search_doc
		UNION SELECT 'standing', row_id FROM standing`,
	);
	const byId = new Map([...truth.log.records.values()].map((record) => [record.id, record]));
	const refused = new Set(truth.log.refused.map(({ op }) => op.id));
	return places
		.filter(({ id }) => {
			const record = byId.get(id);
			return record !== undefined && !refused.has(id) && !isVisible(truth, record, userId);
		})
		.map(({ place, id }) => `${name} still has ${place} of ${id}, which has gone from them`);
}

function differences(mine: Record<string, unknown>, theirs: Record<string, unknown>): string {
	return [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
		.filter((field) => !isDeepStrictEqual(mine[field], theirs[field]))
		.map((field) => `${field} ${JSON.stringify(mine[field])} / server ${JSON.stringify(theirs[field])}`)
		.join('; ');
}
