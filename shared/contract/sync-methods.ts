import { z } from 'zod';
import { action, command, query } from './define.ts';
import type * as m from './sync-models.ts';

const none = z.strictObject({});
const id = z.string().min(1).max(64);
const group = z.int();

/** Sync: what is unsent, what was done, what a person has to decide. */
export const syncMethods = {
	'sync.status': query(none, [
		'sync_state',
		'outbox',
		'conflict',
		'handover',
		'blob',
		'note',
		'attachment',
	])<m.SyncStatus>(),
	/** In the order of sending; the screens show it as it comes. What was refused may stand anywhere among it. */
	'sync.unsent': query(none, [
		'outbox',
		'sync_state',
		'app_user',
		'contact',
		'account',
		'issue',
		'visit',
		'note',
		'task',
		'attachment',
		'import_batch',
	])<m.UnsentChange[]>(),
	/** `urgent` sends only what is marked urgent and fetches nothing. */
	'sync.now': action(z.strictObject({ what: z.enum(['all', 'urgent']).default('all') }))<m.SyncStatus>(),
	/** Works offline on purpose until switched back. */
	'sync.pause': action(z.strictObject({ paused: z.boolean() }))<m.SyncStatus>(),
	'sync.metered': action(z.strictObject({ choice: z.enum(['auto', 'yes', 'no']) }))<m.SyncStatus>(),
	/** Answers the brake: lets the server's deletions through, or goes on holding what is here. */
	'sync.brake': action(z.strictObject({ choice: z.enum(['apply', 'keep']) }))<m.SyncStatus>(),

	/** Takes a refused change off the list; the record stands as the server has it, the words stay in its history. */
	'sync.dismiss': command('Refused change set aside', z.strictObject({ group }))<void>(),
	/** Takes back one unsent change. Throws `cannot_undo` when a later change builds on it. */
	'outbox.undo': command('Unsent change taken back', z.strictObject({ group }))<void>(),
	/** While a change is being taken back and Undo is offered, neither it nor what builds on it is sent; at most 20 s. */
	'outbox.hold': command('Unsent change held', z.strictObject({ group, held: z.boolean() }))<void>(),
	/** Puts a change before another, or at the end; what it builds on comes along. */
	'outbox.move': command('Order of sending changed', z.strictObject({ group, before: group.nullable() }))<void>(),
	/** An urgent change goes first, with what it builds on, and goes on a metered link. */
	'outbox.urgent': command('Urgency changed', z.strictObject({ group, urgent: z.boolean() }))<void>(),
	/** Sends this one change now, with what it builds on, and nothing else. */
	'outbox.sendAlone': action(z.strictObject({ group }))<m.SyncStatus>(),
	'outbox.refused': query(z.strictObject({ group }), [
		'outbox',
		'account',
		'app_user',
		'contact',
		'issue',
		'visit',
		'note',
		'task',
	])<m.RefusedChange>(),
	/** Sends a refused change again with other values; the rest of the queue is not touched. */
	'outbox.fix': command(
		'Refused change mended',
		z.strictObject({ group, values: z.record(z.string().max(64), z.json()) }),
	)<void>(),

	'receipts.list': query(
		z.strictObject({
			text: z.string().max(200).default(''),
			offset: z.int().nonnegative().default(0),
			limit: z.int().positive().max(500).default(100),
		}),
		['receipt'],
	)<m.ReceiptRow[]>(),
	'receipts.get': query(z.strictObject({ id: z.int().positive() }), ['receipt'])<m.ReceiptPage>(),

	'conflicts.list': query(none, [
		'conflict',
		'account',
		'app_user',
		'device',
		'issue',
		'visit',
		'contact',
		'task',
		'note',
	])<m.ConflictRow[]>(),
	/** `value` is the text that shall stand; what is not chosen stays in the history. */
	'conflicts.decide': command(
		'Conflict decided',
		z.strictObject({ id, choice: z.enum(['mine', 'theirs', 'other']), value: z.json().optional() }),
	)<void>(),

	'homeless.list': query(none, [
		'note',
		'attachment',
		'task',
		'attendee',
		'checklist_item',
		'visit',
		'issue',
		'account',
		'app_user',
		'history',
		'sync_state',
	])<m.HomelessRecord[]>(),
	/** `bring_back` undeletes what it belonged to; `move` gives it another place on the same account; `delete` deletes it. */
	'homeless.settle': command(
		'New place found',
		z.strictObject({
			entity: z.enum(['note', 'attachment', 'task', 'attendee', 'checklist_item']),
			id,
			choice: z.enum(['bring_back', 'move', 'delete']),
			parent_type: z.string().max(40).optional(),
			parent_id: id.optional(),
		}),
	)<void>(),

	'handovers.list': query(none, ['handover', 'account', 'app_user', 'contact'])<m.HandoverRow[]>(),
	'handovers.take': command('Hand-over taken', z.strictObject({ id }))<void>(),
};
