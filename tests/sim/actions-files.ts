import type { Action, Desk } from './desk.ts';
import { newest, text } from './desk.ts';

/** What people do with files: their records travel with sync, their bytes by themselves. */

/** Bytes: none, few, several pieces, many. */
const SIZES = [0, 1, 700, 700, 3000, 9000];

async function attach(desk: Desk): Promise<void> {
	const parent_type = desk.random.pick(['account', 'visit', 'issue', 'issue', 'note'] as const);
	const known = newest(desk, parent_type);
	if (known.length === 0) return;
	const parent_id = desk.random.pick(known);
	// Now and then the same file again, be it on another record or by another person.
	const isCommon = desk.random.chance(0.3);
	const words = isCommon ? `minutes ${desk.random.int(3)} ` : `${desk.client.setup.name} ${desk.random.int(1e9)} `;
	const size = isCommon ? 2000 : desk.random.pick(SIZES);
	const data = Buffer.from(words.repeat(Math.ceil(size / words.length)).slice(0, size)).toString('base64');
	const done = await desk.perform('attachments.paste', {
		parent_type,
		parent_id,
		file_name: `${text(desk)}.txt`,
		data,
	});
	if (done && !done.edits.some(({ t, k }) => t === 'attachment' && k === 'create'))
		desk.problem('attachments.paste said yes, but the file is not queued');
}

async function rename(desk: Desk): Promise<void> {
	const known = newest(desk, 'attachment');
	if (known.length === 0) return;
	await desk.perform('attachments.rename', { id: desk.random.pick(known), file_name: `${text(desk)}.txt` });
}

async function remove(desk: Desk): Promise<void> {
	const known = newest(desk, 'attachment');
	if (known.length > 0) await desk.perform('attachments.delete', { id: desk.random.pick(known) });
}

/** Files go between rounds of records: a round that waits for the network would hold them up for ever here. */
async function send(desk: Desk): Promise<void> {
	if (desk.client.isSyncing) return;
	desk.client.wayOfFiles = desk.random;
	await desk.client.call('files.now', {});
}

async function fetchOne(desk: Desk): Promise<void> {
	const known = newest(desk, 'attachment');
	if (known.length === 0 || desk.client.isSyncing) return;
	desk.client.wayOfFiles = desk.random;
	await desk.client.call('attachments.fetch', { id: desk.random.pick(known) });
}

async function choose(desk: Desk): Promise<void> {
	const known = newest(desk, 'account');
	if (known.length === 0) return;
	const chosen = desk.random.chance(0.7);
	await desk.perform('offline.choose', { kind: 'account', id: desk.random.pick(known), chosen });
}

export const fileActions: Readonly<Record<string, Action>> = {
	attach: { weight: 10, run: attach },
	'rename file': { weight: 2, run: rename },
	'delete file': { weight: 1, run: remove },
	'send files': { weight: 14, run: send },
	'fetch file': { weight: 4, run: fetchOne },
	'choose offline': { weight: 1, run: choose },
};
