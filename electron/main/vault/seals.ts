import {
	createCipheriv,
	createDecipheriv,
	createPrivateKey,
	createPublicKey,
	diffieHellman,
	generateKeyPairSync,
	hkdfSync,
	type KeyObject,
	randomBytes,
	scrypt,
} from 'node:crypto';
import type { DeriveKey } from './argon.ts';
import type { Keyring } from './keyring.ts';
import {
	type ArgonKdf,
	assertKdf,
	bytesOf,
	findSlot,
	isKeyOf,
	type PassphraseSlot,
	type ScryptKdf,
	type Sealed,
	type SealedSlot,
	type SlotFile,
} from './slots.ts';

/** 64 MiB, three passes (RFC 9106's second choice): about a third of a second on a laptop. */
const ARGON = { name: 'argon2id', m: 65_536, t: 3, p: 1 } as const;

/** What the ways to the key are made with. */
export interface Means {
	derive: DeriveKey;
	keyring: Keyring;
	now(): Date;
}

/** Seals the key under a passphrase, and under a secret of the operating system's store where there is one that keeps it. */
export async function sealPassphrase(
	file: SlotFile,
	key: Uint8Array,
	{ words, means }: { words: Uint8Array; means: Means },
): Promise<PassphraseSlot> {
	const kdf: ArgonKdf = { ...ARGON, salt: randomBytes(16).toString('base64') };
	const fromWords = await means.derive(kdf, words);
	const secret = randomBytes(32);
	const os = await wrapSecret(means.keyring, secret);
	const wrappingKey = joinKeys({ fromWords, secret: os ? secret : undefined, salt: kdf.salt });
	const sealed = seal(wrappingKey, key, boundTo(file, os ? 'passphrase+os' : 'passphrase'));
	wipe(fromWords, secret, wrappingKey);
	return { slot: 'passphrase', kdf, ...(os ? { os } : {}), ...sealed, made: means.now().toISOString() };
}

/** `wrong`: not this passphrase, or the slot was tampered with. `keyring`: the operating system's part cannot be had any more. */
export type Opened = { key: Buffer } | { failed: 'wrong' | 'keyring' };

/** Opens the passphrase slot. Throws a SlotError when its parameters are out of bounds, before anything is worked out. */
export async function openPassphrase(file: SlotFile, words: Uint8Array, means: Means): Promise<Opened> {
	const slot = findSlot(file, 'passphrase');
	if (!slot) return { failed: 'wrong' };
	assertKdf(slot.kdf);
	const secret = await unwrapSecret(means.keyring, slot.os);
	if (secret === null) return { failed: 'keyring' };
	const fromWords = await (slot.kdf.name === 'scrypt'
		? deriveByScrypt(slot.kdf, words)
		: means.derive(slot.kdf, words));
	// Version 1 wrapped under the passphrase's key as it is.
	const wrappingKey = file.version === 1 ? fromWords : joinKeys({ fromWords, secret, salt: slot.kdf.salt });
	const key = unseal(wrappingKey, slot, boundTo(file, slot.os ? 'passphrase+os' : 'passphrase'));
	wipe(fromWords, wrappingKey, ...(secret ? [secret] : []));
	return key && isKeyOf(file, key) ? { key } : { failed: 'wrong' };
}

/** True when the operating system's part of a slot can be had now; also when it has none. */
export async function hasKeyringPart(slot: PassphraseSlot, keyring: Keyring): Promise<boolean> {
	const secret = await unwrapSecret(keyring, slot.os);
	secret?.fill(0);
	return secret !== null;
}

/** Version 1: the key as the operating system's store alone keeps it. */
export async function openByKeyring(file: SlotFile, keyring: Keyring): Promise<Buffer | undefined> {
	const slot = findSlot(file, 'os');
	if (!slot || (await keyring.backend()) !== slot.backend) return undefined;
	try {
		const key = await keyring.unwrap(Buffer.from(slot.wrapped, 'base64'));
		return isKeyOf(file, key) ? key : undefined;
	} catch {
		return undefined;
	}
}

/** Where a recovery code leads: its private key. The same code leads elsewhere in another workbook. */
export function recoveryKey(file: SlotFile, signs: Uint8Array): KeyObject {
	const raw = Buffer.from(hkdfSync('sha256', signs, file.profile, 'fieldbook recovery code v2', 32));
	const pkcs8 = Buffer.concat([X25519_PRIVATE, raw]);
	const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
	wipe(raw, pkcs8);
	return key;
}

/** Seals the store's key to a public X25519 key. */
export function sealTo(
	file: SlotFile,
	key: Uint8Array,
	to: Pick<SealedSlot, 'slot' | 'publicKey' | 'name' | 'made'>,
): SealedSlot {
	const pair = generateKeyPairSync('x25519');
	const ephemeral = rawPublic(pair.publicKey);
	const shared = diffieHellman({ privateKey: pair.privateKey, publicKey: publicFrom(bytesOf(to.publicKey, 32)) });
	const wrappingKey = boxKey(shared, ephemeral, bytesOf(to.publicKey, 32));
	const sealed = seal(wrappingKey, key, boundTo(file, to.slot));
	wipe(shared, wrappingKey);
	return { ...to, ephemeral: ephemeral.toString('base64'), ...sealed };
}

