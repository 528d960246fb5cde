import { entityByName } from '../../shared/entities/registry.ts';
import { isSameValue } from '../../shared/sync/merge.ts';
import type { Op } from '../../shared/sync/protocol.ts';
import { readVersions } from '../../shared/sync/version.ts';
import type { SimServer } from './sim-server.ts';

export interface ServerRecord {
	entity: string;
	id: string;
	account_id: string | null;
	holder: string | null;
	created_by: string | null;
	values: Record<string, unknown>;
	versions: Record<string, string>;
	isDeleted: boolean;
	/** What it is about, where that decides who may see it. */
	about: string | null;
}

export interface HistoryLine {
	seq: number;
	entity: string;
	row_id: string;
	field: string;
	value: unknown;
	version: string;
	base: string | null;
	device: string | null;
	outcome: string;
	stands_as: string | null;
	conflict_id: string | null;
}

export interface ServerLog {
	/** By "entity id". */
	records: Map<string, ServerRecord>;
	/** In the order it was written. */
	history: HistoryLine[];
	/** Updates (base64) with their versions, by "entity id field". */
	texts: Map<string, { hlc: string; bytes: string; seq: number }[]>;
	refused: Refused[];
	/** Who had which account, and when (UTC; null: from the beginning, or still). */
	assignments: AssignmentRow[];
}

export interface Refused {
	reason: string;
	op: Op;
	user: string;
	/** When the server refused it, UTC. */
	at: string;
}

export interface AssignmentRow {
	user_id: string;
	account_id: string;
	role: string;
	from_at: string | null;
	to_at: string | null;
}

const json = <T>(text: string | null): T => (text === null ? null : JSON.parse(text)) as T;

/** All that the server knows of edits. */
export async function readLog(server: SimServer): Promise<ServerLog> {
	const records = await server.query<Record<string, string | null>>(
		'select entity, id, account_id, holder, created_by, about, data::text as data, versions, deleted_at from record order by seq, ord',
	);
	const history = await server.query<HistoryLine & { value: string | null }>(
		'select seq, entity, row_id, field, value::text as value, version, base, device, outcome, stands_as, conflict_id from field_history order by seq, ord, left(version, 17)',
	);
	const texts = await server.query<{ key: string; hlc: string; bytes: string; seq: number }>(
		"select entity || ' ' || row_id || ' ' || field as key, hlc, replace(encode(bytes, 'base64'), E'\\n', '') as bytes, seq from text_update order by seq, ord",
	);
	const refused = await server.query<{ reason: string; payload: string; user_id: string; server_at: string }>(
		'select reason, payload::text as payload, user_id, server_at from quarantine',
	);
	const log: ServerLog = {
		records: new Map(records.map((row) => [`${row.entity} ${row.id}`, toRecord(row)])),
		history: history.map((line) => ({ ...line, value: json(line.value) })),
		texts: new Map(),
		refused: refused.map((row) => ({
			reason: row.reason,
			op: json<Op>(row.payload),
			user: row.user_id,
			at: row.server_at,
		})),
		assignments: await server.query<AssignmentRow>('select user_id, account_id, role, from_at, to_at from assignment'),
	};
	for (const { key, ...text } of texts) log.texts.set(key, [...(log.texts.get(key) ?? []), text]);
	return log;
}

function toRecord(row: Record<string, string | null>): ServerRecord {
	const values = json<Record<string, unknown>>(row.data as string);
	return {
		entity: row.entity as string,
		id: row.id as string,
		account_id: row.account_id as string | null,
		holder: row.holder as string | null,
		created_by: row.created_by as string | null,
		values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)),
		versions: readVersions(row.versions as string),
		isDeleted: row.deleted_at !== null,
		about: row.about as string | null,
	};
}

interface Standing {
	version: string | undefined;
	value: unknown;
}

/**
 * Goes through the log as an auditor would: a value may only replace one that its editor had seen, or one of a field
 * where the later edit holds; whatever clashed must be in a conflict; what stands at the end is what the log says.
 */
export function auditLog(log: ServerLog, hasCopies: boolean): string[] {
	const problems: string[] = [];
	const standing = new Map<string, Standing>();
	const agreed = new Map<string, string>();
	const doubtful = new Set(log.refused.map(({ op }) => op.hlc));
	for (const line of log.history) {
		const row = `${line.entity} ${line.row_id}`;
		if (line.field === '#' || line.field.startsWith('@')) continue;
		if (line.field === '*') {
			if (standing.has(`${row} *`)) problems.push(`${row} was created twice`);
			for (const [field, value] of Object.entries(line.value as object))
				standing.set(`${row} ${field}`, { version: line.version, value });
			standing.set(`${row} *`, { version: line.version, value: null });
			continue;
		}
		problems.push(...auditLine(line, { log, standing, agreed, doubtful, hasCopies }));
	}
	for (const [key, { version, value }] of standing) problems.push(...auditEnd(log, key, { version, value }));
	return problems;
}

