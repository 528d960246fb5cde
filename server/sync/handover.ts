import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Entity } from '../../shared/entities/define.ts';
import type { Op, Refusal } from '../../shared/sync/protocol.ts';
import { nextVersion } from '../../shared/sync/version.ts';
import type { Trx } from '../store/transaction.ts';
import type { PlacedOp } from './apply-op.ts';
import { joinLines, type Line, linesOf, summaryOf, withinLimits } from './handover-lines.ts';
import { maySee } from './permit.ts';
import type { GroupPlace, PushBatch } from './push-batch.ts';
import { newRecord, type RecordState, readRecord, recordKey, type StoredRecord, setVersion } from './record-state.ts';
import { SERVER_SHORT } from './server-short.ts';

/** What of one push goes to an account's people for them to take over. */
export interface HandoverDraft {
	account: string | null;
	kind: 'APPLIED' | 'HELD';
	place: GroupPlace;
	items: Array<{ op: Op; entity: Entity; title: string; reason?: Refusal }>;
}

/** Notes an operation that was applied although its account had gone to somebody else. */
export function noteLate(batch: PushBatch, item: PlacedOp, account: string | null): void {
	addItem(batch, item, { account, kind: 'APPLIED' });
}

/**
 * Keeps a refused operation at hand: for its account's people, and for the time its record comes. An operation whose
 * record is not known is nobody's to take over.
 */
export function noteHeld(
	batch: PushBatch,
	item: PlacedOp,
	{ reason, account }: { reason: Refusal; account: string | null },
): void {
	const { op, place } = item;
	if (reason !== 'no_record') addItem(batch, item, { account: knownAccount(batch, account), kind: 'HELD', reason });
	const isHeldBefore = batch.held
		.get(recordKey(op.t, op.id))
		?.some((held) => held.op.hlc === op.hlc && held.op.k === op.k);
	if (isHeldBefore || (reason !== 'no_record' && op.k !== 'create')) return;
	batch.holding.push({
		device: place.author.device,
		group_no: place.no,
		op_no: place.op,
		entity: op.t,
		row_id: op.id,
		user_id: place.author.user,
		account_id: knownAccount(batch, account),
		reason,
		payload: JSON.stringify(op),
		origin: place.origin,
		device_at: place.at,
		server_at: batch.now.toISOString(),
	});
}

function knownAccount(batch: PushBatch, account: string | null): string | null {
	return account !== null && batch.accounts.has(account) ? account : null;
}

function addItem(
	batch: PushBatch,
	item: PlacedOp,
	{ account, kind, reason }: { account: string | null; kind: HandoverDraft['kind']; reason?: Refusal },
): void {
	const { op, entity, place } = item;
	const key = JSON.stringify([place.author.user, account, kind]);
	const draft = batch.handovers.get(key) ?? { account, kind, place, items: [] };
	batch.handovers.set(key, draft);
	draft.items.push({ op, entity, title: titleFor(batch, item), ...(reason ? { reason } : {}) });
}

/** The record's name as its author may know it: what has become of it since they lost the account is not theirs to see. */
function titleFor(batch: PushBatch, { op, entity, place }: PlacedOp): string {
	const written = op.k === 'create' ? op.v[entity.title] : op.k === 'set' ? op.f[entity.title]?.v : undefined;
	if (typeof written === 'string') return written;
	const record = batch.records.get(recordKey(op.t, op.id));
	if (!record) return '';
	const { user } = place.author;
	const last = batch.access.get(user)?.closed.findLast((grant) => grant.account === record.accountId);
	const isKnown = maySee(batch, record, user) || (last !== undefined && record.seq <= last.toSeq);
	const title = record.data[entity.title];
	return isKnown && typeof title === 'string' ? title : '';
}

/**
 * The records of a push's hand-overs: what one person goes on writing is added to the hand-over that is still open. One
 * that this store has already, as when it was sent again under another device's name, is left out.
 */