/** The key, or undefined when `privateKey` is not the one that the slot was sealed to. */
export function openSealed(file: SlotFile, slot: SealedSlot, privateKey: KeyObject): Buffer | undefined {
	const ephemeral = bytesOf(slot.ephemeral, 32);
	const publicKey = rawPublic(privateKey);
	if (publicKey.toString('base64') !== slot.publicKey) return undefined;
	const shared = diffieHellman({ privateKey, publicKey: publicFrom(ephemeral) });
	const wrappingKey = boxKey(shared, ephemeral, publicKey);
	const key = unseal(wrappingKey, slot, boundTo(file, slot.slot));
	wipe(shared, wrappingKey);
	return key && isKeyOf(file, key) ? key : undefined;
}

/** A key the store had before, sealed under the one it has now. */
export function sealPrevious(file: SlotFile, key: Uint8Array, old: Uint8Array): Sealed {
	return seal(previousKey(file, key), old, boundTo(file, 'previous'));
}

/** The keys the store had before. What cannot be read any more is left out. */
export function openPrevious(file: SlotFile, key: Uint8Array): Buffer[] {
	const wrappingKey = previousKey(file, key);
	return (file.previous ?? []).flatMap((sealed) => unseal(wrappingKey, sealed, boundTo(file, 'previous')) ?? []);
}

/** The raw 32 bytes of the public half. */
export function rawPublic(key: KeyObject): Buffer {
	const publicKey = key.type === 'private' ? createPublicKey(key as never) : key;
	return publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
}

/** The fixed beginnings of an X25519 key in DER (RFC 8410). */
const X25519_PRIVATE = Buffer.from('302e020100300506032b656e04220420', 'hex');
const X25519_PUBLIC = Buffer.from('302a300506032b656e032100', 'hex');

function publicFrom(raw: Buffer): KeyObject {
	return createPublicKey({ key: Buffer.concat([X25519_PUBLIC, raw]), format: 'der', type: 'spki' });
}

function boxKey(shared: Buffer, ephemeral: Buffer, publicKey: Buffer): Buffer {
	const salt = Buffer.concat([ephemeral, publicKey]);
	return Buffer.from(hkdfSync('sha256', shared, salt, 'fieldbook sealed slot v2', 32));
}

function previousKey(file: SlotFile, key: Uint8Array): Buffer {
	return Buffer.from(hkdfSync('sha256', key, file.profile, 'fieldbook previous keys v2', 32));
}

function joinKeys(parts: { fromWords: Buffer; secret: Buffer | undefined; salt: string }): Buffer {
	const { fromWords, secret, salt } = parts;
	const both = secret ? Buffer.concat([secret, fromWords]) : Buffer.from(fromWords);
	const key = Buffer.from(hkdfSync('sha256', both, Buffer.from(salt, 'base64'), 'fieldbook passphrase slot v2', 32));
	wipe(both);
	return key;
}

function seal(wrappingKey: Buffer, key: Uint8Array, bound: Buffer): Sealed {
	const nonce = randomBytes(12);
	const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce).setAAD(bound);
	const wrapped = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
	return { nonce: nonce.toString('base64'), wrapped: wrapped.toString('base64') };
}

function unseal(wrappingKey: Buffer, sealed: Sealed, bound: Buffer): Buffer | undefined {
	const nonce = bytesOf(sealed.nonce, 12);
	const wrapped = bytesOf(sealed.wrapped, 48);
	const decipher = createDecipheriv('aes-256-gcm', wrappingKey, nonce, { authTagLength: 16 });
	decipher.setAAD(bound).setAuthTag(wrapped.subarray(32));
	const key = decipher.update(wrapped.subarray(0, 32));
	try {
		decipher.final();
		return key;
	} catch {
		wipe(key);
		return undefined;
	}
}

function boundTo(file: SlotFile, kind: string): Buffer {
	return Buffer.from(`${file.format}|${file.version}|${file.profile}|${kind}`, 'utf8');
}

/** Read back before it counts: a store that cannot give it again must not be what the key hangs on. */
async function wrapSecret(keyring: Keyring, secret: Buffer): Promise<PassphraseSlot['os']> {
	const backend = await keyring.backend();
	if (backend === null) return undefined;
	const wrapped = await keyring.wrap(secret);
	const back = await keyring.unwrap(wrapped);
	const isSame = back.equals(secret);
	wipe(back);
	return isSame ? { backend, secret: wrapped.toString('base64') } : undefined;
}

/** Undefined where there is no such part; null where it cannot be had. */
async function unwrapSecret(keyring: Keyring, os: PassphraseSlot['os']): Promise<Buffer | undefined | null> {
	if (!os) return undefined;
	if ((await keyring.backend()) !== os.backend) return null;
	try {
		const secret = await keyring.unwrap(bytesOf(os.secret, 1, 4096));
		return secret.length === 32 ? secret : null;
	} catch {
		return null;
	}
}

function deriveByScrypt({ N, r, p, salt }: ScryptKdf, words: Uint8Array): Promise<Buffer> {
	const options = { N, r, p, maxmem: 128 * N * r + 4 * 1024 * 1024 * (p + 1) };
	return new Promise((resolve, reject) => {
		scrypt(words, Buffer.from(salt, 'base64'), 32, options, (error, key) => (error ? reject(error) : resolve(key)));
	});
}

/** Overwrites what is no longer needed. */
export function wipe(...secrets: Uint8Array[]): void {
	for (const secret of secrets) secret.fill(0);
}
