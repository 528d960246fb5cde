import { sql } from 'kysely';
import { quoted } from '../../shared/domain/quoted.ts';
import { entityByName } from '../../shared/entities/registry.ts';
import type { Op, Refusal } from '../../shared/sync/protocol.ts';
import type { Trx } from '../store/transaction.ts';
import type { HandoverDraft } from './handover.ts';
import { LIFE, recordKey } from './record-state.ts';
import { wordsTyped } from './words-typed.ts';

/** One edit in a hand-over. */
export interface Line {
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

/** As many of the lines as one hand-over may hold. */
export function withinLimits(lines: readonly Line[]): Line[] {
	let room = MOST_TEXT;
	const end = lines.findIndex((line) => {
		room -= JSON.stringify(line.value)?.length ?? 0;
		return room < 0;
	});
	return lines.slice(0, Math.min(MOST_LINES, end === -1 ? lines.length : end));
}

/** Adds lines: the typing of one text is one line, and what is there word for word is there once. */
export function joinLines(before: readonly Line[], added: readonly Line[]): Line[] {
	const lines = [...before];
	for (const line of added) {
		const at = lines.findIndex((one) => isSamePlace(one, line) && (isTyping(line) || isSame(one, line)));
		const known = lines[at];
		// Who lost the account may not know the record's name any more.
		if (known) lines[at] = { ...line, title: line.title || known.title };
		else lines.push(line);
	}
	return lines;
}

function isSamePlace(one: Line, other: Line): boolean {
	return one.entity === other.entity && one.row_id === other.row_id && one.field === other.field;
}

function isSame(one: Line, other: Line): boolean {
	return one.reason === other.reason && JSON.stringify(one.value) === JSON.stringify(other.value);
}

function isTyping({ entity, field }: Line): boolean {
	return entityByName(entity)?.fields[field]?.kind === 'text-doc';
}

/**
 * Every line of a draft, whatever their number. `since`: UTC instant from which on the author's typing in the same texts
 * counts with it, or null for what the draft has alone.
 */
export async function linesOf(trx: Trx, draft: HandoverDraft, since: string | null): Promise<Line[]> {
	const typing = await readTyping(trx, draft, since);
	const lines: Line[] = [];
	for (const { op, title, reason } of draft.items) {
		const base = { entity: op.t, row_id: op.id, title, ...(reason ? { reason } : {}) };
		for (const [field, value] of await valuesOf(op, { kind: draft.kind, typing }))
			lines.push({ ...base, field, value });
	}
	return joinLines([], lines);
}

/** A text's updates: those whose words are wanted, and the rest of the document they are in. */
interface Typing {
	typed: string[];
	rest: string[];
}

const textKey = (id: string, field: string) => `${id}\0${field}`;

async function readTyping(trx: Trx, draft: HandoverDraft, since: string | null): Promise<Map<string, Typing>> {
	const texts = new Map<string, Typing>();
	for (const { op } of draft.items) {
		if (op.k !== 'text') continue;
		const typing = texts.get(textKey(op.id, op.field)) ?? { typed: [], rest: [] };
		texts.set(textKey(op.id, op.field), typing);
		typing.typed.push(op.u);
	}
	if (texts.size === 0) return texts;
	const ids = [...new Set(draft.items.map(({ op }) => op.id))];
	const { user } = draft.place.author;
	const { rows } = await sql<{ id: string; field: string; u: string; counts: boolean }>`
		select row_id as id, field, replace(encode(bytes, 'base64'), E'\n', '') as u,
			coalesce(${draft.kind} = 'APPLIED' and by_user = ${user} and server_at >= ${since}::text, false) as counts
		from text_update where row_id = any(${ids}::text[])
		union all
		select payload->>'id', payload->>'field', payload->>'u', true from quarantine
		where ${draft.kind} = 'HELD' and user_id = ${user} and server_at >= ${since}::text and payload->>'k' = 'text'
			and payload->>'id' = any(${ids}::text[])`.execute(trx);
	for (const { id, field, u, counts } of rows) texts.get(textKey(id, field))?.[counts ? 'typed' : 'rest'].push(u);
	return texts;
}

/** What was applied stands in its record; of what was held back every value is listed. */
async function valuesOf(
	op: Op,
	{ kind, typing }: { kind: HandoverDraft['kind']; typing: ReadonlyMap<string, Typing> },
): Promise<Array<[string, unknown]>> {
	switch (op.k) {
		case 'create':
			return kind === 'APPLIED' ? [['*', null]] : [['*', null], ...Object.entries(op.v)];
		case 'set':
			return Object.entries(op.f).map(([field, edit]) => [field, edit.v]);
		case 'text': {
			const { typed, rest } = typing.get(textKey(op.id, op.field)) ?? { typed: [op.u], rest: [] };
			return [[op.field, await wordsTyped(typed, rest)]];
		}
		case 'delete':
			return [[LIFE, 'deleted']];
		case 'undelete':
			return [[LIFE, 'back']];
	}
}

/** "Issue “Late invoice”: Status, Due; Note “Call”: Text; and 3 more". */
export function summaryOf(lines: readonly Line[]): string {
	const things = new Map<string, { head: string; parts: Set<string> }>();
	for (const line of lines) {
		const label = entityByName(line.entity)?.label ?? line.entity;
		const key = recordKey(line.entity, line.row_id);
		const thing = things.get(key) ?? { head: label, parts: new Set() };
		if (line.title) thing.head = `${label} ${quoted(line.title.slice(0, 120))}`;
		things.set(key, thing);
		if (!thing.parts.has('new')) thing.parts.add(partOf(line));
	}
	const named = [...things.values()].map(({ head, parts }) => `${head}: ${[...parts].join(', ')}`);
	const more = named.length - THINGS_IN_SUMMARY;
	const text = [...named.slice(0, THINGS_IN_SUMMARY), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
	return text.length > LONGEST_SUMMARY ? `${text.slice(0, LONGEST_SUMMARY - 1)}…` : text;
}

function partOf({ entity, field, value }: Line): string {
	if (field === '*') return 'new';
	if (field === LIFE) return value === 'deleted' ? 'deleted' : 'brought back';
	return entityByName(entity)?.fields[field]?.label ?? field;
}
