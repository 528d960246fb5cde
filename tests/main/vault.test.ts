import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeDurably } from '../../electron/main/vault/durable-file.ts';
import { type Keyring, protectedBackend, safeStorageKeyring } from '../../electron/main/vault/keyring.ts';
import {
	createSlotFile,
	isKeyOf,
	openPassphrase,
	readSlotFile,
	type SlotFile,
	sealPassphrase,
	writeSlotFile,
} from '../../electron/main/vault/slots.ts';
import {
	openSample,
	openVault,
	unlockVault,
	type VaultState,
	type WorkspacePaths,
	workspacePaths,
} from '../../electron/main/vault/vault.ts';

let folder: string;
let paths: WorkspacePaths;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-vault-'));
	paths = workspacePaths(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const none: Keyring = { backend: async () => null, wrap: async (key) => key, unwrap: async (key) => key };

/** A keyring that turns bits over, under a name. */
function fakeKeyring(name: string | null, mask = 0x5a): Keyring {
	const flip = async (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ mask));
	return { backend: async () => name, wrap: flip, unwrap: flip };
}

function keyOf(state: VaultState | null): string {
	if (state?.state !== 'key') throw new Error(`not open: ${JSON.stringify(state)}`);
	return state.key.toString('hex');
}

const PASS = 'correct horse battery';

describe('a passphrase', () => {
	it('makes a workspace and opens it again, however it is composed', async () => {
		expect(await openVault(paths, none)).toMatchObject({ state: 'passphrase', create: true });
		const key = keyOf(await unlockVault(paths, 'Zürich im Frühling'));
		expect(await openVault(paths, none)).toMatchObject({ state: 'passphrase', create: false, wrong: false });
		expect(keyOf(await unlockVault(paths, 'Zürich im Frühling'.normalize('NFD')))).toBe(key);
		expect(await unlockVault(paths, 'Zurich im Fruhling')).toMatchObject({ state: 'passphrase', wrong: true });
	});

	it('must be long enough', async () => {
		const first = await openVault(paths, none);
		const minLength = first.state === 'passphrase' ? first.minLength : 0;
		expect(minLength).toBeGreaterThanOrEqual(12);
		const short = await unlockVault(paths, 'x'.repeat(minLength - 1));
		expect(short).toMatchObject({ state: 'passphrase', create: true, wrong: true, minLength });
		expect(existsSync(paths.slots)).toBe(false);
	});

	it('leaves nothing in clear and nothing readable by others', async () => {
		const key = keyOf(await unlockVault(paths, PASS));
		const text = readFileSync(paths.slots, 'utf8');
		expect(text).not.toContain(key);
		expect(text).not.toContain(Buffer.from(key, 'hex').toString('base64'));
		expect(text).not.toContain(PASS);
		if (process.platform !== 'win32') {
			expect(statSync(paths.slots).mode & 0o777).toBe(0o600);
			expect(statSync(paths.folder).mode & 0o777).toBe(0o700);
		}
	});

	it('is not accepted for a slot somebody changed', async () => {
		const { file, key } = createSlotFile();
		const slot = await sealPassphrase(file, key, PASS);
		const whole: SlotFile = { ...file, slots: [slot] };
		expect((await openPassphrase(whole, PASS))?.equals(key)).toBe(true);
		const flipped = Buffer.from(slot.wrapped, 'base64');
		flipped[3] = (flipped[3] ?? 0) ^ 1;
		expect(
			await openPassphrase({ ...file, slots: [{ ...slot, wrapped: flipped.toString('base64') }] }, PASS),
		).toBeUndefined();
		const other = createSlotFile().file;
		expect(await openPassphrase({ ...whole, profile: other.profile }, PASS)).toBeUndefined();
		expect(await openPassphrase({ ...whole, check: other.check }, PASS)).toBeUndefined();
	});

	it.each([
		{ N: 2 ** 30 },
		{ N: 2 ** 14 },
		{ N: 131_071 },
		{ N: Number.POSITIVE_INFINITY },
		{ N: '131072' },
		{ r: 1 },
		{ r: 1_000_000 },
		{ p: 1000 },
		{ p: 0 },
		{ name: 'md5' },
		{ salt: 'AAAA' },
		{ salt: 'A'.repeat(5000) },
		{ N: 2 ** 20, r: 16 },
	])('refuses hostile parameters %o at once', async (change) => {
		await unlockVault(paths, PASS);
		const file = JSON.parse(readFileSync(paths.slots, 'utf8'));
		Object.assign(file.slots[0].kdf, change);
		writeFileSync(paths.slots, JSON.stringify(file));
		const started = performance.now();
		expect(await unlockVault(paths, PASS)).toEqual({ state: 'refused', code: 'store_damaged' });
		expect(performance.now() - started).toBeLessThan(200);
	});
});

