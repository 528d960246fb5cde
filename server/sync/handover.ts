import { createHash } from 'node:crypto';
import type { Entity } from '../../shared/entities/define.ts';
import type { Op, Refusal } from '../../shared/sync/protocol.ts';
import { nextVersion } from '../../shared/sync/version.ts';
import type { Trx } from '../store/transaction.ts';
import type { PlacedOp } from './apply-op.ts';
import { SERVER_SHORT } from './hello.ts';
import { maySee } from './permit.ts';
import type { GroupPlace, PushBatch } from './push-batch.ts';
import { LIFE, newRecord, type RecordState, recordKey } from './record-state.ts';
import { wordsTyped } from './words-typed.ts';

/** What of one group goes to an account's people for them to take over. */
export interface HandoverDraft {
	account: string | null;
	kind: 'APPLIED' | 'HELD';
	place: GroupPlace;
	items: Array<{ op: Op; entity: Entity; title: string; reason?: Refusal }>;
}

interface Line {
	entity: string;
	row_id: string;
	title: string;
	field: string;
	value: unknown;
	reason?: Refusal;
}

const MOST_LINES = 500;
/** UTF-16 units of all values together; what is beyond stays in the quarantine alone. */
const MOST_TEXT = 1_000_000;
const LONGEST_SUMMARY = 2000;
const THINGS_IN_SUMMARY = 4;

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
	const key = JSON.stringify([place.author.device, place.no, account, kind]);
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

/** Makes the records of a push's hand-overs. One that this store has already, as when it was sent again under another device's name, is left out. */
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
	for (const [id, draft] of drafts) made.push(await makeHandover(id, draft, { now: batch.now, managers }));
	return made;
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
	{ now, managers }: { now: Date; managers: ReadonlyMap<string, string> },
): Promise<RecordState> {
	const { account, kind, place } = draft;
	const { user } = place.author;
	return newRecord('handover', id, {
		data: {
			...(account === null ? {} : { account_id: account }),
			from_user: user,
			kind,
			summary: summaryOf(draft),
			changes: await linesOf(draft),
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

/** "Issue “Late invoice”: Status, Due; Note “Call”: Text; and 3 more". */
function summaryOf({ items }: HandoverDraft): string {
	const things = new Map<string, { head: string; parts: Set<string> }>();
	for (const { op, entity, title } of items) {
		const key = recordKey(op.t, op.id);
		const thing = things.get(key) ?? { head: entity.label, parts: new Set() };
		if (title) thing.head = `${entity.label} “${title.slice(0, 120)}”`;
		things.set(key, thing);
		for (const part of partsOf(op, entity)) thing.parts.add(part);
	}
	const named = [...things.values()].map(({ head, parts }) => `${head}: ${[...parts].join(', ')}`);
	const more = named.length - THINGS_IN_SUMMARY;
	const text = [...named.slice(0, THINGS_IN_SUMMARY), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
	return text.length > LONGEST_SUMMARY ? `${text.slice(0, LONGEST_SUMMARY - 1)}…` : text;
}

function partsOf(op: Op, entity: Entity): string[] {
	const label = (field: string) => entity.fields[field]?.label ?? field;
	switch (op.k) {
		case 'create':
			return ['new'];
		case 'set':
			return Object.keys(op.f).map(label);
		case 'text':
			return [label(op.field)];
		case 'delete':
			return ['deleted'];
		case 'undelete':
			return ['brought back'];
	}
}

async function linesOf({ items, kind }: HandoverDraft): Promise<Line[]> {
	const lines: Line[] = [];
	let room = MOST_TEXT;
	for (const { op, title, reason } of items) {
		const base = { entity: op.t, row_id: op.id, title, ...(reason ? { reason } : {}) };
		for (const [field, value] of await valuesOf(op, kind)) {
			room -= JSON.stringify(value)?.length ?? 0;
			if (lines.length >= MOST_LINES || room < 0) return lines;
			lines.push({ ...base, field, value });
		}
	}
	return lines;
}

/** What was applied stands in its record; of what was held back every value is listed. */
async function valuesOf(op: Op, kind: HandoverDraft['kind']): Promise<Array<[string, unknown]>> {
	switch (op.k) {
		case 'create':
			return kind === 'APPLIED' ? [['*', null]] : [['*', null], ...Object.entries(op.v)];
		case 'set':
			return Object.entries(op.f).map(([field, edit]) => [field, edit.v]);
		case 'text':
			return [[op.field, await wordsTyped(op.u)]];
		case 'delete':
			return [[LIFE, 'deleted']];
		case 'undelete':
			return [[LIFE, 'back']];
	}
}
