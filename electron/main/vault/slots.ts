import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/**
 * The key file: one random 32-byte key of the store, held in slots. Each slot opens it by another way; none holds it in
 * clear but the sample workspace's. Slots of a kind this version does not know are kept as they are.
 *
 * Version 1 had a slot of the operating system alone and a passphrase under scrypt; it is read, and written as version 2
 * as soon as somebody has opened it.
 */
export interface SlotFile {
	format: 'fieldbook-slots';
	version: 1 | 2;
	/** Ties the slots to this profile: part of what every wrapping authenticates. */
	profile: string;
	/** Tells a right key from a wrong one without the store; says nothing about the key. */
	check: string;
	/** When the key was made: UTC, ISO 8601. */
	made?: string;
	slots: Slot[];
	/** Keys the store had before, newest first, each sealed under this one: they open backups made then. */
	previous?: Sealed[];
	/** A change of the store's key under way: see rotation.ts. */
	next?: { head: string; file: SlotFile };
}

export type Slot = OsSlot | PassphraseSlot | SealedSlot | SampleSlot | OtherSlot;

interface OtherSlot {
	slot: string;
	[key: string]: unknown;
}

/** AES-256-GCM: `wrapped` is the cipher text followed by its tag. All base64. */
export interface Sealed {
	nonce: string;
	wrapped: string;
}

/** Version 1 only: wrapped by the operating system's protected store alone, under the named backend. */
export interface OsSlot {
	slot: 'os';
	backend: string;
	wrapped: string;
}

export interface ScryptKdf {
	name: 'scrypt';
	N: number;
	r: number;
	p: number;
	salt: string;
}

/** `m` in KiB. */
export interface ArgonKdf {
	name: 'argon2id';
	m: number;
	t: number;
	p: number;
	salt: string;
}

/** Sealed under a key made from the passphrase and, where `os` is given, from a secret that the operating system keeps. */
export interface PassphraseSlot extends Sealed {
	slot: 'passphrase';
	kdf: ArgonKdf | ScryptKdf;
	os?: { backend: string; secret: string };
	made?: string;
}

/** Sealed to a public X25519 key: the recovery code's, or the organisation's. It can be sealed anew without the private one. */
export interface SealedSlot extends Sealed {
	slot: 'recovery' | 'organisation';
	/** Raw, base64. */
	publicKey: string;
	ephemeral: string;
	name?: string;
	made?: string;
}

/** The fictional sample workspace unlocks itself: its key is no secret, and says so. */
export interface SampleSlot {
	slot: 'sample';
	key: string;
}

/** `newer`: written by a later version. `damaged`: not a key file, or parameters out of bounds. */
export class SlotError extends Error {
	readonly reason: 'newer' | 'damaged';
	constructor(reason: 'newer' | 'damaged', message: string) {
		super(message);
		this.reason = reason;
	}
}

const LARGEST_FILE = 64 * 1024;
const MOST_PREVIOUS = 8;

/** A new key file without slots, for a fresh random key. `profile` is kept when the key of a workbook changes. */
export function createSlotFile(
	now: Date = new Date(),
	profile = randomUUID() as string,
): { file: SlotFile; key: Buffer } {
	const key = randomBytes(32);
	const file: SlotFile = {
		format: 'fieldbook-slots',
		version: 2,
		profile,
		check: checkOf(key),
		made: now.toISOString(),
		slots: [],
	};
	return { file, key };
}

/** Reads a key file; throws a SlotError rather than guess. */
export function readSlotFile(text: string): SlotFile {
	if (text.length > LARGEST_FILE) throw damaged('too large');
	return readFile(parse(text), true);
}

function readFile(file: unknown, mayHaveNext: boolean): SlotFile {
	if (!isRecord(file) || file.format !== 'fieldbook-slots' || typeof file.version !== 'number') throw damaged('format');
	if (file.version > 2) throw new SlotError('newer', 'The key file is from a newer version.');
	const { version, profile, check, slots, made, previous, next } = file;
	if (version !== 1 && version !== 2) throw damaged('version');
	if (typeof profile !== 'string' || !/^[0-9a-f-]{36}$/.test(profile)) throw damaged('profile');
	if (typeof check !== 'string' || !/^[0-9a-f]{32}$/.test(check)) throw damaged('check');
	if (!Array.isArray(slots) || slots.length > 16 || !slots.every(isSlot)) throw damaged('slots');
	const read: SlotFile = { format: 'fieldbook-slots', version, profile, check, slots };
	if (typeof made === 'string') read.made = made.slice(0, 40);
	if (previous !== undefined) read.previous = readPrevious(previous);
	if (next !== undefined) {
		if (!mayHaveNext || !isRecord(next) || typeof next.head !== 'string' || !/^[0-9a-f]{64}$/.test(next.head))
			throw damaged('next');
		read.next = { head: next.head, file: readFile(next.file, false) };
	}
	return read;
}