export async function makeHandovers(trx: Trx, batch: PushBatch): Promise<RecordState[]> {
	if (batch.handovers.size === 0) return [];
	const drafts = new Map([...batch.handovers.values()].map((draft) => [idOf(draft), draft]));
	const found = await trx
		.selectFrom('record')
		.select('id')
		.where('entity', '=', 'handover')
		.where('id', 'in', [...drafts.keys()])
		.execute();
	for (const { id } of found) drafts.delete(id);
	const managers = await managersOf(trx, [...drafts.values()]);
	const made: RecordState[] = [];
	for (const [id, draft] of drafts) {
		const open = await findOpen(trx, batch, draft);
		made.push(
			(open && (await addTo(open, draft, { trx, now: batch.now }))) ??
				(await makeHandover(id, draft, { trx, now: batch.now, managers })),
		);
	}
	return made;
}

async function findOpen(trx: Trx, batch: PushBatch, draft: HandoverDraft): Promise<RecordState | undefined> {
	const { rows } = await sql<StoredRecord>`
		select entity, id, account_id, holder, data::text as data, versions, clamped, created_at, created_by, deleted_at, seq
		from record where entity = 'handover' and created_by = ${draft.place.author.user} and deleted_at is null
			and account_id is not distinct from ${draft.account}::text and data->>'kind' = ${draft.kind}
			and data->>'taken_at' is null
		order by created_at desc, id limit 1 for update`.execute(trx);
	const row = rows[0];
	if (!row) return undefined;
	const record = batch.records.get(recordKey(row.entity, row.id)) ?? readRecord(row);
	return record.data.taken_at == null && record.deletedAt === null ? record : undefined;
}

/** Undefined when it has no room for all of it: nothing that it holds may be left out for what comes. */
async function addTo(
	open: RecordState,
	draft: HandoverDraft,
	{ trx, now }: { trx: Trx; now: Date },
): Promise<RecordState | undefined> {
	const before = Array.isArray(open.data.changes) ? (open.data.changes as Line[]) : [];
	const lines = joinLines(before, await linesOf(trx, draft, open.createdAt));
	if (withinLimits(lines).length < lines.length) return undefined;
	Object.assign(open.data, { summary: summaryOf(lines), changes: lines, received_at: now.toISOString() });
	// `taken_at` too: who takes it over without having seen what was added does not take that over.
	for (const field of ['summary', 'changes', 'received_at', 'taken_at']) {
		const version = nextVersion(open.versions[field] ?? open.versions['*'], now.getTime(), SERVER_SHORT);
		setVersion(open, field, { version, counted: version });
	}
	return open;
}

async function managersOf(trx: Trx, drafts: readonly HandoverDraft[]): Promise<Map<string, string>> {
	const users = [...new Set(drafts.map((draft) => draft.place.author.user))];
	if (users.length === 0) return new Map();
	const rows = await trx.selectFrom('reporting_line').selectAll().where('user_id', 'in', users).execute();
	return new Map(rows.map((row) => [row.user_id, row.manager_id]));
}

async function makeHandover(
	id: string,
	draft: HandoverDraft,
	{ trx, now, managers }: { trx: Trx; now: Date; managers: ReadonlyMap<string, string> },
): Promise<RecordState> {
	const { account, kind, place } = draft;
	const { user } = place.author;
	const lines = await linesOf(trx, draft, null);
	return newRecord('handover', id, {
		data: {
			...(account === null ? {} : { account_id: account }),
			from_user: user,
			kind,
			summary: summaryOf(lines),
			changes: withinLimits(lines),
			written_at: place.at,
			received_at: now.toISOString(),
		},
		versions: { '*': nextVersion(undefined, now.getTime(), SERVER_SHORT) },
		createdAt: now.toISOString(),
		createdBy: user,
		shownTo: kind === 'HELD' ? (managers.get(user) ?? null) : null,
	});
}

/** The same for the same edits, under whatever device name they come. */
function idOf({ account, kind, items }: HandoverDraft): string {
	const edits = items.map(({ op }) => [op.hlc, op.k, op.t, op.id].join(' ')).sort();
	return `h-${createHash('sha256')
		.update(JSON.stringify([account, kind, edits]))
		.digest('hex')
		.slice(0, 32)}`;
}
