import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { CoreError } from '../../../shared/contract/errors.ts';

/**
 * How a file lies on the disk of the laptop: a header that says which file it is, then its bytes in frames that are
 * sealed one by one, so that any part can be read by itself and no changed, missing, moved or foreign byte passes.
 *
 *   mark 4 | salt 32 | sealed (sha256 32, size 8)      the header
 *   nonce 12 | up to FRAME bytes | tag 16              each frame; its number is sealed with it
 *
 * Each file has a key of its own, made from its salt, so that a frame fits into no other file; the header is sealed
 * with the same key and tells the size, so that the file's length is known before a frame is read.
 */
export const FRAME = 65_536;
const NONCE = 12;
const TAG = 16;
const SALT = 32;
const MARK = Buffer.from('FBF1');
const HEAD_PLAIN = 40;
export const FRAME_EXTRA = NONCE + TAG;
export const HEADER = MARK.length + SALT + NONCE + HEAD_PLAIN + TAG;

/**
 * What is derived from the store's key: one key for the names on disk, and those that every file's key comes from: the
 * first seals what is written now, the others open what was sealed before the store's key was changed.
 */
export interface BlobKeys {
	names: Buffer;
	contents: readonly [Buffer, ...Buffer[]];
}

/** One file's key, with the salt it is made from. */
export interface Seal {
	salt: Buffer;
	key: Buffer;
}

export interface BlobName {
	/** Lower-case hex. */
	sha256: string;
	/** Bytes. */
	size: number;
}

/** Derives the keys from the store's key (32 bytes). */
export function blobKeys(key: Uint8Array): BlobKeys {
	const derive = (info: string) => Buffer.from(hkdfSync('sha256', key, '', `fieldbook ${info}`, 32));
	return { names: derive('file names v1'), contents: [derive('file contents v1')] };
}

/** Overwrites keys that are no longer needed. */
export function wipeBlobKeys({ names, contents }: BlobKeys): void {
	for (const key of [names, ...contents]) key.fill(0);
}

/** The name on disk: it follows from the content, but tells nobody without the key which content that is. */
export function diskName(keys: BlobKeys, sha256: string): string {
	return createHmac('sha256', keys.names).update(sha256).digest('hex');
}

/** A key for a new file. */
export function newSeal(keys: BlobKeys): Seal {
	return sealFrom(keys.contents[0], randomBytes(SALT));
}

function sealFrom(contents: Buffer, salt: Buffer): Seal {
	return { salt, key: Buffer.from(hkdfSync('sha256', contents, salt, 'fieldbook file v1', 32)) };
}

/** Bytes on disk of a file of `size` bytes. */
export function sealedSize(size: number): number {
	return HEADER + size + frameCount(size) * FRAME_EXTRA;
}

export function frameCount(size: number): number {
	return Math.ceil(size / FRAME);
}

/** Where a frame begins on disk. */
export function frameStart(index: number): number {
	return HEADER + index * (FRAME + FRAME_EXTRA);
}

export function sealHeader(seal: Seal, { sha256, size }: BlobName): Buffer {
	const plain = Buffer.alloc(HEAD_PLAIN);
	Buffer.from(sha256, 'hex').copy(plain);
	plain.writeBigUInt64BE(BigInt(size), 32);
	return Buffer.concat([MARK, seal.salt, ...shut(seal, plain, 'header')]);
}

/** Reads a header. Throws `file_damaged` for one that is not whole or was sealed with another key. */
export function openHeader(keys: BlobKeys, header: Buffer): BlobName & { seal: Seal } {
	if (header.length !== HEADER || !header.subarray(0, MARK.length).equals(MARK)) throw damaged();
	const salt = Buffer.from(header.subarray(MARK.length, MARK.length + SALT));
	for (const contents of keys.contents) {
		const seal = sealFrom(contents, salt);
		const plain = tryUnseal(seal, header.subarray(MARK.length + SALT), 'header');
		if (plain) return { seal, sha256: plain.toString('hex', 0, 32), size: Number(plain.readBigUInt64BE(32)) };
	}
	throw damaged();
}

export function sealFrame(seal: Seal, index: number, plain: Uint8Array): Buffer {
	return Buffer.concat(shut(seal, plain, `frame ${index}`));
}

/** The bytes of a frame. Throws `file_damaged` when any bit of it is not as it was written in this place of this file. */
export function openFrame(seal: Seal, index: number, sealed: Buffer): Buffer {
	return unseal(seal, sealed, `frame ${index}`);
}

// Nonces are drawn, not counted: a download that is taken up again may write a frame a second time.
function shut(seal: Seal, plain: Uint8Array, place: string): Buffer[] {
	const nonce = randomBytes(NONCE);
	const cipher = createCipheriv('aes-256-gcm', seal.key, nonce, { authTagLength: TAG });
	cipher.setAAD(Buffer.from(place));
	return [nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()];
}

function unseal(seal: Seal, sealed: Buffer, place: string): Buffer {
	const plain = tryUnseal(seal, sealed, place);
	if (!plain) throw damaged();
	return plain;
}

function tryUnseal(seal: Seal, sealed: Buffer, place: string): Buffer | undefined {
	if (sealed.length < FRAME_EXTRA) return undefined;
	const decipher = createDecipheriv('aes-256-gcm', seal.key, sealed.subarray(0, NONCE), { authTagLength: TAG });
	decipher.setAAD(Buffer.from(place));
	decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
	const plain = decipher.update(sealed.subarray(NONCE, sealed.length - TAG));
	try {
		decipher.final();
	} catch {
		return undefined;
	}
	return plain;
}

export function damaged(): CoreError {
	return new CoreError('file_damaged', 'The file on this laptop is not as it was written.');
}
