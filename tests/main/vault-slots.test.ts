import { argon2Sync, createCipheriv, generateKeyPairSync, randomBytes, scryptSync } from 'node:crypto';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argonIn } from '../../electron/main/vault/argon.ts';
import { newRecoveryCode, readRecoveryCode } from '../../electron/main/vault/recovery-code.ts';
import * as seals from '../../electron/main/vault/seals.ts';
import {
	type ArgonKdf,
	createSlotFile,
	isKeyOf,
	type PassphraseSlot,
	readSlotFile,
	type SlotFile,
	withSlot,
	writeSlotFile,
} from '../../electron/main/vault/slots.ts';
import { passphraseProblem } from '../../shared/domain/passphrase.ts';
import { bytes, fakeKeyring, noKeyring, quickDerive } from '../support/vault.ts';

const PASS = 'four plain words here';
const means = (keyring = noKeyring): seals.Means => ({ keyring, derive: quickDerive, now: () => new Date() });

async function sealed(keyring = noKeyring): Promise<{ file: SlotFile; key: Buffer }> {
	const { file, key } = createSlotFile();
	const slot = await seals.sealPassphrase(file, key, { words: bytes(PASS), means: means(keyring) });
	return { file: readSlotFile(writeSlotFile(withSlot(file, slot))), key };
}

function changed(file: SlotFile, change: (slot: PassphraseSlot) => void): SlotFile {
	const copy = structuredClone(file);
	change(copy.slots[0] as PassphraseSlot);
	return copy;
}

describe('a passphrase slot', () => {
	it('opens by its passphrase, however it is composed, and by no other', async () => {
		const { file, key } = createSlotFile();
		const slot = await seals.sealPassphrase(file, key, { words: bytes('Zürich im Frühling'), means: means() });
		const whole = withSlot(file, slot);
		const open = (text: string) => seals.openPassphrase(whole, bytes(text), means());
		expect(await open('Zürich im Frühling'.normalize('NFD'))).toEqual({ key });
		expect(await open('Zurich im Fruhling')).toEqual({ failed: 'wrong' });
		expect(await open('')).toEqual({ failed: 'wrong' });
	});

	it('is argon2id with at least 64 MiB and three passes, by its own worker', async () => {
		const { file, key } = createSlotFile();
		const derive = argonIn(path.resolve('electron/main/vault/argon-worker.ts'));
		const real = { ...means(), derive };
		const slot = await seals.sealPassphrase(file, key, { words: bytes(PASS), means: real });
		expect(slot.kdf).toMatchObject({ name: 'argon2id', m: 65_536, t: 3, p: 1 });
		expect(Buffer.from(slot.kdf.salt, 'base64')).toHaveLength(16);
		expect(await seals.openPassphrase(withSlot(file, slot), bytes(PASS), real)).toEqual({ key });
		// The same as Node's own implementation makes of it.
		const salt = Buffer.from('somesaltsomesalt');
		const derived = await derive({ ...slot.kdf, salt: salt.toString('base64') } as ArgonKdf, bytes('password'));
		const parameters = { message: 'password', nonce: salt, parallelism: 1, tagLength: 32, memory: 65_536, passes: 3 };
		expect(derived.equals(argon2Sync('argon2id', parameters))).toBe(true);
	});

	it('with the keyring’s part: neither the file with the passphrase nor the file with the keyring opens alone', async () => {
		const keyring = fakeKeyring('gnome_libsecret');
		const { file, key } = await sealed(keyring);
		expect(await seals.openPassphrase(file, bytes(PASS), means(keyring))).toEqual({ key });
		expect(await seals.openPassphrase(file, bytes('another passphrase'), means(keyring))).toEqual({ failed: 'wrong' });
		expect(await seals.openPassphrase(file, bytes(PASS), means(noKeyring))).toEqual({ failed: 'keyring' });
		expect(await seals.openPassphrase(file, bytes(PASS), means(fakeKeyring('kwallet6')))).toEqual({
			failed: 'keyring',
		});
		const other = means(fakeKeyring('gnome_libsecret', 0x33));
		expect(await seals.openPassphrase(file, bytes(PASS), other)).toEqual({ failed: 'wrong' });
		const without = changed(file, (slot) => delete slot.os);
		expect(await seals.openPassphrase(without, bytes(PASS), means(keyring))).toEqual({ failed: 'wrong' });
	});

	it('hangs on no keyring that does not give back what it took', async () => {
		const liar = { ...fakeKeyring('gnome_libsecret'), unwrap: async () => Buffer.alloc(32, 1) };
		const { file, key } = await sealed(liar);
		expect(await seals.openPassphrase(file, bytes(PASS), means())).toEqual({ key });
	});

	it('is not accepted when anything of it was changed', async () => {
		const { file } = await sealed();
		const flip = (text: string) => {
			const raw = Buffer.from(text, 'base64');
			raw[3] = (raw[3] ?? 0) ^ 1;
			return raw.toString('base64');
		};
		const wrong = { failed: 'wrong' };
		const open = (other: SlotFile) => seals.openPassphrase(other, bytes(PASS), means());
		expect(await open(changed(file, (slot) => (slot.wrapped = flip(slot.wrapped))))).toEqual(wrong);
		expect(await open(changed(file, (slot) => (slot.nonce = flip(slot.nonce))))).toEqual(wrong);
		expect(await open(changed(file, (slot) => (slot.kdf.salt = flip(slot.kdf.salt))))).toEqual(wrong);
		const other = createSlotFile().file;
		expect(await open({ ...file, profile: other.profile })).toEqual(wrong);
		expect(await open({ ...file, check: other.check })).toEqual(wrong);
		expect(await open({ ...file, version: 1 })).toEqual(wrong);
	});

	it.each([
		{ m: 64 * 1024 ** 2 },
		{ m: 65_535 },
		{ m: 1_048_577 },
		{ m: Number.POSITIVE_INFINITY },
		{ m: '65536' },
		{ m: 65_536.5 },
		{ t: 2 },
		{ t: 1_000_000 },
		{ m: 1_048_576, t: 12 },
		{ p: 0 },
		{ p: 255 },
		{ name: 'argon2i' },
		{ name: 'md5' },
		{ salt: 'AAAA' },
		{ salt: 'A'.repeat(5000) },
		{ salt: null },
		{ name: 'scrypt', N: 2 ** 30, r: 8, p: 1 },
		{ name: 'scrypt', N: 2 ** 14, r: 8, p: 1 },
		{ name: 'scrypt', N: 2 ** 20, r: 16, p: 1 },
		{ name: 'scrypt', N: 131_071, r: 8, p: 1 },
	])('refuses hostile parameters %o before anything is worked out', async (change) => {
		const { file } = await sealed();
		const hostile = changed(file, (slot) => Object.assign(slot.kdf, change));
		const derive = () => Promise.reject(new Error('worked out'));
		const opening = seals.openPassphrase(hostile, bytes(PASS), { ...means(), derive });
		await expect(opening).rejects.toMatchObject({ reason: 'damaged' });
	});

	it('of version 1, under scrypt, still opens', async () => {
		const { file, key } = createSlotFile();
		const salt = randomBytes(16);
		const nonce = randomBytes(12);
		const [N, r, p] = [2 ** 15, 8, 1];
		const wrappingKey = scryptSync(PASS, salt, 32, { N, r, p, maxmem: 2 ** 27 });
		const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce);
		cipher.setAAD(Buffer.from(`fieldbook-slots|1|${file.profile}|passphrase`));
		const wrapped = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]).toString('base64');
		const kdf = { name: 'scrypt' as const, N, r, p, salt: salt.toString('base64') };
		const slot = { slot: 'passphrase' as const, kdf, nonce: nonce.toString('base64'), wrapped };
		const old = readSlotFile(JSON.stringify({ ...file, version: 1, slots: [slot] }));
		expect(await seals.openPassphrase(old, bytes(PASS), means())).toEqual({ key });
		expect(await seals.openPassphrase(old, bytes('not this one here'), means())).toEqual({ failed: 'wrong' });
	});
});

