import { sha256Of } from './memory-blobs.ts';
import type { ServerRecord } from './server-log.ts';
import type { SimClient } from './sim-client.ts';
import { isVisible, type Truth } from './truth.ts';

/** The bytes of files: at the office, with everybody who may have them, and with nobody else. */
export async function checkFiles(truth: Truth): Promise<string[]> {
	const { world, log } = truth;
	const files = [...log.records.values()].filter(({ entity, isDeleted }) => entity === 'attachment' && !isDeleted);
	const problems: string[] = [];
	const held = new Set<string>();
	for (const file of files) {
		if (await isAtOffice(truth, file)) held.add(file.id);
		else problems.push(...explainMissing(truth, file));
	}
	for (const client of world.clients) {
		problems.push(...checkShelf(client));
		const theirs = files.filter((file) => held.has(file.id) && isVisible(truth, file, client.setup.userId));
		for (const file of theirs.slice(-FETCHED)) problems.push(...(await checkArrival(client, file)));
	}
	return problems;
}

/** So many files are fetched by each laptop at the end. */
const FETCHED = 4;

const shaOf = ({ values }: ServerRecord) => String(values['sha256']);

async function isAtOffice({ world }: Truth, file: ServerRecord): Promise<boolean> {
	const sha256 = shaOf(file);
	const rows = await world.server.query('select 1 from blob_account where sha256 = $1 and account_id = $2', [
		sha256,
		file.account_id,
	]);
	const bytes = world.server.fileBytes(sha256);
	return rows.length > 0 && bytes !== undefined && sha256Of(bytes) === sha256;
}

/** Whoever added a file still has it, and has nothing more to do than to send it. */
function explainMissing({ world }: Truth, file: ServerRecord): string[] {
	// A store that forgets a commit without a word is found out by the next one, and files make none.
	if (world.forgets > 0) return [];
	const holders = world.clients.filter((client) => client.shelf.has(shaOf(file)));
	if (holders.length === 0)
		return world.restores + world.copies > 0 ? [] : [`LOST the bytes of ${file.id}: nobody has them`];
	const own = holders.filter(({ setup }) => setup.userId === file.created_by);
	return own.map(({ setup }) => `${setup.name} has not sent the bytes of ${file.id}`);
}

/** Nothing lies on a laptop that no record there speaks of. */
function checkShelf(client: SimClient): string[] {
	const known = new Set(client.rows<{ sha256: string }>('SELECT sha256 FROM attachment').map(({ sha256 }) => sha256));
	const stray = [...client.shelf.keys()].filter((name) => !known.has(name.replace('.part', '')));
	return stray.map((name) => `${client.setup.name} still has the bytes ${name}, which no record names`);
}

async function checkArrival(client: SimClient, file: ServerRecord): Promise<string[]> {
	const sha256 = shaOf(file);
	const what = `${client.setup.name} ${file.id}`;
	if (!client.shelf.has(sha256)) {
		const result = await client.call('attachments.fetch', { id: file.id });
		if (!result.ok) return [`${what}: the file cannot be fetched: ${JSON.stringify(result.error)}`];
	}
	const bytes = client.shelf.get(sha256);
	return bytes && sha256Of(bytes) === sha256 ? [] : [`${what}: the bytes here are not the file's`];
}
