import { aboutOf, hiddenFields, mayRead, type Role } from '../../server/sync/permissions.ts';
import type { PullLine } from '../../shared/sync/protocol.ts';
import type { SimServer, WireReply, WireRequest } from './sim-server.ts';

/**
 * Reads what a pull sends, as somebody on the wire would, and tells of every record its reader may not have at that
 * moment.
 */
export async function findLeaks(
	server: SimServer,
	{ request, reply, userId }: { request: WireRequest; reply: WireReply; userId: string },
): Promise<string[]> {
	if (reply.status !== 200 || !request.path.startsWith('/v1/sync/pull')) return [];
	const lines = reply.bytes
		.toString()
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as PullLine);
	const data = lines.filter((line) => 'v' in line || 'y' in line);
	if (data.length === 0) return [];
	const scope = await server.scopeOf(userId);
	const records = await readOthers(server, { data, userId });
	return data.flatMap((line) => {
		const record = 'v' in line && isOnAccount(line) ? placeOf(line) : records.get(line.id);
		if (!record) return [`${userId} was sent ${line.t} ${line.id}, which is not there`];
		if (record.account_id === null || (line.t === 'handover' && record.own)) return [];
		const role = scope.get(record.account_id);
		const isTheirs = role !== undefined && mayRead(role, { entity: line.t, about: record.about });
		if (!isTheirs) return [`${userId} was sent ${line.t} ${line.id} of ${record.account_id}, which is not theirs`];
		return 'v' in line ? leakedFields(role, line).map((field) => `${userId} was sent ${field} of ${line.id}`) : [];
	});
}

interface Place {
	account_id: string | null;
	about: string | null;
	/** The reader's own, on whatever account. */
	own: boolean;
}

type Row = Extract<PullLine, { v: object }>;

/** Most records say themselves where they lie. */
function isOnAccount({ t, v }: Row): boolean {
	return t === 'account' || (typeof v['account_id'] === 'string' && t !== 'handover');
}

function placeOf({ t, id, v }: Row): Place {
	return { account_id: t === 'account' ? id : String(v['account_id']), about: aboutOf(t, v), own: false };
}

/** Where those lie that do not say it: typing, and records of nobody's account. */
async function readOthers(
	server: SimServer,
	{ data, userId }: { data: readonly (Row | Extract<PullLine, { y: string }>)[]; userId: string },
): Promise<Map<string, Place>> {
	const ids = data.filter((line) => !('v' in line && isOnAccount(line))).map(({ id }) => id);
	if (ids.length === 0) return new Map();
	const records = await server.query<Place & { id: string }>(
		`select id, account_id, about, coalesce(created_by = $2 or holder = $2, false) as own
		from record where id = any($1::text[])`,
		[ids, userId],
	);
	return new Map(records.map((record) => [record.id, record]));
}

function leakedFields(role: Role, line: Row): string[] {
	const hidden = hiddenFields(role, line.t);
	return Object.keys(line.v).filter((field) => hidden.has(field));
}
