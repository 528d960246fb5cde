import { z } from 'zod';
import { command, query } from './define.ts';
import type * as k from './kept-models.ts';

const id = z.string().min(1).max(64);
/** What a person deletes and brings back. */
const deletable = z.enum(['attachment', 'attendee', 'checklist_item', 'contact', 'issue', 'note', 'task', 'visit']);

/** The ways back: earlier values of a field, and what was deleted. */
export const keptMethods = {
	/**
	 * Gives a field a value of its history again, as an ordinary edit. `id` names a line of `history.list`, `side` which
	 * of its two values. Throws `office_owned` for a field of the office, `bad_input` when the value cannot stand any more.
	 */
	'history.restore': command(
		'Earlier value restored',
		z.strictObject({ id: z.string().min(1).max(160), side: z.enum(['before', 'after']) }),
	)<void>(),

	/** Everything deleted in the last 30 days, the newest first. */
	'trash.list': query(
		z.strictObject({
			text: z.string().max(200).default(''),
			offset: z.int().nonnegative().default(0),
			limit: z.int().positive().max(5000).default(200),
		}),
		[
			'attachment',
			'attendee',
			'checklist_item',
			'contact',
			'issue',
			'note',
			'task',
			'visit',
			'account',
			'app_user',
			'device',
			'history',
		],
	)<k.TrashPage>(),
	/** Who deleted a record and when; null when it is not deleted. */
	'trash.about': query(z.strictObject({ entity: deletable, id }), [
		'attachment',
		'attendee',
		'checklist_item',
		'contact',
		'issue',
		'note',
		'task',
		'visit',
		'account',
		'app_user',
		'device',
		'history',
	])<k.Deletion | null>(),
	/** What would go with a visit that is deleted now, and what would stay. */
	'trash.before': query(z.strictObject({ entity: z.literal('visit'), id }), [
		'attendee',
		'checklist_item',
		'note',
		'task',
		'attachment',
	])<k.DeletionReach>(),
	/** Brings records back, each with what was deleted with it; `parents`: also what they belong to, where that has gone. */
	'trash.restore': command(
		'Restored from the trash',
		z.strictObject({
			items: z
				.array(z.strictObject({ entity: deletable, id }))
				.min(1)
				.max(500),
			parents: z.boolean().default(false),
		}),
	)<{ restored: number }>(),
};