describe('the key file', () => {
	it.each([
		'',
		'{}',
		'null',
		'[]',
		'{"format":"fieldbook-slots"}',
		'\u0000',
		`{"format":"fieldbook-slots","version":1,"profile":"x","check":"y","slots":[]}`,
		' '.repeat(70_000),
	])('is refused when it is not one: %j', async (text) => {
		mkdirSync(paths.folder, { recursive: true });
		writeFileSync(paths.slots, text);
		expect(await openVault(paths, none)).toEqual({ state: 'refused', code: 'store_damaged' });
		expect(readFileSync(paths.slots, 'utf8')).toBe(text);
	});

	it('of a later version is left alone', async () => {
		const { file } = createSlotFile();
		mkdirSync(paths.folder, { recursive: true });
		writeFileSync(paths.slots, JSON.stringify({ ...file, version: 2 }));
		expect(await openVault(paths, none)).toEqual({ state: 'refused', code: 'store_newer' });
	});

	it('keeps slots of a kind it does not know', () => {
		const { file } = createSlotFile();
		const text = writeSlotFile({ ...file, slots: [{ slot: 'recovery', wrapped: 'x', later: true }] });
		expect(readSlotFile(text).slots).toEqual([{ slot: 'recovery', wrapped: 'x', later: true }]);
	});

	it('that is gone does not make a store get a new key', async () => {
		keyOf(await unlockVault(paths, PASS));
		rmSync(paths.slots);
		writeFileSync(paths.store, 'encrypted');
		expect(await openVault(paths, fakeKeyring('gnome_libsecret'))).toEqual({ state: 'refused', code: 'store_locked' });
		expect(await unlockVault(paths, PASS)).toEqual({ state: 'refused', code: 'store_locked' });
		expect(openSample(paths, true)).toBeNull();
	});

	it('tells its key from another', () => {
		const { file, key } = createSlotFile();
		expect(isKeyOf(file, key)).toBe(true);
		expect(isKeyOf(file, randomBytes(32))).toBe(false);
		expect(isKeyOf(file, key.subarray(1))).toBe(false);
	});

	it('in a linked folder is not used', async () => {
		const elsewhere = path.join(folder, 'elsewhere');
		mkdirSync(elsewhere);
		symlinkSync(elsewhere, paths.folder);
		expect(await openVault(paths, none)).toEqual({ state: 'refused', code: 'store_damaged' });
	});
});

