import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeDurably } from './durable-file.ts';
import type { Keyring } from './keyring.ts';
import {
	createSlotFile,
	findSlot,
	isKeyOf,
	openPassphrase,
	readSlotFile,
	type Slot,
	SlotError,
	type SlotFile,
	sealPassphrase,
	writeSlotFile,
} from './slots.ts';

/** Where a workspace keeps its files. */
export interface WorkspacePaths {
	folder: string;
	store: string;
	slots: string;
	/** Present in a sample workspace only. */
	sampleMark: string;
}

/** `key`: open. `passphrase`: ask for it. `refused`: cannot be opened; `code` is a contract ErrorCode. */
export type VaultState =
	| { state: 'key'; key: Buffer; sample: boolean }
	| { state: 'passphrase'; create: boolean; reason: string; wrong: boolean; minLength: number }
	| { state: 'refused'; code: 'store_locked' | 'store_newer' | 'store_damaged' | 'io_error' };

const NO_KEYRING = 'This computer has no protected keyring, so a passphrase protects your data.';
/** The one rule for a new passphrase; the page shows it and this decides. */
const SHORTEST_PASSPHRASE = 12;

/** The paths of the workspace under a user-data folder. */
export function workspacePaths(userData: string): WorkspacePaths {
	const folder = path.join(userData, 'workspace');
	const inside = (name: string) => path.join(folder, name);
	return { folder, store: inside('fieldbook.db'), slots: inside('slots.json'), sampleMark: inside('sample.json') };
}

/**
 * Opens what needs no person and no keyring: the sample workspace, made on first use. Null when the workspace is a real
 * one, which `openVault` decides once the app is ready.
 */
export function openSample(paths: WorkspacePaths, sampleAsked: boolean): VaultState | null {
	return guarded(() => {
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
		return isKeyOf(file, key) ? { state: 'key', key, sample: true } : { state: 'refused', code: 'store_damaged' };
	});
}

/** Opens a real workspace by the keyring, makes one on first use, or says that a passphrase is needed. */
export async function openVault(paths: WorkspacePaths, keyring: Keyring): Promise<VaultState> {
	return guardedAsync(async () => {
		prepareFolder(paths.folder);
		const file = readSlots(paths);
		if (!file) return createVault(paths, keyring);
		const byKeyring = await openByKeyring(file, keyring);
		if (byKeyring) return { state: 'key', key: byKeyring, sample: false };
		if (findSlot(file, 'passphrase')) return askPassphrase({ create: false, wrong: false });
		return { state: 'refused', code: 'store_locked' };
	});
}

/** Tries a passphrase, or sets it where there is no key yet. */
export async function unlockVault(paths: WorkspacePaths, passphrase: string): Promise<VaultState> {
	return guardedAsync(async () => {
		prepareFolder(paths.folder);
		const file = readSlots(paths);
		if (!file) return createByPassphrase(paths, passphrase);
		const key = await openPassphrase(file, passphrase);
		if (key) return { state: 'key', key, sample: false };
		return askPassphrase({ create: false, wrong: true });
	});
}

function askPassphrase(how: { create: boolean; wrong: boolean }, reason = NO_KEYRING): VaultState {
	return { state: 'passphrase', ...how, reason, minLength: SHORTEST_PASSPHRASE };
}

async function createVault(paths: WorkspacePaths, keyring: Keyring): Promise<VaultState> {
	// A store without its key file must never be given a new key: that would hide the loss.
	if (existsSync(paths.store)) return { state: 'refused', code: 'store_locked' };
	const backend = await keyring.backend();
	if (backend === null) return askPassphrase({ create: true, wrong: false });
	const { file, key } = createSlotFile();
	const wrapped = await keyring.wrap(key);
	if (!isKeyOf(file, await keyring.unwrap(wrapped))) return askPassphrase({ create: true, wrong: false });
	saveSlots(paths, file, { slot: 'os', backend, wrapped: wrapped.toString('base64') });
	return { state: 'key', key, sample: false };
}

async function createByPassphrase(paths: WorkspacePaths, passphrase: string): Promise<VaultState> {
	if (existsSync(paths.store)) return { state: 'refused', code: 'store_locked' };
	if ([...passphrase.normalize('NFKC')].length < SHORTEST_PASSPHRASE) {
		const reason = `The passphrase needs at least ${SHORTEST_PASSPHRASE} characters.`;
		return askPassphrase({ create: true, wrong: true }, reason);
	}
	const { file, key } = createSlotFile();
	saveSlots(paths, file, await sealPassphrase(file, key, passphrase));
	return { state: 'key', key, sample: false };
}

/** Makes the key file of a sample workspace; its key lies in clear, and the folder says that it is the sample. */
export function createSample(paths: WorkspacePaths): VaultState {
	prepareFolder(paths.folder);
	const { file, key } = createSlotFile();
	const mark = {
		sample: true,
		note: 'A fictional sample workspace. Its key lies in slots.json in clear: keep nothing real in it.',
	};
	writeDurably(paths.sampleMark, `${JSON.stringify(mark)}\n`);
	saveSlots(paths, file, { slot: 'sample', key: key.toString('base64') });
	return { state: 'key', key, sample: true };
}

async function openByKeyring(file: SlotFile, keyring: Keyring): Promise<Buffer | undefined> {
	const slot = findSlot(file, 'os');
	if (!slot || (await keyring.backend()) !== slot.backend) return undefined;
	try {
		const key = await keyring.unwrap(Buffer.from(slot.wrapped, 'base64'));
		return isKeyOf(file, key) ? key : undefined;
	} catch {
		return undefined;
	}
}

function isSampleFolder(paths: WorkspacePaths): boolean {
	if (!existsSync(paths.sampleMark)) return false;
	const mark: unknown = JSON.parse(readFileSync(paths.sampleMark, 'utf8'));
	return typeof mark === 'object' && mark !== null && 'sample' in mark && mark.sample === true;
}

function readSlots(paths: WorkspacePaths): SlotFile | undefined {
	return existsSync(paths.slots) ? readSlotFile(readFileSync(paths.slots, 'utf8')) : undefined;
}

function saveSlots(paths: WorkspacePaths, file: SlotFile, slot: Slot): void {
	writeDurably(
		paths.slots,
		writeSlotFile({ ...file, slots: [...file.slots.filter((s) => s.slot !== slot.slot), slot] }),
	);
}

/** Only this user may look inside, and the folder must be a real one: a link could lead the store elsewhere. */
function prepareFolder(folder: string): void {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	if (!lstatSync(folder).isDirectory()) throw new SlotError('damaged', 'The workspace is not a folder.');
	if (process.platform !== 'win32') chmodSync(folder, 0o700);
}

function guarded(open: () => VaultState | null): VaultState | null {
	try {
		return open();
	} catch (error) {
		return refusalOf(error);
	}
}

async function guardedAsync(open: () => Promise<VaultState>): Promise<VaultState> {
	try {
		return await open();
	} catch (error) {
		return refusalOf(error);
	}
}

function refusalOf(error: unknown): VaultState {
	if (!(error instanceof SlotError)) return { state: 'refused', code: 'io_error' };
	return { state: 'refused', code: error.reason === 'newer' ? 'store_newer' : 'store_damaged' };
}
