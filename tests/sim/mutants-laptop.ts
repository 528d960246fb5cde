import { type Mutant, one } from './mutant.ts';

const sync = 'electron/core/sync';
const greet = `${sync}/reaching/greet.ts`;
const send = `${sync}/sending/send-changes.ts`;
const fetchChanges = `${sync}/fetching/fetch-changes.ts`;
const scope = `${sync}/leaving/scope.ts`;
const page = `${sync}/fetching/pull.ts`;
const applyChange = 'db/apply-change.ts';
const applyRemote = 'db/apply-remote.ts';
const purge = 'db/purge.ts';

/** Bugs of the laptop beside its outbox: what is fetched, shown, kept and taken away. */
export const laptopMutants: readonly Mutant[] = [
	one('the cursor is written before the data, in another transaction', fetchChanges, [
		'\t\tconst isWhole = cursor === undefined || isStaging(store);',
		"\t\tawait round.dispatcher.exclusively(() => writeMeta(store, 'cursor', page.end.cursor));\n\t\tconst isWhole = cursor === undefined || isStaging(store);",
	]),
	one('a page without its end line is read', page, [
		"\t\tif (this.#end?.n !== this.#texts.length) throw new TransportError('bad_reply', 'The reply was cut short.');\n",
		"\t\tif (!this.#end) return this.#page(this.#texts.length, { cursor: '', more: false });\n",
	]),
	one('what a cut page brought after its last mark counts as fetched', page, [
		'this.#page(this.#mark.n, {',
		'this.#page(this.#mark.n - 1, {',
	]),
	one('a pull overwrites unsent edits', 'db/outbox.ts', ['AND pending = 1 AND kind', 'AND pending = 2 AND kind']),
	one('a text that comes before its note is not shown in it', 'db/insert-received.ts', [
		"return any ? readTextDoc(store, rowId, field).text : '';",
		"return any === null ? readTextDoc(store, rowId, field).text : '';",
	]),
	one('a refused edit of an empty field stays on the laptop', applyRemote, [
		'else if (!definition.required) known[field] = null;',
		'',
	]),
	one('copies with a clock behind give the same versions', 'db/unit.ts', [
		'if (!clock.isRunning) clock.last',
		'if (clock.isRunning === null) clock.last',
	]),
	one('an edit is two transactions', applyChange, [
		"\tappendOp(unit, { k: 'set', t: change.entity, id: change.id, hlc, f: edits } as Op);\n\tupdateRow(unit, {",
		"\tappendOp(unit, { k: 'set', t: change.entity, id: change.id, hlc, f: edits } as Op);\n\tunit.store.statement('COMMIT').run();\n\tunit.store.statement('BEGIN IMMEDIATE').run();\n\tupdateRow(unit, {",
	]),
	one('an edit does not say which value it was made on', applyChange, [
		'...baseOf(unit, standing, change.seen) };',
		'base: null };',
	]),
	one('typing is shown but not queued', applyChange, [
		"\tappendOp(unit, {\n\t\tk: 'text',",
		"\tif (unit.label === '') appendOp(unit, {\n\t\tk: 'text',",
	]),
	one('a full disk is nobody’s business', 'electron/core/transaction.ts', [
		'\t\tthrow storeError(error);',
		"\t\tif ((error as { code?: string }).code === 'SQLITE_FULL') return undefined as never;\n\t\tthrow storeError(error);",
	]),
	one('an account that has gone takes unsent work along', scope, [
		'\telse if (hasPending(unit.store, line.account)) mark(unit.store, WHOLE, line.account);\n',
		"\telse if (hasPending(unit.store, line.account)) {\n\t\tunit.store.statement('DELETE FROM outbox_op WHERE pending = 1 AND row_id IN (SELECT id FROM issue WHERE account_id = ? UNION SELECT id FROM note WHERE account_id = ?)').run(line.account, line.account);\n\t\tpurgeAccount(unit, line.account);\n\t}\n",
	]),
	one('an account that has gone stays on the laptop', scope, ['\telse purgeAccount(unit, line.account);', '']),
	one('a record that has gone to another account stays on the laptop', scope, [
		'\telse purgeRecords(unit, t as EntityName, [id]);',
		'',
	]),
	one('of an account that has gone the history stays', purge, [
		'DELETE FROM history WHERE row_id IN',
		'DELETE FROM history WHERE 1 = 0 AND row_id IN',
	]),
	one('of an account that has gone the words of notes stay', purge, [
		'DELETE FROM text_update WHERE row_id IN',
		'DELETE FROM text_update WHERE 1 = 0 AND row_id IN',
	]),
	one('of an account that has gone the index keeps the words', purge, [
		'DELETE FROM search_doc WHERE row_id IN',
		'DELETE FROM search_doc WHERE 1 = 0 AND row_id IN',
	]),
	one('a mass deletion asks nobody', `${sync}/leaving/brake.ts`, [
		'\tif (records <= ALWAYS) return release(store, before);',
		'\tif (records >= 0) return release(store, before);',
	]),
	one('what a server that went back has lost stays on laptops', `${sync}/fetching/staging.ts`, [
		'\t\tpurgeRecords(unit, name, ids);\n',
		'',
	]),
	one('what an attempt that broke off had met counts as still there', fetchChanges, [
		'\t\tif (cursor === undefined) await round.dispatcher.exclusively(() => beginAgain(store));\n',
		'',
	]),
	one('what an older server did not send is never fetched', fetchChanges, [
		'const spoken = Math.min(SCHEMA, serverSchema);',
		'const spoken = SCHEMA;',
	]),
	one('nothing is sent again to a server that went back', greet, [
		'\treplayAfter(store, Math.max(',
		'\tif (store.file === "") replayAfter(store, Math.max(',
	]),
	one('a laptop does not mind that a copy of it has pushed', greet, [
		'isOther || isForeign ||',
		"isOther || (isForeign && reply.nonce === '') ||",
	]),
	one('after a failure nothing is planned', `${sync}/sync-loop.ts`, [
		'\t\tthis.#schedule(state.failures === 0 ? this.#untilNext() : backoff(state.failures, random, error));',
		'\t\tif (state.failures === 0) this.#schedule(this.#untilNext());\n\t\telse if (random > 2) this.#schedule(backoff(state.failures, random, error));',
	]),
	one('what was sent is forgotten by the laptop’s own clock', `${sync}/sync-round.ts`, [
		"const now = Date.parse(round.serverNow ?? '');",
		'const now = round.clock.now().getTime();',
	]),
	one('groups count as acknowledged before the reply', send, [
		"\t\tconst reply = await ask(round, '/v1/sync/push'",
		"\t\tacknowledge(round.store, { ackedThrough: groups.at(-1)?.no ?? 0, nonce: '', seq: 0, results: [] }, 'x');\n\t\tconst reply = await ask(round, '/v1/sync/push'",
	]),
	{
		name: 'everything the server has counted is acknowledged, sent or not',
		patches: [
			{ file: send, find: 'Math.min(reply.ackedThrough, groups.at(-1)?.no ?? 0)', put: 'reply.ackedThrough' },
			{
				file: 'server/sync/push.ts',
				find: 'const ackedThrough = request.groups.at(-1)?.no ?? 0;',
				put: 'const ackedThrough = Math.max(lastGroup, request.groups.at(-1)?.no ?? 0);',
			},
		],
	},
];
