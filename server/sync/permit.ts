import type { Op } from '../../shared/sync/protocol.ts';
import { parseVersion } from '../../shared/sync/version.ts';
import type { Access } from './access.ts';
import { hiddenFields, type Kind, mayRead, mayWrite, type Role } from './permissions.ts';
import { countedAs, type GroupPlace, type PushBatch } from './push-batch.ts';
import { holderOf, kindOf, type RecordState, recordKey } from './record-state.ts';

/** Work on an account that was taken away counts as made in time up to this long after. */
const GRACE_MS = 30 * 86_400_000;

/**
 * What an author may do with a record: `late` when they had it and no longer do, but the edit was made in time;
 * `read_only` when they see it; `no_access` when they do not.
 */
export type Permit = 'ok' | 'late' | 'read_only' | 'no_access';

export interface Request {
	hlc: Op['hlc'];
	place: GroupPlace;
}

/** Whether an author may change `record`. */
export function permitFor(batch: PushBatch, record: RecordState, request: Request): Permit {
	const access = batch.access.get(request.place.author.user);
	const kind = kindOf(record);
	if (record.accountId === null) return isOwn(record, request.place.author.user) ? 'ok' : 'no_access';
	const permit = permitOn(access, { account: record.accountId, kind }, timeOf(batch, request));
	if (permit !== 'no_access' || !access) return permit;
	// It went to another account while this person worked on it.
	const former = batch.formerPlaces.get(recordKey(record.entity, record.id)) ?? [];
	const inTime = timeOf(batch, request);
	const isLate = former.some(
		({ account, until }) =>
			inTime <= Date.parse(until) + GRACE_MS && ['ok', 'late'].includes(permitOn(access, { account, kind }, inTime)),
	);
	return isLate ? 'late' : permit;
}

/** Whether an author may make a record of this kind in an account, or move one there. */
export function permitIn(batch: PushBatch, target: { account: string; kind: Kind }, request: Request): Permit {
	return permitOn(batch.access.get(request.place.author.user), target, timeOf(batch, request));
}

/** Whether an author sees `record` now. */
export function maySee(batch: PushBatch, record: RecordState, user: string): boolean {
	if (record.entity === 'handover' && isOwn(record, user)) return true;
	if (record.accountId === null) return isOwn(record, user);
	const role = batch.access.get(user)?.grants.get(record.accountId)?.role;
	return role !== undefined && mayRead(role, kindOf(record));
}

/** Fields among `fields` that the author's role on the account does not see, and so cannot write. */
export function fieldsNotTheirs(
	batch: PushBatch,
	record: Pick<RecordState, 'entity' | 'accountId'>,
	{ user, fields }: { user: string; fields: readonly string[] },
): string[] {
	const role = record.accountId === null ? undefined : batch.access.get(user)?.grants.get(record.accountId)?.role;
	if (!role) return [];
	const hidden = hiddenFields(role, record.entity);
	return hidden.size === 0 ? [] : fields.filter((field) => hidden.has(field));
}

function isOwn(record: RecordState, user: string): boolean {
	return record.createdBy === user || holderOf(record) === user;
}

function permitOn(
	access: Access | undefined,
	{ account, kind }: { account: string; kind: Kind },
	atMs: number,
): Permit {
	const role = access?.grants.get(account)?.role;
	if (role) return permitOfRole(role, kind);
	const last = access?.closed.findLast((grant) => grant.account === account);
	if (!last || atMs > Date.parse(last.toAt) + GRACE_MS) return 'no_access';
	return mayWrite(last.role, kind) ? 'late' : 'no_access';
}

function permitOfRole(role: Role, kind: Kind): Permit {
	if (mayWrite(role, kind)) return 'ok';
	return mayRead(role, kind) ? 'read_only' : 'no_access';
}

/** When an edit was made by its version, but never later than now: a clock that runs ahead must not end somebody's time. */
function timeOf(batch: PushBatch, { hlc }: Request): number {
	return parseVersion(countedAs(hlc, batch.now))?.ms ?? batch.now.getTime();
}