describe('the recovery code', () => {
	const SIGNS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
	const readText = (text: string) => readRecoveryCode(bytes(text));

	it('has 140 bits in seven groups without signs that look alike', () => {
		const codes = Array.from({ length: 200 }, () => newRecoveryCode().toString('latin1'));
		for (const code of codes) {
			expect(code).toMatch(/^([2-9A-HJ-NP-Z]{5}-){6}[2-9A-HJ-NP-Z]{5}$/);
			expect(readText(code)).toMatchObject({ ok: true });
		}
		expect(new Set(codes).size).toBe(200);
	});

	it('is read however it is typed', () => {
		const code = newRecoveryCode().toString('latin1');
		const signs = readText(code);
		expect(readText(code.toLowerCase())).toEqual(signs);
		expect(readText(code.replaceAll('-', ' '))).toEqual(signs);
		expect(readText(` ${code.replaceAll('-', '')}\n`)).toEqual(signs);
	});

	it('tells a typing mistake, and where it is, from a wrong code', () => {
		const groups = fc.integer({ min: 0, max: 6 });
		fc.assert(
			fc.property(groups, fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 31 }), (group, place, by) => {
				const code = newRecoveryCode().toString('latin1');
				const at = group * 6 + place;
				const other = SIGNS[(SIGNS.indexOf(code[at] as string) + by) % 32];
				expect(readText(code.slice(0, at) + other + code.slice(at + 1))).toEqual({ ok: false, group: group + 1 });
			}),
			{ numRuns: 500 },
		);
		fc.assert(
			fc.property(groups, fc.integer({ min: 0, max: 3 }), (group, place) => {
				const code = newRecoveryCode().toString('latin1');
				const at = group * 6 + place;
				const swapped = code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2);
				if (swapped !== code) expect(readText(swapped)).toEqual({ ok: false, group: group + 1 });
			}),
			{ numRuns: 500 },
		);
		fc.assert(
			fc.property(groups, groups, (one, two) => {
				const list = newRecoveryCode().toString('latin1').split('-');
				if (one === two || list[one] === list[two]) return;
				[list[one], list[two]] = [list[two] as string, list[one] as string];
				expect(readText(list.join('-'))).toMatchObject({ ok: false });
			}),
			{ numRuns: 200 },
		);
	});

	it('that is too short, too long or has a sign of its own says so', () => {
		const code = newRecoveryCode().toString('latin1');
		expect(readText('')).toEqual({ ok: false, group: 0 });
		expect(readText(code.slice(0, -1))).toEqual({ ok: false, group: 0 });
		expect(readText(`${code}-22222`)).toEqual({ ok: false, group: 0 });
		expect(readText(`O${code.slice(1)}`)).toEqual({ ok: false, group: 1 });
		expect(readText(`${code.slice(0, 6)}é${code.slice(7)}`)).toEqual({ ok: false, group: 2 });
	});
});