describe('the keyring', () => {
	it('holds the key of a new workspace and gives it back', async () => {
		const key = keyOf(await openVault(paths, fakeKeyring('gnome_libsecret')));
		expect(keyOf(await openVault(paths, fakeKeyring('gnome_libsecret')))).toBe(key);
		const text = readFileSync(paths.slots, 'utf8');
		expect(text).not.toContain(Buffer.from(key, 'hex').toString('base64'));
	});

	it('that changed, vanished or lies is noticed', async () => {
		await openVault(paths, fakeKeyring('gnome_libsecret'));
		expect(await openVault(paths, none)).toEqual({ state: 'refused', code: 'store_locked' });
		expect(await openVault(paths, fakeKeyring('kwallet6'))).toEqual({ state: 'refused', code: 'store_locked' });
		expect(await openVault(paths, fakeKeyring('gnome_libsecret', 0x33))).toEqual({
			state: 'refused',
			code: 'store_locked',
		});
	});

	it('counts by its name, never by "available"', () => {
		expect(protectedBackend('linux', 'basic_text')).toBeNull();
		expect(protectedBackend('linux', 'unknown')).toBeNull();
		expect(protectedBackend('linux', undefined)).toBeNull();
		expect(protectedBackend('linux', 'gnome_libsecret')).toBe('gnome_libsecret');
		expect(protectedBackend('darwin', undefined)).toBe('keychain');
	});

	it('uses the asynchronous calls where they exist and never asks for plain text', async () => {
		const asked: string[] = [];
		const storage = new Proxy({} as Record<string, unknown>, {
			get: (_target, name: string) => {
				if (name === 'getSelectedStorageBackend') return () => 'basic_text';
				return async () => {
					asked.push(name);
					return name === 'decryptStringAsync' ? { result: 'AAA=', shouldReEncrypt: false } : Buffer.from('x');
				};
			},
		});
		const keyring = safeStorageKeyring(storage as never, 'linux');
		expect(await keyring.backend()).toBeNull();
		await keyring.wrap(Buffer.alloc(2));
		await keyring.unwrap(Buffer.alloc(2));
		expect(asked).toEqual(['encryptStringAsync', 'decryptStringAsync']);
	});
});

describe('the sample workspace', () => {
	it('unlocks itself when it was asked for, and only then', () => {
		const key = keyOf(openSample(paths, true));
		expect(keyOf(openSample(paths, true))).toBe(key);
		expect(openSample(paths, false)).toEqual({ state: 'refused', code: 'store_locked' });
		rmSync(paths.sampleMark);
		expect(openSample(paths, true)).toEqual({ state: 'refused', code: 'store_locked' });
	});

	it('never takes over a real workspace', async () => {
		keyOf(await unlockVault(paths, PASS));
		expect(openSample(paths, true)).toBeNull();
		expect(openSample(paths, false)).toBeNull();
	});

	it('is not made unasked', () => {
		expect(openSample(paths, false)).toBeNull();
		expect(existsSync(paths.slots)).toBe(false);
	});
});

describe('writeDurably', () => {
	it('leaves the old file and no rest when it fails', () => {
		const target = path.join(folder, 'target');
		mkdirSync(path.join(target, 'inside'), { recursive: true });
		expect(() => writeDurably(target, 'new')).toThrow();
		expect(readdirSync(folder)).toEqual(['target']);
		const file = path.join(folder, 'file');
		writeFileSync(file, 'old');
		chmodSync(file, 0o644);
		writeDurably(file, 'new');
		expect(readFileSync(file, 'utf8')).toBe('new');
		if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
	});

	it('leaves a whole file whenever the process is killed', async () => {
		const file = path.join(folder, 'slots.json');
		const module = path.resolve('electron/main/vault/durable-file.ts');
		const script = `import { writeDurably } from ${JSON.stringify(module)};
			for (let n = 0; ; n++) { writeDurably(${JSON.stringify(file)}, JSON.stringify({ n, fill: String(n % 10).repeat(20000) })); if (n === 0) process.stdout.write('go'); }`;
		for (let round = 0; round < 8; round++) {
			const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
				stdio: ['ignore', 'pipe', 'inherit'],
			});
			await new Promise((resolve) => child.stdout.once('data', resolve));
			await new Promise((resolve) => setTimeout(resolve, 3 + round * 7));
			const ended = new Promise((resolve) => child.once('exit', resolve));
			child.kill('SIGKILL');
			await ended;
			const { n, fill } = JSON.parse(readFileSync(file, 'utf8'));
			expect(fill).toBe(String(n % 10).repeat(20000));
		}
	});
});