function readPrevious(previous: unknown): Sealed[] {
	if (!Array.isArray(previous) || previous.length > MOST_PREVIOUS || !previous.every(isSealed))
		throw damaged('previous');
	return previous;
}

/** The text to write to disk. */
export function writeSlotFile(file: SlotFile): string {
	return `${JSON.stringify(file, null, '\t')}\n`;
}

/** The slot of one kind, if there is one. */
export function findSlot(file: SlotFile, kind: 'os'): OsSlot | undefined;
export function findSlot(file: SlotFile, kind: 'passphrase'): PassphraseSlot | undefined;
export function findSlot(file: SlotFile, kind: SealedSlot['slot']): SealedSlot | undefined;
export function findSlot(file: SlotFile, kind: 'sample'): SampleSlot | undefined;
export function findSlot(file: SlotFile, kind: string): Slot | undefined {
	return file.slots.find((slot) => slot.slot === kind);
}

/** The file with `slot` in place of those of its kind. */
export function withSlot(file: SlotFile, slot: Slot): SlotFile {
	return { ...file, slots: [...file.slots.filter((other) => other.slot !== slot.slot), slot] };
}

/** True when `key` is the key of this file. */
export function isKeyOf(file: SlotFile, key: Uint8Array): boolean {
	return key.length === 32 && timingSafeEqual(Buffer.from(checkOf(key), 'hex'), Buffer.from(file.check, 'hex'));
}

/** The bytes of a base64 text; throws a SlotError unless there are as many as asked for. */
export function bytesOf(text: unknown, least: number, most = least): Buffer {
	if (typeof text !== 'string' || text.length > 8192) throw damaged('bytes');
	const value = Buffer.from(text, 'base64');
	if (value.length < least || value.length > most) throw damaged('bytes');
	return value;
}

/** A hostile file must not make us spend gigabytes or minutes, nor weaken what a change would copy. */
export function assertKdf(kdf: PassphraseSlot['kdf']): void {
	if (kdf.name === 'scrypt') assertScrypt(kdf);
	else if (kdf.name === 'argon2id') assertArgon(kdf);
	else throw damaged('kdf');
	bytesOf(kdf.salt, 16, 64);
}

function assertArgon({ m, t, p }: ArgonKdf): void {
	const within = (value: number, least: number, most: number) =>
		Number.isInteger(value) && value >= least && value <= most;
	if (!within(m, 65_536, 1_048_576) || !within(t, 3, 12) || !within(p, 1, 4)) throw damaged('kdf bounds');
	if (m * t > 4 * 1_048_576) throw damaged('kdf work');
}

function assertScrypt({ N, r, p }: ScryptKdf): void {
	if (![N, r, p].every((value) => Number.isInteger(value) && value > 0)) throw damaged('kdf');
	if (N < 2 ** 15 || N > 2 ** 20 || (N & (N - 1)) !== 0 || r < 8 || r > 16 || p > 4) throw damaged('kdf bounds');
	if (128 * N * r > 1024 ** 3) throw damaged('kdf memory');
}

function checkOf(key: Uint8Array): string {
	return createHmac('sha256', key).update('fieldbook key check').digest('hex').slice(0, 32);
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw damaged('not JSON');
	}
}

function isSlot(slot: unknown): slot is Slot {
	if (!isRecord(slot) || typeof slot.slot !== 'string') return false;
	if (slot.slot === 'os') return typeof slot.backend === 'string' && typeof slot.wrapped === 'string';
	if (slot.slot === 'passphrase') return isRecord(slot.kdf) && isSealed(slot) && isOsPart(slot.os);
	if (slot.slot === 'organisation' || slot.slot === 'recovery')
		return isSealed(slot) && typeof slot.publicKey === 'string' && typeof slot.ephemeral === 'string';
	return slot.slot !== 'sample' || typeof slot.key === 'string';
}

function isOsPart(os: unknown): boolean {
	return os === undefined || (isRecord(os) && typeof os.backend === 'string' && typeof os.secret === 'string');
}

function isSealed(value: unknown): value is Sealed {
	return isRecord(value) && typeof value.nonce === 'string' && typeof value.wrapped === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function damaged(what: string): SlotError {
	return new SlotError('damaged', `The key file is damaged (${what}).`);
}
