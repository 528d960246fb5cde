import { CoreError } from '../../shared/contract/errors.ts';
import { type EntityName, entityByName } from '../../shared/entities/registry.ts';
import { isSameValue } from '../../shared/sync/merge.ts';
import { parseVersion } from '../../shared/sync/version.ts';
import type { CommandContext } from './handler.ts';
import type { RestoringMark } from './notes/versions.ts';
import { undoingUpdates } from './text-restore.ts';

interface Line {
	id: number;
	entity: string;
	row_id: string;
	field: string;
	before: string | null;
	after: string | null;
}

/** Takes back the newest thing done on this laptop, as an ordinary edit of its own. */
export async function undoLast(context: CommandContext) {
	const { trx } = context;
	const last = await trx
		.selectFrom('history')
		.select((eb) => eb.fn.max('group_no').as('group_no'))
		.where('origin', '=', 'local')
		.where('undone', '=', 0)
		.executeTakeFirst();
	if (!last?.group_no) throw new CoreError('nothing_to_undo', 'Nothing has been done yet.');
	const lines = await trx
		.selectFrom('history')
		.selectAll()
		.where('group_no', '=', last.group_no)
		.where('origin', '=', 'local')
		.where('undone', '=', 0)
		.orderBy('id', 'desc')
		.execute();
	for (const line of lines) await takeBack(context, line);
	const label = await trx.selectFrom('outbox').select('label').where('group_no', '=', last.group_no).executeTakeFirst();
	// Neither the edit nor its undoing is offered again.
	await trx
		.updateTable('history')
		.set({ undone: 1 })
		.where('group_no', '>=', last.group_no)
		.where('origin', '=', 'local')
		.where('undone', '=', 0)
		.execute();
	const first = lines.at(-1);
	return { label: label?.label ?? 'Edit', entity: first?.entity ?? null, row_id: first?.row_id ?? null };
}

async function takeBack(context: CommandContext, line: Line): Promise<void> {
	const { apply, trx } = context;
	const entity = line.entity as EntityName;
	if (line.field === 'created') return unmake(context, line);
	if (line.field === 'deleted') return apply({ kind: 'undelete', entity, id: line.row_id });
	if (line.field === 'restored') return apply({ kind: 'delete', entity, id: line.row_id });
	if (entityByName(entity)?.fields[line.field]?.kind === 'text-doc') return takeBackText(context, line);
	const newer = await trx
		.selectFrom('history')
		.select('after')
		.where('row_id', '=', line.row_id)
		.where('field', '=', line.field)
		.orderBy('id', 'desc')
		.executeTakeFirst();
	const parse = (json: string | null) => (json === null ? null : JSON.parse(json));
	if (newer && !isSameValue(parse(newer.after), parse(line.after))) {
		throw new CoreError('cannot_undo', 'Somebody has changed this since; look at its history.');
	}
	await apply({ kind: 'set', entity, id: line.row_id, patch: { [line.field]: parse(line.before) } });
}

/** Takes back the restoring of a text's version; what anybody has written since stays. */
async function takeBackText({ apply, trx }: CommandContext, line: Line): Promise<void> {
	const mark = JSON.parse(line.after ?? '{}') as Partial<RestoringMark>;
	const { first = '', last = '' } = mark;
	const device = parseVersion(first)?.device;
	const updates = await trx
		.selectFrom('text_update')
		.select(['id', 'bytes', 'hlc', 'bad'])
		.where('row_id', '=', line.row_id)
		.where('field', '=', line.field)
		.orderBy('id')
		.execute();
	const isOfIt = ({ hlc }: { hlc: string }) => hlc >= first && hlc <= last && parseVersion(hlc)?.device === device;
	for (const update of undoingUpdates(updates, isOfIt))
		await apply({ kind: 'text', entity: line.entity as EntityName, id: line.row_id, field: line.field, update });
}

/** Takes back a record's making, unless its words or somebody else's would go with it: typing has no history line of its own. */
async function unmake({ apply, trx }: CommandContext, line: Line): Promise<void> {
	const typed = await trx.selectFrom('text_update').select('id').where('row_id', '=', line.row_id).executeTakeFirst();
	const others = await trx
		.selectFrom('history')
		.select('id')
		.where('row_id', '=', line.row_id)
		.where('origin', '=', 'remote')
		.where('id', '>', line.id)
		.executeTakeFirst();
	if (typed || others) throw new CoreError('cannot_undo', 'It has been written on since; delete it if it shall go.');
	await apply({ kind: 'delete', entity: line.entity as EntityName, id: line.row_id });
}
