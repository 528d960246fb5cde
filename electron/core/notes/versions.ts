import * as Y from 'yjs';
import { plainText } from '../../../db/text-doc.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { NoteVersion, NoteVersions } from '../../../shared/contract/kept-models.ts';
import { parseVersion, timeOfVersion } from '../../../shared/sync/version.ts';
import type { CommandContext, Handlers, QueryContext } from '../handler.ts';
import { asideText } from '../text-aside.ts';
import { restoringUpdates } from '../text-restore.ts';
import { docAt, readStretches, type StoredUpdate, type Stretch } from '../text-stretches.ts';
import { type People, peopleByDevice } from '../words.ts';
import { blocksOf, compareBlocks, countChanges } from './versions-blocks.ts';

const FIELD = 'body';
const ENTITY = 'note';

/** The earlier states of a note, derived from its stored updates whenever they are asked for. */
export const noteVersionHandlers: Handlers<
	'notes.versions' | 'notes.version' | 'notes.compare' | 'notes.restoreVersion' | 'notes.copyVersion'
> = {
	'notes.versions': async (context, { id, offset, limit }) => {
		const updates = await readUpdates(context.db, id);
		const people = await peopleByDevice(context);
		const all = describeAll(readStretches(updates, context.session.deviceShort), people, context.session.deviceShort);
		const unreadable = unreadableOf(updates, people);
		return {
			versions: all.toReversed().slice(offset, offset + limit),
			total: all.length,
			unreadable,
			damaged: unreadable.length > 0,
		};
	},

	'notes.version': async (context, { id, version }) => {
		const updates = await readUpdates(context.db, id);
		const described = await describeOne(context, updates, version);
		const doc = docAt(updates, version);
		return { version: described, text: plainText(doc), blocks: blocksOf(doc) };
	},

	'notes.compare': async ({ db }, { id, from, to }) => {
		const updates = await readUpdates(db, id);
		const blocks = compareBlocks(blocksOf(docAt(updates, from)), blocksOf(docAt(updates, to)));
		return { blocks, ...countChanges(blocks) };
	},

	'notes.restoreVersion': restoreVersion,
	'notes.copyVersion': copyVersion,
};

async function readUpdates(db: Pick<QueryContext['db'], 'selectFrom'>, id: string): Promise<StoredUpdate[]> {
	const row = await db.selectFrom('note').select('id').where('id', '=', id).executeTakeFirst();
	if (!row) throw new CoreError('not_found', 'This note is not on this laptop.');
	return db
		.selectFrom('text_update')
		.select(['id', 'bytes', 'hlc', 'bad'])
		.where('row_id', '=', id)
		.where('field', '=', FIELD)
		.orderBy('id')
		.execute();
}

/** The newest update is a version at any time, also in the middle of a stretch that goes on. */
async function describeOne(context: QueryContext, updates: StoredUpdate[], version: number): Promise<NoteVersion> {
	const { deviceShort } = context.session;
	const upTo = updates.filter((update) => update.id <= version);
	const described = describeAll(readStretches(upTo, deviceShort), await peopleByDevice(context), deviceShort).at(-1);
	if (!described) throw new CoreError('not_found', 'This version is not on this laptop.');
	return described;
}

function describeAll(stretches: readonly Stretch[], people: People, here: string): NoteVersion[] {
	return stretches.map((stretch, index) => {
		const person = people.get(stretch.device);
		return {
			version: stretch.version,
			from: instantOf(stretch.fromMs),
			at: instantOf(stretch.atMs),
			by: person?.id ?? null,
			by_name: person?.name ?? null,
			here: stretch.device === here,
			words: stretch.words,
			change: stretch.words - (stretches[index - 1]?.words ?? 0),
			restored: stretch.restored?.at ?? null,
			aside: asideText(stretch.aside) || null,
		};
	});
}

function instantOf(ms: number): string | null {
	return ms > 0 && ms <= 8.64e15 ? new Date(ms).toISOString() : null;
}

function unreadableOf(updates: readonly StoredUpdate[], people: People): NoteVersions['unreadable'] {
	return updates
		.filter((update) => update.bad === 1)
		.map(({ hlc }) => ({
			at: timeOfVersion(hlc) ?? null,
			by_name: people.get(parseVersion(hlc)?.device ?? '')?.name ?? null,
		}));
}

/** What a restoring leaves in the history, so that it can be shown and taken back. */
export interface RestoringMark {
	/** When the version was written, UTC. */
	at: string;
	/** Field versions of the updates that put it back. */
	first: string;
	last: string;
}

async function restoreVersion(context: CommandContext, { id, version }: { id: string; version: number }) {
	const updates = await readUpdates(context.trx, id);
	if (updates.some((update) => update.bad === 1))
		throw new CoreError('note_damaged', 'Part of this text cannot be read; nothing is written over it.');
	const newest = updates.at(-1)?.id ?? 0;
	const writtenAt = timeOfVersion(updates.findLast((update) => update.id <= version)?.hlc ?? '');
	if (!writtenAt) throw new CoreError('not_found', 'This version is not on this laptop.');
	const pieces = restoringUpdates(docAt(updates, newest), docAt(updates, version), writtenAt);
	if (pieces.length === 0) return { changed: false };
	for (const update of pieces) await context.apply({ kind: 'text', entity: ENTITY, id, field: FIELD, update });
	await noteRestoring(context, { id, newest, at: writtenAt });
	return { changed: true };
}

/** Typing has no line in the history; a restoring has, so that it is seen there and Undo finds it. */
async function noteRestoring(
	{ trx, now, session, touch }: CommandContext,
	{ id, newest, at }: { id: string; newest: number; at: string },
): Promise<void> {
	const written = await trx
		.selectFrom('text_update')
		.select('hlc')
		.where('row_id', '=', id)
		.where('field', '=', FIELD)
		.where('id', '>', newest)
		.orderBy('id')
		.execute();
	const group = await trx
		.selectFrom('outbox')
		.select((eb) => eb.fn.max('group_no').as('no'))
		.executeTakeFirst();
	const mark: RestoringMark = { at, first: written[0]?.hlc ?? '', last: written.at(-1)?.hlc ?? '' };
	await trx
		.insertInto('history')
		.values({
			at: now.toISOString(),
			by: session.userId,
			group_no: group?.no ?? null,
			entity: ENTITY,
			row_id: id,
			field: FIELD,
			before: null,
			after: JSON.stringify(mark),
			origin: 'local',
			version: mark.last,
			undone: 0,
		})
		.execute();
	touch('history');
}

async function copyVersion(context: CommandContext, { id, version }: { id: string; version: number }) {
	const updates = await readUpdates(context.trx, id);
	const row = await context.trx.selectFrom('note').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
	const copy = context.newId();
	const values = {
		account_id: row.account_id,
		parent_type: row.parent_type,
		parent_id: row.parent_id,
		title: row.title,
		internal: row.internal === 1,
		at: context.now.toISOString(),
		author_id: context.session.userId,
	};
	await context.apply({ kind: 'create', entity: ENTITY, id: copy, values });
	const doc = new Y.Doc();
	const writtenAt = timeOfVersion(updates.findLast((update) => update.id <= version)?.hlc ?? '');
	const pieces = restoringUpdates(doc, docAt(updates, version), writtenAt ?? context.now.toISOString());
	for (const update of pieces) await context.apply({ kind: 'text', entity: ENTITY, id: copy, field: FIELD, update });
	return { id: copy };
}
