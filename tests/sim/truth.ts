import { aboutOf, hiddenFields, mayRead, mayWrite, type Role, roleOf } from '../../server/sync/permissions.ts';
import { entityByName } from '../../shared/entities/registry.ts';
import { parseVersion } from '../../shared/sync/version.ts';
import { COLLEAGUES } from './people.ts';
import { type Refused, readLog, type ServerLog, type ServerRecord } from './server-log.ts';
import type { World } from './world.ts';

/** Late work counts as made in time for so long after its account has gone. */
const GRACE_MS = 30 * 86_400_000;

/** What the server holds at the end, and who may see it. */
export interface Truth {
	world: World;
	log: ServerLog;
	/** By person: their accounts and what they are on each. */
	scopes: ReadonlyMap<string, ReadonlyMap<string, Role>>;
}

export async function readTruth(world: World): Promise<Truth> {
	const scopes = new Map<string, ReadonlyMap<string, Role>>();
	for (const { userId } of COLLEAGUES) scopes.set(userId, await world.server.scopeOf(userId));
	return { world, log: await readLog(world.server), scopes };
}

/** Whether a person may see a record now. */
export function isVisible({ scopes }: Truth, record: ServerRecord, userId: string): boolean {
	const isOwn = record.created_by === userId || record.holder === userId;
	if (record.account_id === null) return entityByName(record.entity)?.sync === 'pull' || isOwn;
	if (record.entity === 'handover' && isOwn) return true;
	const role = scopes.get(userId)?.get(record.account_id);
	return role !== undefined && mayRead(role, record);
}

/** A record's values and versions as a person sees them. */
export function seenBy(
	{ scopes }: Truth,
	record: ServerRecord,
	userId: string,
): Pick<ServerRecord, 'values' | 'versions'> {
	const role = record.account_id === null ? undefined : scopes.get(userId)?.get(record.account_id);
	const hidden = role ? hiddenFields(role, record.entity) : new Set<string>();
	if (hidden.size === 0) return record;
	const rest = <T>(of: Record<string, T>) =>
		Object.fromEntries(Object.entries(of).filter(([name]) => !hidden.has(name)));
	return { values: rest(record.values), versions: rest(record.versions) };
}

/**
 * Whether a refused edit was one that its author had every right to: made while they had the account and could write
 * this kind of record there, and sent within the time that late work has. Told by the true time, not by anybody's clock.
 */
export function wasEntitled({ world, log }: Truth, { op, user, at }: Refused): boolean {
	const edit = [...world.ledger.edits.values()].find((known) => known.hlc === op.hlc && known.id === op.id);
	const record = log.records.get(`${op.t} ${op.id}`);
	const account = op.k === 'create' ? op.v.account_id : record?.account_id;
	// A clock that was behind makes an edit older, which only helps it.
	const isMoved = op.k === 'set' && op.f.account_id !== undefined;
	if (!edit || typeof account !== 'string' || isMoved || (record && op.k === 'create')) return false;
	const madeAt = Math.max(edit.madeAt, parseVersion(op.hlc)?.ms ?? 0);
	return log.assignments.some((row) => {
		if (row.user_id !== user || row.account_id !== account) return false;
		const kind = { entity: op.t, about: op.k === 'create' ? aboutOf(op.t, op.v) : record?.about };
		const role = roleOf(row.role);
		const isTheirs = mayWrite(role, kind) && !fieldsOf(op).some((field) => hiddenFields(role, op.t).has(field));
		const isIn = (row.from_at === null || Date.parse(row.from_at) <= edit.madeAt) && isTheirs;
		if (row.to_at === null) return isIn && log.assignments.every((other) => !isLaterThan(other, row));
		const until = Date.parse(row.to_at);
		const isCounted = Math.min(madeAt, Date.parse(at)) <= until + GRACE_MS;
		const isLast = log.assignments.every((other) => !isLaterThan(other, row));
		return isIn && isLast && edit.madeAt <= until && isCounted;
	});
}

function fieldsOf(op: Refused['op']): string[] {
	return op.k === 'create' ? Object.keys(op.v) : op.k === 'set' ? Object.keys(op.f) : [];
}

type Row = ServerLog['assignments'][number];

function isLaterThan(other: Row, row: Row): boolean {
	const isSame = other.user_id === row.user_id && other.account_id === row.account_id;
	return isSame && (other.from_at ?? '') > (row.from_at ?? '');
}
