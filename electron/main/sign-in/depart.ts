import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Departure } from '../../core/sync/session/leave.ts';
import { syncFolder, writeDurably } from '../vault/durable-file.ts';
import { trustSystem } from './system-trust.ts';
import { finishWipes, wipeWorkspace } from './wipe.ts';

/** What of a departure is still to be done; it lies beside the workspace and holds nothing of what was in it. */
interface Note {
	/** What the server is still to be told. */
	confirm: Departure['confirm'] | null;
}

/**
 * Destroys the workspace of a laptop that was put out, once the store is closed: it is noted first, so that the next start
 * goes on wherever this one was cut off, and says what happened.
 */
export function depart(folder: string, { confirm }: Departure): void {
	writeNote(folder, { confirm });
	wipeWorkspace(folder);
}

/** Goes on with a departure and with wipes that were cut off; to be called before a workspace is looked for. True when there was a departure. */
export function resumeDeparture(folder: string): boolean {
	finishWipes(folder);
	if (!existsSync(noteOf(folder))) return false;
	wipeWorkspace(folder);
	return true;
}

/** Tells the server that it was done, unless it has been told. Whether it hears or not: it names laptops it was not told of. */
export async function confirmDeparture(folder: string, serverUrl: string | undefined): Promise<void> {
	const confirm = readNote(folder)?.confirm;
	if (!confirm || !serverUrl) return;
	if (serverUrl.startsWith('https:')) trustSystem();
	const reply = await fetch(new URL(confirm.path, serverUrl), {
		method: 'POST',
		headers: { authorization: confirm.authorization, 'content-type': 'application/json' },
		body: confirm.body,
		redirect: 'error',
		signal: AbortSignal.timeout(20_000),
	}).catch(() => undefined);
	if (reply?.ok && existsSync(noteOf(folder))) writeNote(folder, { confirm: null });
}

/** The person has been told; the next start may begin a workspace anew. */
export function forgetDeparture(folder: string): void {
	rmSync(noteOf(folder), { force: true });
	syncFolder(path.dirname(folder));
}

function noteOf(folder: string): string {
	return `${folder}.left.json`;
}

function writeNote(folder: string, content: Note): void {
	writeDurably(noteOf(folder), JSON.stringify(content));
}

function readNote(folder: string): Note | undefined {
	try {
		return JSON.parse(readFileSync(noteOf(folder), 'utf8')) as Note;
	} catch {
		return undefined;
	}
}
