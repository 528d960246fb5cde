import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOrganisationKey } from '../../electron/main/vault/organisation.ts';
import { openSealed } from '../../electron/main/vault/seals.ts';
import { findSlot, readSlotFile } from '../../electron/main/vault/slots.ts';
import { type WorkspacePaths, workspacePaths } from '../../electron/main/vault/vault.ts';
import { fakeKeyring, noKeyring, TestDesk } from '../support/vault.ts';

let folder: string;
let paths: WorkspacePaths;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-organisation-'));
	paths = workspacePaths(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PASS = 'correct horse battery';
const slotsText = () => readFileSync(paths.slots, 'utf8');
const keyring = () => fakeKeyring('gnome_libsecret');

describe('the organisation’s key', () => {
	it('is read from the administrator’s file and opens the workbook too', async () => {
		const pair = generateKeyPairSync('x25519');
		const file = path.join(folder, 'organisation-key.pem');
		writeFileSync(file, `Name: Example Renewals Ltd\n${pair.publicKey.export({ format: 'pem', type: 'spki' })}`);
		const organisation = readOrganisationKey(file);
		expect(organisation?.name).toBe('Example Renewals Ltd');
		const desk = new TestDesk(folder, keyring(), { organisation });
		await desk.create(PASS);
		const slots = readSlotFile(slotsText());
		const slot = findSlot(slots, 'organisation');
		expect(slot && openSealed(slots, slot, pair.privateKey)?.toString('hex')).toBe(desk.key);
		expect(await desk.desk.answer({ ask: 'facts' })).toMatchObject({
			facts: { opens: 'both', organisation: 'Example Renewals Ltd' },
		});
	});

	it('is added when an administrator brings it later', async () => {
		await new TestDesk(folder).create(PASS);
		const organisation = { publicKey: Buffer.alloc(32, 9).toString('base64'), name: 'Office' };
		const desk = new TestDesk(folder, noKeyring, { organisation });
		await desk.desk.begin();
		await desk.unlock(PASS);
		expect(findSlot(readSlotFile(slotsText()), 'organisation')?.name).toBe('Office');
	});

	it('that is none, or a private one, is not used', () => {
		const file = path.join(folder, 'key.pem');
		expect(readOrganisationKey(file)).toBeUndefined();
		for (const text of [
			'',
			'hello',
			String(generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' })),
			String(generateKeyPairSync('x25519').privateKey.export({ format: 'pem', type: 'pkcs8' })),
		]) {
			writeFileSync(file, text);
			expect(readOrganisationKey(file)).toBeUndefined();
		}
	});
});

describe('the administrator’s command', () => {
	const run = (...given: string[]) =>
		spawnSync(process.execPath, [path.resolve('build/org-key.ts'), ...given], {
			encoding: 'utf8',
			env: { ...process.env, FIELDBOOK_ORG_PASSPHRASE: 'of the office' },
		});

	it('gives a workbook whose secrets are lost a new recovery code', async () => {
		const keys = path.join(folder, 'office');
		expect(run('new', '--out', keys, '--name', 'Example Renewals Ltd').status).toBe(0);
		expect(run('new', '--out', keys).status).toBe(1);
		const own = path.join(keys, 'organisation-key.private.pem');
		expect(readFileSync(own, 'utf8')).toContain('ENCRYPTED PRIVATE KEY');
		const organisation = readOrganisationKey(path.join(keys, 'organisation-key.pem'));
		const desk = new TestDesk(folder, keyring(), { organisation });
		const old = await desk.create(PASS);
		const unsealed = run('unseal', '--slots', paths.slots, '--key', own);
		const code = /([0-9A-Z]{5}-){6}[0-9A-Z]{5}/.exec(unsealed.stdout)?.[0] ?? '';
		const again = new TestDesk(folder, noKeyring);
		await again.desk.begin();
		expect(await again.recover(code)).toEqual({ ok: true });
		expect(await again.choose('one more set of words')).toEqual({ ok: true });
		expect(again.key).toBe(desk.key);
		expect(await again.recover(old)).toMatchObject({ ok: false, problem: 'wrong' });
	});

	it('does nothing to a workbook that was not sealed to it', async () => {
		const keys = path.join(folder, 'office');
		run('new', '--out', keys);
		await new TestDesk(folder).create(PASS);
		const before = slotsText();
		const answer = run('unseal', '--slots', paths.slots, '--key', path.join(keys, 'organisation-key.private.pem'));
		expect([answer.status, slotsText()]).toEqual([1, before]);
	});
});
