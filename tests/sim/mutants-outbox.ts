import { type Mutant, one } from './mutant.ts';

const sync = 'electron/core/sync';
const push = `${sync}/sending/push.ts`;
const order = `${sync}/sending/outbox-order.ts`;

/** Bugs of the laptop's outbox: numbers, order, and what people do with what is not sent yet. */
export const outboxMutants: readonly Mutant[] = [
	one('a group grows without limit', 'db/outbox.ts', ['unit.opNo >= LIMITS.opsPerGroup ||', 'unit.opNo < 0 ||']),
	one('a group sent again gets another number', push, ['const no = row.wire_no ?? next;', 'const no = next;']),
	one('a renamed device forgets what it had not sent', 'db/outbox.ts', [
		"const sent = 'SELECT group_no FROM outbox WHERE sent_at IS NOT NULL';",
		"const sent = 'SELECT group_no FROM outbox WHERE sent_at IS NOT NULL OR group_no % 2 = 0';",
	]),
	one('undo mixes the numbers of two devices up', 'db/outbox.ts', [
		'UPDATE history SET group_no = NULL WHERE group_no NOT IN',
		'UPDATE history SET group_no = group_no + 1 WHERE group_no NOT IN',
	]),
	one('an acknowledged edit stays protected for ever', push, [
		"'UPDATE outbox_op SET pending = 0 WHERE group_no = ?'",
		"'UPDATE outbox_op SET pending = 1 WHERE group_no = ?'",
	]),
	one('moving a change breaks the order of what builds on what', `${sync}/sending/outbox-moves.ts`, [
		'\tfor (const no of withFoundations(own.filter(isBehind), links)) if (isBehind(no)) along.add(no);\n',
		'',
	]),
	one('a change sent alone leaves behind what it builds on', order, [
		'const first = withFoundations(chosen, links);',
		'const first = new Set(chosen);',
	]),
	one('taking a change back takes what builds on it along', `${sync}/sending/outbox-undo.ts`, [
		"\tif (later.some((group) => !group.unit.startsWith('taken-back:')))\n\t\tthrow",
		'\tif (later.length < 0)\n\t\tthrow',
	]),
	one('taking typing back takes everybody’s words', 'db/take-back-text.ts', [
		"'DELETE FROM text_update WHERE row_id = ? AND field = ? AND hlc = ?').run(rowId, field, version);",
		"'DELETE FROM text_update WHERE row_id = ? AND field = ? AND hlc > ?').run(rowId, field, '');",
	]),
	one('taking a change back leaves it on the screen', 'electron/core/sync/sending/outbox-undo.ts', [
		'\t\ttakeBackOp(unit, op, was);\n',
		"\t\tif (op.k !== 'set') takeBackOp(unit, op, was);\n",
	]),
];
