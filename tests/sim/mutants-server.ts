import { type Mutant, one } from './mutant.ts';

const push = 'server/sync/push.ts';
const pull = 'server/sync/pull.ts';
const lines = 'server/sync/pull-lines.ts';
const applyOp = 'server/sync/apply-op.ts';
const writeBatch = 'server/sync/write-batch.ts';
const visibility = 'server/sync/visibility.ts';

/** Bugs of the server: merge, order, rights, and what it remembers of what it was sent. */
export const serverMutants: readonly Mutant[] = [
	one('the base of an edit is ignored: the last to arrive wins', 'shared/sync/merge.ts', [
		"if (edit.policy === 'ask') return 'conflict';",
		"if (edit.policy === 'ask') return 'apply';",
	]),
	one('clocks decide between two people', 'shared/sync/merge.ts', [
		"if (edit.policy === 'ask') return 'conflict';",
		'',
	]),
	one('a clash is not kept', 'server/sync/apply-set.ts', [
		"\tbatch.records.set(recordKey('conflict', conflict.id), conflict);\n\tbatch.touched.add(conflict);\n",
		'',
	]),
	one('copies of a profile are not told apart', push, ['if (before && again && before !== again) throw forked();', '']),
	one('the nonce is not asked for', push, [
		'if (request.nonce !== device.nonce && request.nonce !== device.previous_nonce) throw forked();',
		'',
	]),
	one('a repeated request uses up the nonce', push, ['if (fresh.length === 0) return', 'if (fresh.length < 0) return']),
	one('groups sent again are applied again', push, [
		'const fresh = request.groups.filter((group) => group.no > lastGroup);',
		'const fresh = request.groups.filter((group) => group.no > lastGroup - 1);',
	]),
	one('one bad operation holds up the whole queue', push, [
		"\t\tif (verdict.s !== 'refused') return;\n",
		"\t\tif (verdict.s !== 'refused') return;\n\t\tthrow new ApiError(400, 'bad_request', 'Refused.');\n",
	]),
	one('an answer is given before the commit', push, [
		"\t\tcore.crashPoint?.('push:before-commit');\n\t\treturn taken;\n\t});",
		"\t\tcore.crashPoint?.('push:before-commit');\n\t\treturn taken;\n\t}).catch((error: unknown) => {\n\t\tif (error instanceof ApiError) throw error;\n\t\treturn { ackedThrough: request.groups.at(-1)?.no ?? 0, nonce: request.nonce, seq: 0, results: [] };\n\t});",
	]),
	{
		name: 'typing is acknowledged before it is stored',
		patches: [
			{
				file: writeBatch,
				find: '\tawait insertTexts(trx, texts);\n',
				put: '\tawait insertTexts(trx, late);\n\tlate = texts;\n',
			},
			{
				file: writeBatch,
				find: "import { sql } from 'kysely';",
				put: "import { sql } from 'kysely';\nlet late: TextUpdateRow[] = [];",
			},
		],
	},
	one('a commit’s numbers are given out before it is seen', writeBatch, [
		'({ ...text, seq, ord: ord++, server_at: serverAt })',
		'({ ...text, seq: seq - 1, ord: 1000 + ord++, server_at: serverAt })',
	]),
	one('a cursor of lost commits is believed', pull, [
		'return place && (await isInPast(trx, place)) ? place : undefined;',
		'return place;',
	]),
	one('a page that ends within a commit skips its rest', pull, [
		'const place = page.more ? page.place :',
		'const place = page.more ? { ...page.place, ord: WHOLE_COMMIT } :',
	]),
	one('a deletion does not ask what it had seen', applyOp, [
		'const unseen = unseenFields(op, place, record);',
		'const unseen = unseenFields(op, place, record).slice(0, 0);',
	]),
	one('an edit does not bring back what was deleted meanwhile', applyOp, [
		'if (!wasDeletedBefore) revive(batch, record);',
		'',
	]),
	one('typing does not bring back what was deleted meanwhile', applyOp, [
		'if (record.deletedAt !== null && !hasSeenDeletion(record, op.hlc)) revive(batch, record);',
		'',
	]),
	one('a refused edit stays on the laptop', applyOp, [
		'if (maySee(batch, record, user)) batch.touched.add(record);\n\t\treturn refuseHeld',
		'return refuseHeld',
	]),
	one('a deletion is forgotten before everybody has seen it', lines, [
		'const chosen = sql`from record r',
		'const chosen = sql`from (select * from record where deleted_at is null) r',
	]),
	one('edits sent again under a new name are new edits', applyOp, [
		'if (batch.known.size === 0) return false;',
		'return false;',
	]),
	one('late work is refused', 'server/sync/permit.ts', [
		"return mayWrite(last.role, kind) ? 'late' : 'no_access';",
		"return 'no_access';",
	]),
	one('everybody is sent everything', visibility, [
		'\treturn conditions.length === 0 ? sql`false` :',
		'\tif (conditions.length > 0) return sql`true`;\n\treturn conditions.length === 0 ? sql`false` :',
	]),
	one('internal fields are sent to whom they are not for', visibility, [
		'\tif (!hidden?.size) return newer.size > 0 ? newer : undefined;\n\treturn new Set([...newer, ...hidden]);',
		'\treturn newer.size > 0 || hidden === null ? newer : undefined;',
	]),
	one('those who lose a record to another account are not told', writeBatch, [
		'\tawait insertMoves(trx, moves);\n',
		'',
	]),
	one('what waits for its record is never taken up again', push, ['\treleaseHeld(batch);\n', '']),
	one('a new owner is not sent what was there before', pull, [
		'\t\tif (item.older && !(await insert(trx, reader, { page, at: item, inner: FIRST }))) return page.cut();\n',
		'',
	]),
];
