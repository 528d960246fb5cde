import type { Store } from '../../../../db/open-store.ts';
import type { RangeOp } from '../../../../db/outbox.ts';
import { quoted } from '../../../../shared/domain/quoted.ts';
import type { Field } from '../../../../shared/entities/define.ts';
import { entityByName } from '../../../../shared/entities/registry.ts';
import type { Op } from '../../../../shared/sync/protocol.ts';

/** A record as a receipt names it: by its number and its title. In words, because the record may change or go. */
export interface NamedRecord {
	title: string;
	accountName: string | null;
}

const LONGEST_VALUE = 60;
const MOST_FIELDS = 6;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * "I-503 Cost centre missing", with the account's name. A record that is not here any more goes by what receipts called
 * it before; only one that no receipt knows goes by its kind.
 */
export function nameRecord(store: Store, entityName: string, rowId: string): NamedRecord {
	const entity = entityByName(entityName);
	if (!entity) return { title: entityName, accountName: null };
	const row = store.statement(`SELECT * FROM ${entity.table} WHERE id = ?`).get(rowId) as
		| Record<string, unknown>
		| undefined;
	if (!row) return rememberedName(store, entityName, rowId) ?? { title: entity.label, accountName: null };
	const accountId = entityName === 'account' ? rowId : row.account_id;
	const isWords = (name: unknown): name is string => typeof name === 'string' && name !== '';
	const title = [row[entity.title], firstLine(row.body)].find(isWords);
	const named = [row.ref_no, title === row.ref_no ? null : title].filter(isWords).join(' ');
	return {
		title: named === '' ? entity.label : named,
		accountName: typeof accountId === 'string' ? accountName(store, accountId) : null,
	};
}

/** What the newest receipt that speaks of a record called it. */
function rememberedName(store: Store, entityName: string, rowId: string): NamedRecord | undefined {
	const line = store
		.statement('SELECT title, account_name FROM receipt_line WHERE entity = ? AND row_id = ? ORDER BY id DESC LIMIT 1')
		.get(entityName, rowId) as { title: string; account_name: string | null } | undefined;
	return line && { title: line.title, accountName: line.account_name };
}

/** The number of a record that has one, for lines with little room; otherwise its title. */
export function shortName(title: string): string {
	return /^I-(?:[A-Z0-9]{2}-)?\d+(?= |$)/.exec(title)?.[0] ?? title;
}

/** The account's name, or null for one that is not here. */
export function accountName(store: Store, id: string): string | null {
	return (store.statement('SELECT name FROM account WHERE id = ?').pluck().get(id) as string | undefined) ?? null;
}

/** A colleague's name, or null for one who is not known here. */
export function personName(store: Store, userId: string | null): string | null {
	if (userId === null) return null;
	return (store.statement('SELECT name FROM app_user WHERE id = ?').pluck().get(userId) as string | undefined) ?? null;
}

function firstLine(body: unknown): string | undefined {
	return typeof body === 'string' ? clip(body.split('\n')[0] ?? '') : undefined;
}

/** A field's name within a sentence: "due date", "root cause". */
export function fieldWord(entityName: string, field: string): string {
	const definition = entityByName(entityName)?.fields[field];
	const word = (definition?.label ?? field).replace(/^[A-Z](?=[a-z ]|$)/, (letter) => letter.toLowerCase());
	return definition?.kind === 'date' && !word.includes('date') ? `${word} date` : word;
}

/** "due date 1 Dec 2026, priority High": what fields were set to, the first few of them. */
export function setWords(store: Store, entityName: string, values: Record<string, unknown>): string {
	const fields = entityByName(entityName)?.fields ?? {};
	const names = Object.keys(values);
	const said = names.slice(0, MOST_FIELDS).map((name) => {
		const word = fieldWord(entityName, name);
		const value = valueWord(store, fields[name], values[name]);
		return value === null ? `${word} emptied` : `${word} ${value}`;
	});
	if (names.length > MOST_FIELDS) said.push(`${names.length - MOST_FIELDS} more`);
	return said.join(', ');
}

function valueWord(store: Store, field: Field | undefined, value: unknown): string | null {
	if (value === null || value === undefined || value === '') return null;
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	if (field?.values) return field.values[String(value)] ?? String(value);
	if (field?.kind === 'ref') return refWord(store, field, String(value));
	if (field?.kind === 'date' || field?.kind === 'instant') return dayWord(String(value));
	if (field?.kind === 'long-text') return quoted(clip(String(value)));
	return typeof value === 'object' ? 'changed' : clip(String(value));
}

function refWord(store: Store, field: Field, id: string): string {
	return field.to === 'app_user'
		? (personName(store, id) ?? 'a colleague')
		: nameRecord(store, field.to ?? '', id).title;
}

/** "1 Dec 2026" for "2026-12-01" and for an instant of that day. */
function dayWord(iso: string): string {
	const [year, month, day] = iso.slice(0, 10).split('-').map(Number);
	const name = months[(month ?? 0) - 1];
	return name ? `${day} ${name} ${year}` : iso;
}

function clip(text: string): string {
	const line = text.replaceAll('\n', ' ').trim();
	return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line;
}

/** What a group's operations on one record did, in words. */
export function opWords(store: Store, op: Op): string {
	switch (op.k) {
		case 'create':
			return 'new';
		case 'set':
			return setWords(store, op.t, Object.fromEntries(Object.entries(op.f).map(([name, edit]) => [name, edit.v])));
		case 'delete':
			return 'deleted';
		case 'undelete':
			return 'brought back';
		case 'text':
			return 'written in';
	}
}

/** "412 cases" for one stretch of an import. */
export function rangeWords(store: Store, entityName: string, range: RangeOp): string {
	const entity = entityByName(entityName);
	if (!entity) return 'records';
	const n = store
		.statement(`SELECT count(*) FROM ${entity.table} WHERE id BETWEEN ? AND ?`)
		.pluck()
		.get(range.fromId, range.toId) as number;
	return `${n} ${(n === 1 ? entity.label : entity.plural).toLowerCase()}`;
}

const refusals: Record<string, string> = {
	unknown_entity: 'the office does not know this kind of record yet',
	unknown_field: 'the office does not know this field yet',
	bad_value: 'the office does not accept the value',
	office_owned: 'the office keeps this field',
	no_access: 'this account is not yours to change',
	no_record: 'the office has no such record',
	id_taken: 'the office has another record under the same id',
	read_only: 'you may read this record and not change it',
};

/** Why the server refused an operation. */
export function refusalWord(reason: string): string {
	return refusals[reason] ?? `the office refused it (${reason.replaceAll('_', ' ')})`;
}

/** "cases, notes and texts": kinds of records, as a sum over an account names them. */
export function tableWords(tables: readonly string[]): string {
	const words = tables.map((name) => entityByName(name)?.plural.toLowerCase() ?? 'texts');
	return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
