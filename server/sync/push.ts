import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { groupSchema, LIMITS, type OpResult, type PushReply, pushRequest } from '../../shared/sync/protocol.ts';
import { parseVersion } from '../../shared/sync/version.ts';
import { ApiError } from '../api-error.ts';
import { refuseGone } from '../security/departure.ts';
import { inReach } from '../store/reach.ts';
import type { DeviceRow, QuarantineRow } from '../store/tables.ts';
import { type Trx, topSeq } from '../store/transaction.ts';
import { insertGroups, insertQuarantine } from '../store/write-rows.ts';
import { applyOp } from './apply-op.ts';
import { checkOp, isPlainText } from './check-op.ts';
import { releaseHeld } from './held-ops.ts';
import { loadBatch, type Named } from './load-batch.ts';
import { reviveParts } from './parts.ts';
import { maySee } from './permit.ts';
import type { GroupPlace, PushBatch, Verdict } from './push-batch.ts';
import { recordKey } from './record-state.ts';
import type { SyncCore, User } from './sync-core.ts';
import { writeBatch } from './write-batch.ts';

/** The request with its operations unread: each is judged by itself, so that one bad operation cannot stop a queue. */
const envelope = pushRequest.extend({
	groups: z.array(groupSchema.extend({ ops: z.array(z.unknown()).max(LIMITS.opsPerGroup) })).max(LIMITS.opsPerPush),
});
type Envelope = z.infer<typeof envelope>;
type RawGroup = Envelope['groups'][number];

/**
 * Takes a device's groups: all new ones in one transaction, those it had already accepted not again (they get the
 * answer they got then). Throws ApiError 400 `bad_request`, 409 `unknown_device`, `fork` or `gap`, 413 `too_large`.
 */
export async function push(core: SyncCore, user: User, body: unknown): Promise<PushReply> {
	const parsed = envelope.safeParse(body);
	if (!parsed.success) throw new ApiError(400, 'bad_request', 'The body is not a push request.');
	const request = parsed.data;
	const ops = request.groups.reduce((sum, group) => sum + group.ops.length, 0);
	if (ops > LIMITS.opsPerPush) throw new ApiError(413, 'too_large', `More than ${LIMITS.opsPerPush} operations.`);
	const reply = await inReach(core.db, { user: user.id, how: 'write' }, async (trx) => {
		const taken = await takeGroups(trx, request, { user, now: core.clock(), crashPoint: core.crashPoint });
		core.crashPoint?.('push:before-commit');
		return taken;
	});
	core.crashPoint?.('push:after-commit');
	return reply;
}

interface By {
	user: User;
	now: Date;
	crashPoint: SyncCore['crashPoint'];
}

async function takeGroups(trx: Trx, request: Envelope, by: By): Promise<PushReply> {
	const device = await lockDevice(trx, request, by.user);
	await refuseGone(trx, device.id, by.now);
	by.crashPoint?.('push:locked');
	const lastGroup = Number(device.last_group);
	const fresh = request.groups.filter((group) => group.no > lastGroup);
	fresh.forEach((group, index) => {
		if (group.no !== lastGroup + 1 + index) throw new ApiError(409, 'gap', `Expected group ${lastGroup + 1 + index}.`);
	});
	const known = await answersGiven(
		trx,
		device,
		request.groups.filter((group) => group.no <= lastGroup),
	);
	const batch = await loadBatch(trx, namesIn(fresh, device), { ...by, device });
	const quarantine: QuarantineRow[] = [];
	const answers = fresh.map((group) => ({ group, results: applyGroup(batch, group, quarantine) }));
	releaseHeld(batch);
	await reviveParts(trx, batch);
	const seq = fresh.length > 0 ? await writeBatch(trx, batch) : await topSeq(trx);
	by.crashPoint?.('push:half-written');
	await insertQuarantine(trx, quarantine);
	await recordGroups(trx, device, { answers, seq });
	// Never further than the request went: what comes after may be a copy's, and the sender would take it for its own.
	const ackedThrough = request.groups.at(-1)?.no ?? 0;
	// A request that arrives twice must not use up the nonce its first reply has handed out.
	if (fresh.length === 0) return { ackedThrough, nonce: device.nonce, seq, results: known };
	const nonce = randomUUID();
	await trx
		.updateTable('device')
		.set({ last_group: ackedThrough, nonce, previous_nonce: request.nonce, last_seen_at: by.now.toISOString() })
		.where('id', '=', device.id)
		.execute();
	return { ackedThrough, nonce, seq, results: [...known, ...answers.flatMap((answer) => answer.results)] };
}

/** The nonce of the previous push stays good until the new one is used: its reply may have been lost. */
async function lockDevice(trx: Trx, request: Envelope, user: User): Promise<DeviceRow> {
	const device = await trx
		.selectFrom('device')
		.selectAll()
		.where('id', '=', request.device)
		.forUpdate()
		.executeTakeFirst();
	if (!device) throw new ApiError(409, 'unknown_device', 'This device has not said hello.');
	if (device.user_id !== user.id) throw new ApiError(403, 'no_access', 'This device belongs to another user.');
	if (request.nonce !== device.nonce && request.nonce !== device.previous_nonce) throw forked();
	return device;
}

function forked(): ApiError {
	return new ApiError(409, 'fork', 'Another copy of this profile has pushed under the same device.');
}

