import { type Mutant, one } from './mutant.ts';

const files = 'electron/core/files';

/** Bugs of files: their bytes travel beside the records, and have to arrive all the same. */
export const fileMutants: readonly Mutant[] = [
	one('a file counts as sent before the office has said so', `${files}/run-transfer.ts`, [
		'\tawait sendFile(way, file, {',
		'\tawait runUnit((unit) => dequeue(unit, job));\n\tawait sendFile(way, file, {',
	]),
	one('a file that is added waits for nobody to send it', `${files}/attachment-actions.ts`, [
		".values({ sha256, direction: 'up',",
		".values({ sha256, direction: 'down',",
	]),
	one('an account that has gone takes bytes along that only this laptop has', 'db/purge.ts', [
		'\treturn countUnsentFiles(store, accountId) > 0;',
		'\treturn false;',
	]),
	one('a server that went back is not offered files again', `${files}/file-loop.ts`, [
		'known !== epoch ? queue.heldFiles(store) : [];',
		'known === epoch ? queue.heldFiles(store) : [];',
	]),
	one('bytes of files that nobody names any more stay on the laptop', `${files}/file-loop.ts`, [
		'\t\tfor (const sha256 of queue.unreferenced(this.#setup.store)) await this.#settle(() => this.#forget(sha256));\n',
		'',
	]),
];
