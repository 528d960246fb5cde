import { CoreError } from '../../shared/contract/errors.ts';
import { type EntityName, entityByName } from '../../shared/entities/registry.ts';
import { fieldSchema } from '../../shared/entities/schema.ts';
import type { CommandContext, Handlers } from './handler.ts';
import { historyLines } from './history-lines.ts';
import { undoLast } from './history-undo.ts';
import { issueHandlers } from './issues/issues.ts';
import { visitHandlers } from './visits/visits.ts';

/** What changed, by whom, and the way back. */
export const historyHandlers: Handlers<'history.list' | 'history.restore' | 'undo.last'> = {
	'history.list': historyLines,
	'history.restore': restoreValue,
	'undo.last': undoLast,
};

interface Value {
	entity: EntityName;
	id: string;
	field: string;
	value: unknown;
}

/** Fields of a visit that only make sense together: a start without its end may lie after it. */
const TIMES = ['local_start', 'local_end', 'time_zone'];

/** An earlier value becomes an edit like any other: it is sent, it can meet another's edit, and it can be undone. */
async function restoreValue(asked: CommandContext, { id, side }: { id: string; side: 'before' | 'after' }) {
	const context = withoutJoining(asked);
	const values = await valuesOf(context, id, side);
	const [first] = values;
	if (!first) throw new CoreError('not_found', 'This value is not on this laptop.');
	const { entity } = first;
	const row = await context.trx.selectFrom(entity).select('deleted_at').where('id', '=', first.id).executeTakeFirst();
	if (!row || row.deleted_at !== null) throw new CoreError('not_found', 'The record has been deleted.');
	for (const value of values) check(value);
	const patch = Object.fromEntries(values.map(({ field, value }) => [field, value]));
	if (entity === 'issue') await issueHandlers['issues.update'](context, { id: first.id, patch });
	else if (entity === 'visit') await visitHandlers['visits.update'](context, { id: first.id, patch });
	else await context.apply({ kind: 'set', entity, id: first.id, patch });
}

/** What is brought back is no typing: what it takes the place of keeps its own line. */
function withoutJoining(context: CommandContext): CommandContext {
	return {
		...context,
		apply: (change) => context.apply(change.kind === 'set' ? { ...change, joins: false } : change),
	};
}

async function valuesOf(context: CommandContext, id: string, side: 'before' | 'after'): Promise<Value[]> {
	const [kind, conflictId, whose] = id.split(':');
	if (kind === 'conflict') return conflictValue(context, { id: conflictId ?? '', whose: whose ?? '', side });
	const line = await context.trx.selectFrom('history').selectAll().where('id', '=', Number(id)).executeTakeFirst();
	if (!line || !entityByName(line.entity)) return [];
	const lines =
		line.entity === 'visit' && TIMES.includes(line.field) && line.version
			? await context.trx
					.selectFrom('history')
					.selectAll()
					.where('row_id', '=', line.row_id)
					.where('version', '=', line.version)
					.where('field', 'in', TIMES)
					.execute()
			: [line];
	return lines.map((each) => {
		const json = each[side];
		const value: unknown = json === null ? null : JSON.parse(json);
		return { entity: each.entity as EntityName, id: each.row_id, field: each.field, value };
	});
}

async function conflictValue(
	{ trx }: CommandContext,
	{ id, whose, side }: { id: string; whose: string; side: 'before' | 'after' },
): Promise<Value[]> {
	const row = await trx.selectFrom('conflict').selectAll().where('id', '=', id).executeTakeFirst();
	if (!row || !entityByName(row.entity)) return [];
	const json = side === 'before' ? row.base_value : whose === 'mine' ? row.mine_value : row.theirs_value;
	const value: unknown = json === null ? null : JSON.parse(json);
	return [{ entity: row.entity as EntityName, id: row.row_id, field: row.field, value }];
}

function check({ entity, field: name, value }: Value): void {
	const field = entityByName(entity)?.fields[name];
	if (!field || field.kind === 'text-doc') throw new CoreError('bad_input', 'This field cannot be set.');
	if (field.office) throw new CoreError('office_owned', 'The office keeps this field.');
	const problem = fieldSchema(field).safeParse(value).error?.issues[0];
	if (problem)
		throw new CoreError('bad_input', 'This cannot stand in the field any more.', {
			problems: [{ field: name, message: problem.message }],
		});
}