/**
 * The answers to groups sent again. A group under a number already taken must hold the same edits: a copied profile
 * counts on from the same number, and to skip its group as a repetition would lose it.
 */
async function answersGiven(trx: Trx, device: DeviceRow, groups: readonly RawGroup[]): Promise<OpResult[]> {
	if (groups.length === 0) return [];
	const numbers = groups.map((group) => group.no);
	const rows = await trx
		.selectFrom('push_group')
		.select(['no', 'hash', (eb) => eb.cast<string | null>('results', 'text').as('results')])
		.where('device', '=', device.id)
		.where('no', 'in', numbers)
		.orderBy('no')
		.execute();
	const stored = new Map(rows.map((row) => [Number(row.no), row]));
	for (const group of groups) {
		const before = stored.get(group.no)?.hash;
		const again = editsOf(group);
		if (before && again && before !== again) throw forked();
	}
	return rows.flatMap((row) => (row.results ? (JSON.parse(row.results) as OpResult[]) : []));
}

/**
 * What a group says, as a hash; empty for one that was emptied. Two copies of a profile whose clock was set back can give
 * the same versions to different edits, so versions alone do not tell. The values of a creation do not count: an import's
 * rows are sent as they are at that moment.
 */
function editsOf(group: RawGroup): string {
	if (group.ops.length === 0) return '';
	const edits = group.ops.map((op) => {
		const content = typeof op === 'object' && op !== null && ('f' in op ? op.f : 'u' in op ? op.u : undefined);
		return JSON.stringify([textAt(op, 'hlc'), textAt(op, 'k'), textAt(op, 't'), textAt(op, 'id'), content]);
	});
	return createHash('sha256').update(edits.sort().join('\n')).digest('hex');
}

function namesIn(groups: readonly RawGroup[], device: DeviceRow): Named {
	const records: Array<{ entity: string; id: string }> = [];
	const accounts = new Set<string>();
	const bases = new Set<string>();
	const renamed = new Set<string>();
	for (const op of groups.flatMap((group) => group.ops)) {
		const [entity, id] = [textAt(op, 't'), textAt(op, 'id')];
		if (entity && id && isPlainText(entity + id)) records.push({ entity, id });
		const version = parseVersion(textAt(op, 'hlc') ?? '');
		if (version && version.device !== device.short) renamed.add(textAt(op, 'hlc') ?? '');
		const account = accountIn(op);
		if (account && isPlainText(account)) accounts.add(account);
		const edits = typeof op === 'object' && op !== null && 'f' in op ? op.f : undefined;
		if (typeof edits !== 'object' || edits === null) continue;
		for (const edit of Object.values(edits)) {
			const base = textAt(edit, 'base');
			if (base && isPlainText(base)) bases.add(base);
		}
	}
	return { records, accounts: [...accounts], bases: [...bases], renamed: [...renamed] };
}

/** The account an operation makes a record in or moves it to. */
function accountIn(op: unknown): string | undefined {
	if (typeof op !== 'object' || op === null) return undefined;
	if ('v' in op) return textAt(op.v, 'account_id');
	if (!('f' in op) || typeof op.f !== 'object' || op.f === null) return undefined;
	return 'account_id' in op.f ? textAt(op.f.account_id, 'v') : undefined;
}

function textAt(value: unknown, key: string): string | undefined {
	if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
	const text = (value as Record<string, unknown>)[key];
	return typeof text === 'string' ? text : undefined;
}

function applyGroup(batch: PushBatch, group: RawGroup, quarantine: QuarantineRow[]): OpResult[] {
	const results: OpResult[] = [];
	const place = { no: group.no, at: group.at.replaceAll('\0', ''), origin: group.origin, author: batch.author };
	group.ops.forEach((raw, op) => {
		const verdict = judge(batch, raw, { ...place, op });
		if (!verdict) return;
		results.push({ no: group.no, op, ...verdict });
		if (verdict.s !== 'refused') return;
		quarantine.push({
			device: batch.device.id,
			group_no: group.no,
			op_no: op,
			user_id: batch.author.user,
			reason: verdict.reason ?? '',
			payload: JSON.stringify(raw),
			device_at: place.at,
			server_at: batch.now.toISOString(),
		});
	});
	return results;
}

function judge(batch: PushBatch, raw: unknown, place: GroupPlace): Verdict {
	const checked = checkOp(raw, place.origin);
	if (!('refused' in checked)) return applyOp(batch, { ...checked, place });
	// Sent out again, so that the laptop shows what really stands.
	const record = batch.records.get(recordKey(textAt(raw, 't') ?? '', textAt(raw, 'id') ?? ''));
	if (record && maySee(batch, record, batch.author.user)) batch.touched.add(record);
	return { s: 'refused', reason: checked.refused, ...(checked.fields ? { fields: checked.fields } : {}) };
}

async function recordGroups(
	trx: Trx,
	device: DeviceRow,
	{ answers, seq }: { answers: ReadonlyArray<{ group: RawGroup; results: OpResult[] }>; seq: number },
): Promise<void> {
	await insertGroups(
		trx,
		answers.map(({ group, results }) => ({
			device: device.id,
			no: group.no,
			hash: editsOf(group),
			results: results.length > 0 ? JSON.stringify(results) : null,
			seq,
		})),
	);
}
