import {
	createCipheriv,
	createDecipheriv,
	createHmac,
	randomBytes,
	randomUUID,
	scrypt,
	timingSafeEqual,
} from 'node:crypto';

/**
 * The key file: one random 32-byte key of the store, held in slots. Each slot opens it by another way; none holds it in
 * clear but the sample workspace's. Slots of a kind this version does not know are kept as they are.
 */
export interface SlotFile {
	format: 'fieldbook-slots';
	version: 1;
	/** Ties the slots to this profile: part of what every wrapping authenticates. */
	profile: string;
	/** Tells a right key from a wrong one without the store; says nothing about the key. */
	check: string;
	slots: Slot[];
}

export type Slot = OsSlot | PassphraseSlot | SampleSlot | { slot: string; [key: string]: unknown };

/** Wrapped by the operating system's protected store, under the named backend. */
export interface OsSlot {
	slot: 'os';
	backend: string;
	wrapped: string;
}

/** AES-256-GCM under a key made from the passphrase; `wrapped` is the cipher text followed by its tag. */
export interface PassphraseSlot {
	slot: 'passphrase';
	kdf: { name: 'scrypt'; N: number; r: number; p: number; salt: string };
	nonce: string;
	wrapped: string;
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

const KDF = { name: 'scrypt', N: 2 ** 17, r: 8, p: 1 } as const;
const LARGEST_FILE = 64 * 1024;

/** A new key file without slots, for a fresh random key. */
export function createSlotFile(): { file: SlotFile; key: Buffer } {
	const key = randomBytes(32);
	const file: SlotFile = {
		format: 'fieldbook-slots',
		version: 1,
		profile: randomUUID(),
		check: checkOf(key),
		slots: [],
	};
	return { file, key };
}

/** Reads a key file; throws a SlotError rather than guess. */
export function readSlotFile(text: string): SlotFile {
	if (text.length > LARGEST_FILE) throw damaged('too large');
	const file = parse(text);
	if (!isRecord(file) || file.format !== 'fieldbook-slots' || typeof file.version !== 'number') throw damaged('format');
	if (file.version > 1) throw new SlotError('newer', 'The key file is from a newer version.');
	const { profile, check, slots } = file;
	if (typeof profile !== 'string' || !/^[0-9a-f-]{36}$/.test(profile)) throw damaged('profile');
	if (typeof check !== 'string' || !/^[0-9a-f]{32}$/.test(check)) throw damaged('check');
	if (!Array.isArray(slots) || slots.length > 16 || !slots.every(isSlot)) throw damaged('slots');
	return { format: 'fieldbook-slots', version: 1, profile, check, slots };
}

/** The text to write to disk. */
export function writeSlotFile(file: SlotFile): string {
	return `${JSON.stringify(file, null, '\t')}\n`;
}

/** The slot of one kind, if there is one. */
export function findSlot(file: SlotFile, kind: 'os'): OsSlot | undefined;
export function findSlot(file: SlotFile, kind: 'passphrase'): PassphraseSlot | undefined;
export function findSlot(file: SlotFile, kind: 'sample'): SampleSlot | undefined;
export function findSlot(file: SlotFile, kind: string): Slot | undefined {
	return file.slots.find((slot) => slot.slot === kind);
}

/** True when `key` is the key of this file. */
export function isKeyOf(file: SlotFile, key: Buffer): boolean {
	return key.length === 32 && timingSafeEqual(Buffer.from(checkOf(key), 'hex'), Buffer.from(file.check, 'hex'));
}

/** Wraps the key under a passphrase. */
export async function sealPassphrase(file: SlotFile, key: Buffer, passphrase: string): Promise<PassphraseSlot> {
	const kdf = { ...KDF, salt: randomBytes(16).toString('base64') };
	const wrappingKey = await deriveKey(kdf, passphrase);
	const nonce = randomBytes(12);
	const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce).setAAD(boundTo(file, 'passphrase'));
	const wrapped = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
	wrappingKey.fill(0);
	return { slot: 'passphrase', kdf, nonce: nonce.toString('base64'), wrapped: wrapped.toString('base64') };
}

/** The key, or undefined when the passphrase is wrong or the slot was tampered with. */
export async function openPassphrase(file: SlotFile, passphrase: string): Promise<Buffer | undefined> {
	const slot = findSlot(file, 'passphrase');
	if (!slot) return undefined;
	assertKdf(slot.kdf);
	const nonce = bytes(slot.nonce, 12, 12);
	const wrapped = bytes(slot.wrapped, 48, 48);
	const wrappingKey = await deriveKey(slot.kdf, passphrase);
	try {
		const decipher = createDecipheriv('aes-256-gcm', wrappingKey, nonce, { authTagLength: 16 });
		decipher.setAAD(boundTo(file, 'passphrase')).setAuthTag(wrapped.subarray(32));
		const key = Buffer.concat([decipher.update(wrapped.subarray(0, 32)), decipher.final()]);
		return isKeyOf(file, key) ? key : undefined;
	} catch {
		return undefined;
	} finally {
		wrappingKey.fill(0);
	}
}

/** A hostile file must not make us spend gigabytes or minutes, nor weaken what a re-wrap would copy. */
function assertKdf(kdf: PassphraseSlot['kdf']): void {
	const { name, N, r, p } = kdf;
	const whole = [N, r, p].every((value) => Number.isInteger(value) && value > 0);
	if (name !== 'scrypt' || !whole) throw damaged('kdf');
	if (N < 2 ** 15 || N > 2 ** 20 || (N & (N - 1)) !== 0 || r < 8 || r > 16 || p > 4) throw damaged('kdf bounds');
	if (128 * N * r > 1024 ** 3) throw damaged('kdf memory');
	bytes(kdf.salt, 16, 64);
}

function deriveKey(kdf: PassphraseSlot['kdf'], passphrase: string): Promise<Buffer> {
	const { N, r, p } = kdf;
	const options = { N, r, p, maxmem: 128 * N * r + 4 * 1024 * 1024 * (p + 1) };
	// The same words typed on another keyboard may arrive composed differently.
	const words = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
	return new Promise((resolve, reject) => {
		scrypt(words, Buffer.from(kdf.salt, 'base64'), 32, options, (error, key) => (error ? reject(error) : resolve(key)));
	});
}

function boundTo(file: SlotFile, kind: string): Buffer {
	return Buffer.from(`${file.format}|${file.version}|${file.profile}|${kind}`, 'utf8');
}

function checkOf(key: Buffer): string {
	return createHmac('sha256', key).update('fieldbook key check').digest('hex').slice(0, 32);
}

function bytes(text: unknown, least: number, most: number): Buffer {
	if (typeof text !== 'string' || text.length > 400) throw damaged('bytes');
	const value = Buffer.from(text, 'base64');
	if (value.length < least || value.length > most) throw damaged('bytes');
	return value;
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
	if (slot.slot === 'passphrase') return isRecord(slot.kdf);
	return slot.slot !== 'sample' || typeof slot.key === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function damaged(what: string): SlotError {
	return new SlotError('damaged', `The key file is damaged (${what}).`);
}
