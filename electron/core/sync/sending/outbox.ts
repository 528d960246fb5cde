import type { Handlers } from '../../handler.ts';
import { holdChange } from './held-changes.ts';
import { describeRefused, mendRefused } from './outbox-fix.ts';
import { markUrgent, moveChange } from './outbox-moves.ts';
import { takeBackChange } from './outbox-undo.ts';

/** What a person may do with changes that the office has not answered for. */
export const outboxHandlers: Handlers<
	'outbox.undo' | 'outbox.hold' | 'outbox.move' | 'outbox.urgent' | 'outbox.refused' | 'outbox.fix'
> = {
	'outbox.undo': async ({ unit }, { group }) => takeBackChange(unit, group),
	'outbox.hold': async ({ unit }, { group, held }) => holdChange(unit, group, held),
	'outbox.move': async ({ unit }, { group, before }) => moveChange(unit, group, before),
	'outbox.urgent': async ({ unit }, { group, urgent }) => markUrgent(unit, group, urgent),
	'outbox.refused': describeRefused,
	'outbox.fix': async ({ unit }, { group, values }) => mendRefused(unit, group, values),
};
