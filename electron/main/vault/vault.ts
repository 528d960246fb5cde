import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { syncFolder, writeDurably } from './durable-file.ts';
import { settleRotation } from './rotation.ts';
import { readSlotText, writeSlots } from './slot-copies.ts';
import {
	createSlotFile,
	findSlot,
	isKeyOf,
	readSlotFile,
	SlotError,
	type SlotFile,
	withSlot,
	writeSlotFile,
} from './slots.ts';

/** Where a workspace keeps its files. */
export interface WorkspacePaths {
	folder: string;
	store: string;
	slots: string;
	/** The store under its next key, while that is being made. */
	nextStore: string;
	/** Present in a sample workspace only. */
	sampleMark: string;
}

/** `code` is a contract ErrorCode. */
export type SampleState =
	| { state: 'key'; key: Buffer }
	| { state: 'refused'; code: 'store_locked' | 'store_newer' | 'store_damaged' | 'io_error' };

/** The paths of the workspace under a user-data folder. */
export function workspacePaths(userData: string): WorkspacePaths {
	const folder = path.join(userData, 'workspace');
	const inside = (name: string) => path.join(folder, name);
	return {
		folder,
		store: inside('fieldbook.db'),
		slots: inside('slots.json'),
		nextStore: inside('fieldbook.db.next'),
		sampleMark: inside('sample.json'),
	};
}

/**
 * Opens what needs no person and no keyring: the sample workspace, made on first use. Null when the workspace is a real
 * one, which the vault's desk decides once the app is ready.
 */
export function openSample(paths: WorkspacePaths, sampleAsked: boolean): SampleState | null {
	try {
		prepareFolder(paths.folder);
		const file = readSlots(paths);
		if (!file) {
			if (!sampleAsked || existsSync(paths.store)) return null;
			return createSample(paths);
		}
		const slot = findSlot(file, 'sample');
		if (!slot) return null;
		// A key in clear opens nothing but a folder that says it is the sample, and only when the sample was asked for.
		if (!sampleAsked || !isSampleFolder(paths)) return { state: 'refused', code: 'store_locked' };
		const key = Buffer.from(slot.key, 'base64');
		return isKeyOf(file, key) ? { state: 'key', key } : { state: 'refused', code: 'store_damaged' };
	} catch (error) {
		return { state: 'refused', code: refusalOf(error) };
	}
}

/** Makes the key file of a sample workspace; its key lies in clear, and the folder says that it is the sample. */
export function createSample(paths: WorkspacePaths): { state: 'key'; key: Buffer } {
	prepareFolder(paths.folder);
	const { file, key } = createSlotFile();
	const mark = {
		sample: true,
		note: 'A fictional sample workspace. Its key lies in slots.json in clear: keep nothing real in it.',
	};
	writeDurably(paths.sampleMark, `${JSON.stringify(mark)}\n`);
	saveSlots(paths, withSlot(file, { slot: 'sample', key: key.toString('base64') }));
	return { state: 'key', key };
}

/** The key file, or undefined where there is none. A change of key that a crash cut off is brought to its end. */
export function readSlots(paths: WorkspacePaths): SlotFile | undefined {
	const text = readSlotText(paths.slots);
	return text === undefined ? undefined : settleRotation(paths, readSlotFile(text));
}

/** Writes the key file; what is written has been read back as a key file before it takes the old one's place. */
export function saveSlots(paths: WorkspacePaths, file: SlotFile): void {
	readSlotFile(writeSlotFile(file));
	writeSlots(paths.slots, file);
	syncFolder(paths.folder);
}

/** Only this user may look inside, and the folder must be a real one: a link could lead the store elsewhere. */
export function prepareFolder(folder: string): void {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	if (!lstatSync(folder).isDirectory()) throw new SlotError('damaged', 'The workspace is not a folder.');
	if (process.platform !== 'win32') chmodSync(folder, 0o700);
}

/** The contract's code for what went wrong with a key file. */
export function refusalOf(error: unknown): 'store_newer' | 'store_damaged' | 'io_error' {
	if (!(error instanceof SlotError)) return 'io_error';
	return error.reason === 'newer' ? 'store_newer' : 'store_damaged';
}

function isSampleFolder(paths: WorkspacePaths): boolean {
	if (!existsSync(paths.sampleMark)) return false;
	try {
		return (JSON.parse(readFileSync(paths.sampleMark, 'utf8')) as { sample?: unknown }).sample === true;
	} catch {
		return false;
	}
}
