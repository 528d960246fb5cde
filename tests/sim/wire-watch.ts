import { hiddenFields, mayRead, type Role } from '../../server/sync/permissions.ts';
import type { PullLine } from '../../shared/sync/protocol.ts';
import type { SimServer, WireReply, WireRequest } from './sim-server.ts';

/**
 * Reads what a pull sends, as somebody on the wire would, and tells of every record its reader may not have at that
 * moment. `holders`: who each token belongs to.
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
	const records = await server.query<{ id: string; account_id: string | null; about: string | null; own: boolean }>(
		`select id, account_id, about, coalesce(created_by = $2 or holder = $2, false) as own
		from record where id = any($1::text[])`,
		[data.map((line) => line.id), userId],
	);
	const byId = new Map(records.map((record) => [record.id, record]));
	return data.flatMap((line) => {
		const record = byId.get(line.id);
		if (!record) return [`${userId} was sent ${line.t} ${line.id}, which is not there`];
		if (record.account_id === null || (line.t === 'handover' && record.own)) return [];
		const role = scope.get(record.account_id);
		const isTheirs = role !== undefined && mayRead(role, { entity: line.t, about: record.about });
		if (!isTheirs) return [`${userId} was sent ${line.t} ${line.id} of ${record.account_id}, which is not theirs`];
		return 'v' in line ? leakedFields(role, line).map((field) => `${userId} was sent ${field} of ${line.id}`) : [];
	});
}

function leakedFields(role: Role, line: Extract<PullLine, { v: object }>): string[] {
	const hidden = hiddenFields(role, line.t);
	return Object.keys(line.v).filter((field) => hidden.has(field));
}