describe('a slot sealed to a public key', () => {
	it('opens by its private key and by no other', () => {
		const { file, key } = createSlotFile();
		const pair = generateKeyPairSync('x25519');
		const publicKey = seals.rawPublic(pair.publicKey).toString('base64');
		const slot = seals.sealTo(file, key, { slot: 'organisation', publicKey, name: 'Office' });
		expect(seals.openSealed(file, slot, pair.privateKey)?.equals(key)).toBe(true);
		expect(seals.openSealed(file, slot, generateKeyPairSync('x25519').privateKey)).toBeUndefined();
		expect(seals.openSealed(file, { ...slot, slot: 'recovery' }, pair.privateKey)).toBeUndefined();
		expect(JSON.stringify(slot)).not.toContain(key.toString('base64'));
	});

	it('keeps keys of before under the key of now', () => {
		const { file, key } = createSlotFile();
		const old = [randomBytes(32), randomBytes(32)];
		const whole = { ...file, previous: old.map((one) => seals.sealPrevious(file, key, one)) };
		expect(seals.openPrevious(readSlotFile(writeSlotFile(whole)), key)).toEqual(old);
		expect(seals.openPrevious(whole, randomBytes(32))).toEqual([]);
	});
});

describe('the key file', () => {
	it('keeps slots of a kind it does not know', () => {
		const { file } = createSlotFile();
		const slot = { slot: 'smartcard', wrapped: 'x', later: true };
		expect(readSlotFile(writeSlotFile({ ...file, slots: [slot] })).slots).toEqual([slot]);
	});

	it('tells its key from another', () => {
		const { file, key } = createSlotFile();
		expect(isKeyOf(file, key)).toBe(true);
		expect(isKeyOf(file, randomBytes(32))).toBe(false);
		expect(isKeyOf(file, key.subarray(1))).toBe(false);
		expect(isKeyOf(file, Buffer.alloc(0))).toBe(false);
	});

	it('never crashes on what is no key file', () => {
		fc.assert(
			fc.property(fc.anything(), (value) => {
				const text = JSON.stringify({ format: 'fieldbook-slots', version: 2, ...(value as object) }) ?? '';
				try {
					readSlotFile(text);
				} catch (error) {
					expect(error).toMatchObject({ reason: expect.stringMatching(/damaged|newer/) });
				}
			}),
			{ numRuns: 1000 },
		);
	});

	it('holds no next file inside a next file', () => {
		const { file } = createSlotFile();
		const next = { head: 'ab'.repeat(32), file };
		expect(readSlotFile(writeSlotFile({ ...file, next }))).toMatchObject({ next });
		expect(() => readSlotFile(writeSlotFile({ ...file, next: { ...next, file: { ...file, next } } }))).toThrow();
	});
});

describe('a new passphrase', () => {
	it.each([
		['eleven char', 'too_short'],
		['Zürich 2026', 'too_short'],
		['aaaaaaaaaaaaaaaa', 'too_common'],
		['abababababab', 'too_common'],
		['password1234', 'too_common'],
		['Password 2026!', 'too_common'],
		['123456123456', 'too_common'],
		['correct horse battery staple', 'too_common'],
		['fieldbook2026', 'too_common'],
		['correct horse battery', null],
		['four plain words here', null],
		['密碼要長一點才會安全喔好', null],
		['welcome to the rainy harbour', null],
	])('%j: %s', (text, problem) => {
		expect(passphraseProblem(text)).toBe(problem);
	});
});