interface Audit {
	log: ServerLog;
	standing: Map<string, Standing>;
	/** The standing version that an edit agreed with, by field and edit. */
	agreed: Map<string, string>;
	/** Refused edits, and those made on them: what their editor had seen, the server cannot know, and asks. */
	doubtful: Set<string>;
	/** Copies of a profile share its name until they are found out, and may clash. */
	hasCopies: boolean;
}

function auditLine(line: HistoryLine, { log, standing, agreed, doubtful, hasCopies }: Audit): string[] {
	const row = `${line.entity} ${line.row_id}`;
	const key = `${row} ${line.field}`;
	const now = standing.get(key) ?? { version: standing.get(`${row} *`)?.version, value: null };
	const isLatest = entityByName(line.entity)?.fields[line.field]?.policy === 'latest';
	const said = `${key} ${line.version} (${line.outcome})`;
	const isDoubtful = line.base !== null && doubtful.has(line.base);
	if (isDoubtful) doubtful.add(line.version);
	const isOwn = !hasCopies && now.version?.slice(17) === line.version.slice(17);
	if (line.outcome === 'conflict' && isOwn && !isDoubtful)
		return [`${said}: clashes with ${now.version} of the same laptop`];
	if (line.outcome === 'conflict')
		return log.records.has(`conflict ${line.conflict_id}`) ? [] : [`${said}: its conflict is not kept`];
	if (line.outcome === 'earlier') return isLatest ? [] : [`${said}: settled by a clock`];
	if (line.outcome === 'same') {
		agreed.set(`${key} ${line.version}`, line.stands_as ?? '');
		return isSameValue(line.value, now.value) ? [] : [`${said}: not the same as what stood`];
	}
	standing.set(key, { version: line.version, value: line.value });
	// The server itself writes who has an account; nobody's edit is lost by it.
	if (line.device === null) return [];
	if (line.outcome === 'later') return isLatest ? [] : [`${said}: settled by a clock`];
	if (now.version === undefined || now.version === line.base) return [];
	if (line.base && agreed.get(`${key} ${line.base}`) === now.version) return [];
	return [`${said}: replaced ${now.version}, which its editor had not seen (base ${line.base})`];
}

function auditEnd(log: ServerLog, key: string, { version, value }: Standing): string[] {
	const [entity = '', id = '', field = ''] = key.split(' ');
	const record = log.records.get(`${entity} ${id}`);
	if (!record) return [`${key}: the record is gone`];
	// A conflict's values are the merge's own and have no log.
	if (field === '*' || entity === 'conflict') return [];
	const isKept = isSameValue(record.values[field], value);
	const kept = record.versions[field] ?? record.versions['*'];
	return isKept && kept === version ? [] : [`${key}: the log ends in ${version}, the record has ${kept}`];
}

/** An edit or typing beats a deletion that had not seen it, or that it had not seen. */
export function auditDeletions(log: ServerLog, seenBy: Map<string, Record<string, string> | undefined>): string[] {
	const problems: string[] = [];
	for (const [key, record] of log.records) {
		if (!record.isDeleted) continue;
		const lines = log.history.filter((line) => `${line.entity} ${line.row_id}` === key);
		const index = lines.findLastIndex((line) => line.field === '#' && line.outcome === 'delete');
		const deletion = lines[index];
		if (!deletion) {
			problems.push(`${key} is deleted, but nobody deleted it`);
			continue;
		}
		const by = deletion.version.slice(17);
		for (const line of lines.slice(index + 1)) {
			if (line.field !== '#' && line.version.slice(17) !== by && line.outcome !== 'earlier')
				problems.push(`${key} stays deleted although ${line.field} ${line.version} came after`);
		}
		const seen = seenBy.get(deletion.version);
		if (seen) problems.push(...unseenAt(key, lines.slice(0, index), { seen, by }));
	}
	return problems;
}

function unseenAt(key: string, lines: HistoryLine[], by: { seen: Record<string, string>; by: string }): string[] {
	const last = new Map<string, HistoryLine>();
	for (const line of lines) if (line.outcome === 'apply' || line.outcome === 'later') last.set(line.field, line);
	return [...last.values()]
		.filter((line) => line.field !== '#' && line.version.slice(17) !== by.by)
		.filter((line) => line.version !== (by.seen[line.field] ?? by.seen['*']))
		.map((line) => `${key} was deleted over ${line.field} ${line.version}, which the deleter had not seen`);
}
