/** A bug to plant: in `file`, what stands in `find` (exactly once) becomes `put`. */
export interface Mutant {
	name: string;
	patches: ReadonlyArray<{ file: string; find: string; put: string }>;
}

const round = 'electron/core/sync/sync-round.ts';
const clientPush = 'electron/core/sync/push.ts';
const serverPush = 'server/sync/push.ts';
const applyOp = 'server/sync/apply-op.ts';
const applyChange = 'db/apply-change.ts';
const applyRemote = 'db/apply-remote.ts';

const one = (name: string, file: string, change: [find: string, put: string]): Mutant => ({
	name,
	patches: [{ file, find: change[0], put: change[1] }],
});

export const mutants: readonly Mutant[] = [
	one('the cursor is written before the data, in another transaction', round, [
		"\t\t\tapplyPage(unit, page);\n\t\t\twriteMeta(round.store, 'cursor', page.end.cursor);\n\t\t});",
		"\t\t\twriteMeta(round.store, 'cursor', page.end.cursor);\n\t\t});\n\t\tawait round.dispatcher.runUnit(remote, (unit) => applyPage(unit, page));",
	]),
	one('groups count as acknowledged before the reply', round, [
		"\t\tconst reply = await ask(round, '/v1/sync/push'",
		"\t\tacknowledge(round.store, { ackedThrough: groups.at(-1)?.no ?? 0, nonce: '', seq: 0, results: [] }, 'x');\n\t\tconst reply = await ask(round, '/v1/sync/push'",
	]),
	{
		name: 'everything the server has counted is acknowledged, sent or not',
		patches: [
			{
				file: round,
				find: 'Math.min(reply.ackedThrough, groups.at(-1)?.no ?? 0)',
				put: 'reply.ackedThrough',
			},
			{ file: serverPush, find: 'request.groups.at(-1)?.no ?? 0;', put: 'fresh.at(-1)?.no ?? lastGroup;' },
		],
	},
	one('an edit does not say which value it was made on', applyChange, [
		'base: versionOf(versions, name) ?? null',
		'base: null',
	]),
	one('the base of an edit is ignored: the last to arrive wins', 'shared/sync/merge.ts', [
		"if (edit.policy === 'ask') return 'conflict';",
		"if (edit.policy === 'ask') return 'apply';",
	]),
	one('clocks decide between two people', 'shared/sync/merge.ts', [
		"if (edit.policy === 'ask') return 'conflict';",
		'',
	]),
	one('a pull overwrites unsent edits', 'db/outbox.ts', ['AND pending = 1 AND kind', 'AND pending = 2 AND kind']),
	one('a page without its end line is read', 'electron/core/sync/pull.ts', [
		"\tif (!end || end.n !== lines.length) throw new TransportError('bad_reply', 'The reply was cut short.');\n\treturn { lines, end };",
		"\treturn { lines, end: end ?? { end: true, cursor: '', more: false, n: lines.length } };",
	]),
	one('copies of a profile are not told apart', serverPush, [
		'if (before && again && before !== again) throw forked();',
		'',
	]),
	one('a repeated request uses up the nonce', serverPush, [
		'if (fresh.length === 0) return',
		'if (fresh.length < 0) return',
	]),
	one('groups sent again are applied again', serverPush, [
		'const fresh = request.groups.filter((group) => group.no > lastGroup);',
		'const fresh = request.groups.filter((group) => group.no > lastGroup - 1);',
	]),
	one('nothing is sent again to a server that went back', round, [
		'\treplayAfter(store, Math.max(',
		'\tif (store.file === "") replayAfter(store, Math.max(',
	]),
	{
		name: 'a cursor of lost commits is believed',
		patches: [
			{ file: 'server/sync/pull.ts', find: 'from.tag !== (await tagOf(trx, from.seq))', put: "from.tag === 'never'" },
			{
				file: 'server/sync/hello.ts',
				find: 'place.tag === (await tagOf(trx, place.seq))',
				put: "place.tag !== 'never'",
			},
		],
	},
	one('a deletion does not ask what it had seen', applyOp, [
		'const isLost = unseenFields(batch, op, record).length > 0;',
		'const isLost = false;',
	]),
	one('an edit does not bring back what was deleted meanwhile', applyOp, [
		'if (!wasDeletedBefore) record.deletedAt = null;',
		'',
	]),
	one('typing is shown but not queued', applyChange, [
		"\tappendOp(unit, {\n\t\tk: 'text',",
		"\tif (unit.label === '') appendOp(unit, {\n\t\tk: 'text',",
	]),
	one('a text that comes before its note is not shown in it', applyRemote, [
		'values: { ...known, ...textSoFar(unit, name, line.id) },',
		'values: known,',
	]),
	one('a refused edit stays on the laptop', applyOp, [
		'\tbatch.touched.add(record);\n\treturn refuse(reason);',
		'\treturn refuse(reason);',
	]),
	one('a refused edit of an empty field stays on the laptop', applyRemote, [
		'known[field] ??= null;',
		'void known[field];',
	]),
	one('a clash is not kept', 'server/sync/apply-set.ts', [
		"\tbatch.records.set(recordKey('conflict', conflict.id), conflict);\n\tbatch.touched.add(conflict);\n",
		'',
	]),
	one('a group grows without limit', 'db/outbox.ts', ['if (unit.opNo >= LIMITS.opsPerGroup) finishGroup(unit);', '']),
	one('a page that ends within a commit skips its rest', 'server/sync/pull.ts', [
		'page.more && last ? { seq: last.seq, ord: last.ord }',
		'page.more && last ? { seq: last.seq, ord: WHOLE_COMMIT }',
	]),
	one('copies with a clock behind give the same versions', 'db/unit.ts', [
		'if (!clock.isRunning) clock.last',
		'if (clock.isRunning === null) clock.last',
	]),
	one('a renamed device forgets what it had not sent', clientPush, [
		"const sent = 'SELECT group_no FROM outbox WHERE sent_at IS NOT NULL';",
		"const sent = 'SELECT group_no FROM outbox WHERE sent_at IS NOT NULL OR group_no % 2 = 0';",
	]),
	one('undo mixes the numbers of two devices up', clientPush, [
		'UPDATE history SET group_no = NULL WHERE group_no NOT IN',
		'UPDATE history SET group_no = group_no WHERE group_no NOT IN',
	]),
	one('an acknowledged edit stays protected for ever', clientPush, [
		'SET pending = 0 WHERE group_no <= ?',
		'SET pending = 1 WHERE group_no <= ?',
	]),
	one('edits sent again under a new name are new edits', applyOp, [
		'if (batch.known.size === 0) return false;',
		'return false;',
	]),
];
