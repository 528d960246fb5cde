import { spawn } from 'node:child_process';
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
import { protectedBackend, safeStorageKeyring } from '../../electron/main/vault/keyring.ts';
import { createSlotFile, findSlot, readSlotFile } from '../../electron/main/vault/slots.ts';
import { openSample, type WorkspacePaths, workspacePaths } from '../../electron/main/vault/vault.ts';
import { bytes, fakeKeyring, noKeyring, TestDesk } from '../support/vault.ts';

let folder: string;
let paths: WorkspacePaths;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-vault-'));
	paths = workspacePaths(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PASS = 'correct horse battery';
const slotsText = () => readFileSync(paths.slots, 'utf8');
const keyring = () => fakeKeyring('gnome_libsecret');

describe('a new workbook', () => {
	it('asks for a passphrase, shows a code, and is written once that is confirmed', async () => {
		const desk = new TestDesk(folder);
		await desk.desk.begin();
		expect(desk.state).toEqual({ state: 'new', why: 'first', keyring: false });
		expect(await desk.choose('too short')).toEqual({ ok: false, problem: 'too_short' });
		expect(await desk.choose('password1234')).toEqual({ ok: false, problem: 'too_common' });
		expect(await desk.choose(PASS)).toEqual({ ok: true });
		expect([existsSync(paths.slots), desk.opened]).toEqual([false, []]);
		const wrong = await desk.desk.answer({ ask: 'confirm', first: 1, second: 2, groups: bytes('AAAAABBBBB') });
		expect(wrong).toEqual({ ok: false, problem: 'not_the_code' });
		const once = desk.code.split('-')[0] ?? '';
		const twice = await desk.desk.answer({ ask: 'confirm', first: 1, second: 1, groups: bytes(once + once) });
		expect(twice).toEqual({ ok: false, problem: 'not_the_code' });
		expect(await desk.confirm()).toEqual({ ok: true });
		expect(desk.opened).toHaveLength(1);
		const again = new TestDesk(folder);
		await again.desk.begin();
		expect(again.state).toEqual({ state: 'locked', way: 'no-keyring', hasCode: true });
		expect(await again.unlock(PASS)).toEqual({ ok: true });
		expect(again.key).toBe(desk.key);
	});

	it('leaves nothing in clear and nothing readable by others', async () => {
		const desk = new TestDesk(folder, keyring());
		const code = await desk.create(PASS);
		const key = Buffer.from(desk.key ?? '', 'hex');
		const text = slotsText();
		for (const secret of [desk.key, key.toString('base64'), PASS, code, code.replaceAll('-', ''), code.slice(0, 5)])
			expect(text).not.toContain(secret);
		if (process.platform !== 'win32') {
			expect(statSync(paths.slots).mode & 0o777).toBe(0o600);
			expect(statSync(paths.folder).mode & 0o777).toBe(0o700);
		}
	});

	it('takes the keyring’s part where there is a keyring, and then wants both', async () => {
		const desk = new TestDesk(folder, keyring());
		await desk.create(PASS);
		expect(findSlot(readSlotFile(slotsText()), 'passphrase')?.os?.backend).toBe('gnome_libsecret');
		const again = new TestDesk(folder, keyring());
		await again.desk.begin();
		expect([again.state, again.opened]).toEqual([{ state: 'locked', way: 'both', hasCode: true }, []]);
		expect(await again.unlock(PASS)).toEqual({ ok: true });
		expect(again.key).toBe(desk.key);
	});

	it('never gets a new key for an old store', async () => {
		await new TestDesk(folder).create(PASS);
		rmSync(paths.slots);
		writeFileSync(paths.store, 'encrypted');
		const desk = new TestDesk(folder, keyring());
		await desk.desk.begin();
		expect([desk.failed, existsSync(paths.slots)]).toEqual(['store_locked', false]);
		expect(await desk.choose(PASS)).toEqual({ ok: false, problem: 'not_now' });
		expect(openSample(paths, true)).toBeNull();
	});
});

describe('a wrong passphrase', () => {
	it('opens nothing, changes nothing, and makes the next try wait twice as long', async () => {
		await new TestDesk(folder).create(PASS);
		const before = slotsText();
		const desk = new TestDesk(folder);
		await desk.desk.begin();
		expect(await desk.unlock('not the right one')).toEqual({ ok: false, problem: 'wrong', waitSeconds: 1 });
		const started = performance.now();
		expect(await desk.unlock('nor is this one')).toEqual({ ok: false, problem: 'wrong', waitSeconds: 2 });
		expect(performance.now() - started).toBeGreaterThan(990);
		expect(await desk.unlock(PASS)).toEqual({ ok: true });
		expect(performance.now() - started).toBeGreaterThan(2990);
		expect([slotsText(), desk.opened.length]).toEqual([before, 1]);
	});
});

describe('the recovery code', () => {
	it('opens without passphrase and keyring, asks for a new passphrase, and stays good', async () => {
		const first = new TestDesk(folder, keyring());
		const code = await first.create(PASS);
		// Another desktop: its keyring is not the one of before.
		const moved = new TestDesk(folder, fakeKeyring('kwallet6'));
		await moved.desk.begin();
		expect(moved.state).toEqual({ state: 'locked', way: 'keyring-gone', hasCode: true });
		expect(await moved.recover(`${code.slice(0, 7)}${code[7] === 'A' ? 'B' : 'A'}${code.slice(8)}`)).toEqual({
			ok: false,
			problem: 'typo',
			group: 2,
		});
		expect(await moved.recover(code.toLowerCase())).toEqual({ ok: true });
		expect(moved.state).toEqual({ state: 'new', why: 'recovered', keyring: true });
		expect(moved.opened).toEqual([]);
		expect(await moved.choose('another four plain words')).toEqual({ ok: true });
		expect(moved.key).toBe(first.key);
		const again = new TestDesk(folder, fakeKeyring('kwallet6'));
		await again.desk.begin();
		expect(again.state).toEqual({ state: 'locked', way: 'both', hasCode: true });
		expect(await again.unlock('another four plain words')).toEqual({ ok: true });
		expect(await again.recover(code)).toEqual({ ok: true });
	});

	it('of another workbook is wrong, not mistyped', async () => {
		const other = mkdtempSync(path.join(tmpdir(), 'fieldbook-vault-'));
		const foreign = await new TestDesk(other).create(PASS);
		await new TestDesk(folder).create(PASS);
		const desk = new TestDesk(folder);
		await desk.desk.begin();
		expect(await desk.recover(foreign)).toEqual({ ok: false, problem: 'wrong', waitSeconds: 1 });
		rmSync(other, { recursive: true });
	});

	it('is replaced only once the new one is confirmed', async () => {
		const desk = new TestDesk(folder);
		const old = await desk.create(PASS);
		const before = slotsText();
		const made = await desk.desk.answer({ ask: 'newCode', passphrase: bytes(PASS) });
		const code = made.ok ? Buffer.from(made.code ?? []).toString('latin1') : '';
		expect(slotsText()).toBe(before);
		expect(await desk.confirm(old)).toEqual({ ok: false, problem: 'not_the_code' });
		expect(await desk.confirm(code)).toEqual({ ok: true });
		const again = new TestDesk(folder);
		await again.desk.begin();
		expect(await again.recover(code)).toEqual({ ok: true });
		expect(await again.recover(old)).toMatchObject({ ok: false, problem: 'wrong' });
	});
});

describe('a changed passphrase', () => {
	it('opens, and the old one does not; the key and the code stay', async () => {
		const desk = new TestDesk(folder, keyring());
		const code = await desk.create(PASS);
		const change = (passphrase: string, next: string) =>
			desk.desk.answer({ ask: 'change', passphrase: bytes(passphrase), next: bytes(next) });
		expect(await change(PASS, 'short')).toEqual({ ok: false, problem: 'too_short' });
		expect(await change(PASS, 'a second set of words')).toEqual({ ok: true });
		const again = new TestDesk(folder, keyring());
		await again.desk.begin();
		expect(await again.unlock('a second set of words')).toEqual({ ok: true });
		expect(again.key).toBe(desk.key);
		expect(await again.unlock(PASS)).toMatchObject({ ok: false, problem: 'wrong' });
		expect(await again.recover(code)).toEqual({ ok: true });
	});
});

describe('a workbook of the first release', () => {
	/** Version 1: the keyring alone. */
	async function makeOld(): Promise<string> {
		const { file, key } = createSlotFile();
		const wrapped = (await keyring().wrap(key)).toString('base64');
		mkdirSync(paths.folder, { recursive: true });
		const old = { ...file, version: 1, slots: [{ slot: 'os', backend: 'gnome_libsecret', wrapped }] };
		writeFileSync(paths.slots, JSON.stringify(old));
		writeFileSync(paths.store, 'encrypted');
		return key.toString('hex');
	}

	it('is asked for a passphrase once, and is as it was until the code is confirmed', async () => {
		const key = await makeOld();
		const before = slotsText();
		const desk = new TestDesk(folder, keyring());
		await desk.desk.begin();
		expect(desk.state).toEqual({ state: 'new', why: 'upgrade', keyring: true });
		await desk.choose(PASS);
		expect([slotsText(), desk.opened]).toEqual([before, []]);
		await desk.confirm();
		expect(desk.key).toBe(key);
		const file = readSlotFile(slotsText());
		expect([file.version, file.slots.map(({ slot }) => slot)]).toEqual([2, ['passphrase', 'recovery']]);
		const again = new TestDesk(folder, keyring());
		await again.desk.begin();
		expect(await again.unlock(PASS)).toEqual({ ok: true });
		expect(again.key).toBe(key);
	});

	it('whose keyring changed or vanished is refused, never deleted and never guessed at', async () => {
		await makeOld();
		const before = slotsText();
		for (const other of [noKeyring, fakeKeyring('kwallet6'), fakeKeyring('gnome_libsecret', 0x33)]) {
			const desk = new TestDesk(folder, other);
			await desk.desk.begin();
			expect(desk.state).toEqual({ state: 'failed', code: 'store_locked', path: paths.store });
		}
		expect(slotsText()).toBe(before);
	});
});

describe('the key file on disk', () => {
	it.each(['', '{}', 'null', '[]', '{"format":"fieldbook-slots"}', '\u0000', ' '.repeat(70_000)])(
		'is refused and left when it is not one: %j',
		async (text) => {
			mkdirSync(paths.folder, { recursive: true });
			writeFileSync(paths.slots, text);
			const desk = new TestDesk(folder);
			await desk.desk.begin();
			expect([desk.failed, slotsText()]).toEqual(['store_damaged', text]);
		},
	);

	it('of a later version is left alone', async () => {
		const { file } = createSlotFile();
		mkdirSync(paths.folder, { recursive: true });
		writeFileSync(paths.slots, JSON.stringify({ ...file, version: 3 }));
		const desk = new TestDesk(folder);
		await desk.desk.begin();
		expect(desk.failed).toBe('store_newer');
	});

	it('in a linked folder is not used', async () => {
		const elsewhere = path.join(folder, 'elsewhere');
		mkdirSync(elsewhere);
		symlinkSync(elsewhere, paths.folder);
		const desk = new TestDesk(folder);
		await desk.desk.begin();
		expect(desk.failed).toBe('store_damaged');
	});
});

describe('the keyring', () => {
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
		const real = safeStorageKeyring(storage as never, 'linux');
		expect(await real.backend()).toBeNull();
		await real.wrap(Buffer.alloc(2));
		await real.unwrap(Buffer.alloc(2));
		expect(asked).toEqual(['encryptStringAsync', 'decryptStringAsync']);
	});
});

describe('the sample workspace', () => {
	const keyOf = (state: ReturnType<typeof openSample>) => (state?.state === 'key' ? state.key.toString('hex') : state);

	it('unlocks itself when it was asked for, and only then', () => {
		const key = keyOf(openSample(paths, true));
		expect(key).toMatch(/^[0-9a-f]{64}$/);
		expect(keyOf(openSample(paths, true))).toBe(key);
		expect(openSample(paths, false)).toEqual({ state: 'refused', code: 'store_locked' });
		rmSync(paths.sampleMark);
		expect(openSample(paths, true)).toEqual({ state: 'refused', code: 'store_locked' });
	});

	it('of the first release opens as it lies', () => {
		const key = keyOf(openSample(paths, true));
		const old = JSON.stringify({ ...JSON.parse(slotsText()), version: 1 });
		writeFileSync(paths.slots, old);
		rmSync(path.join(paths.folder, 'slots.copy.json'));
		expect([keyOf(openSample(paths, true)), slotsText()]).toEqual([key, old]);
	});

	it('never takes over a real workspace', async () => {
		await new TestDesk(folder).create(PASS);
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
