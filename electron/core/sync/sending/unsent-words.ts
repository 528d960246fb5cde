import type { UnsentChange } from '../../../../shared/contract/sync-models.ts';
import type { Entity } from '../../../../shared/entities/define.ts';
import { type EntityName, entityByName } from '../../../../shared/entities/registry.ts';
import type { Op } from '../../../../shared/sync/protocol.ts';
import type { QueryContext } from '../../handler.ts';
import { inWords } from '../../words.ts';

/** One operation of a change, as it waits. */
export interface WaitingOp {
	entity: string;
	row_id: string;
	kind: string;
	op: string;
	refused: string | null;
}

type Part = UnsentChange['changes'][number];

const MOST_PARTS = 20;
const MOST_OF_NEW = 6;
const EXCERPT = 160;

/** Fields of a new record that say nothing to a person. */
const UNTOLD = new Set([
	'account_id',
	'parent_type',
	'parent_id',
	'visit_id',
	'sort_key',
	'sha256',
	'media_type',
	'ref_no',
]);

/** "New issue", "Restored note", "Contact deleted": what a change is, by what it does to its record. `label`: what it was called when it was made. */
export function changeLabel(label: string, ops: readonly WaitingOp[]): string {
	const main = ops[0];
	const entity = entityByName(main?.entity ?? '');
	if (!main || !entity) return label;
	const kinds = new Set(ops.filter(({ row_id }) => row_id === main.row_id).map(({ kind }) => kind));
	const name = entity.label.toLowerCase();
	if (kinds.has('create')) return kinds.has('delete') ? `${entity.label} made and deleted` : `New ${name}`;
	if (kinds.has('undelete')) return `Restored ${name}`;
	if (kinds.has('delete')) return `${entity.label} deleted`;
	return label === 'Undone' ? `${entity.label} changed back` : label;
}

/** What a change says, a line for each field, and what of other kinds goes with it. */
export async function changeParts(
	context: QueryContext,
	ops: readonly WaitingOp[],
	names: Map<string, string>,
): Promise<Part[]> {
	const parts = new Map<string, Part>();
	for (const row of ops) {
		const entity = entityByName(row.entity);
		if (!entity || row.kind === 'range') continue;
		const op = JSON.parse(row.op) as Op;
		const isMain = row.row_id === ops[0]?.row_id;
		if (op.k === 'create' && isMain)
			for (const [name, part] of partsOfNew(entity, op.v, names)) parts.set(`${row.row_id} ${name}`, part);
		if (op.k === 'set')
			for (const [name, edit] of Object.entries(op.f)) {
				const after = inWords(entity.fields[name], JSON.stringify(edit.v), names);
				parts.set(`${row.row_id} ${name}`, { label: entity.fields[name]?.label ?? name, after });
			}
		if (op.k === 'text') {
			const after = await textOf(context, { entity, id: row.row_id, field: op.field });
			parts.set(`${row.row_id} ${op.field}`, { label: entity.fields[op.field]?.label ?? op.field, after });
		}
	}
	const along = alongWith(ops);
	return [...[...parts.values()].slice(0, MOST_PARTS), ...(along ? [{ label: 'With it', after: along }] : [])];
}

function partsOfNew(entity: Entity, values: Record<string, unknown>, names: Map<string, string>): [string, Part][] {
	const told = Object.entries(values).filter(
		([name, value]) => value !== null && value !== '' && tellsMore(entity, { name, value }, names),
	);
	return told.slice(0, MOST_OF_NEW).map(([name, value]) => {
		const field = entity.fields[name];
		return [name, { label: field?.label ?? name, after: inWords(field, JSON.stringify(value), names) }];
	});
}

/** True when a field's value says more to a person than the record's name and place do: no ids, no order of sorting. */
export function tellsMore(
	entity: Entity,
	{ name, value }: { name: string; value: unknown },
	names: ReadonlyMap<string, string>,
): boolean {
	const field = entity.fields[name];
	if (!field || UNTOLD.has(name) || name === entity.title || field.kind === 'json') return false;
	return field.kind !== 'ref' || value === null || names.has(String(value));
}

/** The beginning of a text as it stands here now; null when nothing is left in it. */
async function textOf(
	{ db }: QueryContext,
	{ entity, id, field }: { entity: Entity; id: string; field: string },
): Promise<string | null> {
	const row = (await db
		.selectFrom(entity.table as EntityName)
		.selectAll()
		.where('id', '=', id)
		.executeTakeFirst()) as Record<string, unknown> | undefined;
	const text = String(row?.[field] ?? '')
		.replaceAll(/\s+/g, ' ')
		.trim();
	if (text === '') return null;
	return text.length > EXCERPT ? `${text.slice(0, EXCERPT - 1)}…` : text;
}

/** "3 attendees, 2 checklist items": records of other kinds in the same change; null when there are none. */
function alongWith(ops: readonly WaitingOp[]): string | null {
	const counts = new Map<string, Set<string>>();
	for (const { entity, row_id, kind } of ops) {
		if (kind === 'range' || entity === ops[0]?.entity || entity === 'conflict') continue;
		counts.set(entity, (counts.get(entity) ?? new Set()).add(row_id));
	}
	const named = [...counts].flatMap(([name, ids]) => {
		const entity = entityByName(name);
		return entity ? [`${ids.size} ${(ids.size === 1 ? entity.label : entity.plural).toLowerCase()}`] : [];
	});
	return named.length > 0 ? named.join(', ') : null;
}
