// The key of an organisation: `node build/org-key.ts new --out DIR --name NAME` makes one, `… unseal --slots FILE --key FILE`
// gives a workbook whose passphrase and recovery code are lost a new recovery code.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeDurably } from '../electron/main/vault/durable-file.ts';
import { underNewCode } from '../electron/main/vault/key-work.ts';
import { openSealed } from '../electron/main/vault/seals.ts';
import { readSlotText, writeSlots } from '../electron/main/vault/slot-copies.ts';
import { findSlot, readSlotFile } from '../electron/main/vault/slots.ts';

const USAGE = `node build/org-key.ts new --out DIR --name NAME
    makes organisation-key.pem, which goes to the laptops (/etc/fieldbook, %ProgramData%\\Fieldbook or
    /Library/Application Support/Fieldbook), and organisation-key.private.pem, which stays with you. The passphrase of
    the private key is taken from FIELDBOOK_ORG_PASSPHRASE.
node build/org-key.ts unseal --slots FILE --key organisation-key.private.pem
    gives a workbook a new recovery code: prints it, and writes it into slots.json. The file of before is kept beside it.`;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { out: { type: 'string' }, name: { type: 'string' }, slots: { type: 'string' }, key: { type: 'string' } },
});
const passphrase = process.env['FIELDBOOK_ORG_PASSPHRASE'];

try {
	if (positionals[0] === 'new' && values.out) makeKey(values.out, values.name ?? 'Your organisation');
	else if (positionals[0] === 'unseal' && values.slots && values.key) unseal(values.slots, values.key);
	else stop(USAGE, 2);
} catch (error) {
	stop(error instanceof Error ? error.message : String(error), 1);
}

function makeKey(folder: string, name: string): void {
	if (!passphrase) stop('FIELDBOOK_ORG_PASSPHRASE is missing: the private key is not written without a passphrase.', 2);
	const [shared, own] = ['organisation-key.pem', 'organisation-key.private.pem'].map((file) =>
		path.join(folder, file),
	) as [string, string];
	if (fs.existsSync(own)) stop(`${own} is there already. Nothing was changed.`, 1);
	fs.mkdirSync(folder, { recursive: true });
	const { publicKey, privateKey } = generateKeyPairSync('x25519');
	writeDurably(
		own,
		String(
			privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: passphrase as string }),
		),
	);
	writeDurably(shared, `Name: ${name}\n${publicKey.export({ format: 'pem', type: 'spki' })}`);
	console.log(`For the laptops: ${shared}\nKeep apart:      ${own}`);
}

function unseal(slots: string, keyFile: string): void {
	const text = readSlotText(slots);
	if (text === undefined) throw new Error(`There is no ${slots}.`);
	const file = readSlotFile(text);
	const privateKey = createPrivateKey({ key: fs.readFileSync(keyFile, 'utf8'), ...(passphrase ? { passphrase } : {}) });
	const slot = findSlot(file, 'organisation');
	if (!slot) throw new Error('This workbook was not sealed to an organisation.');
	const key = openSealed(file, slot, privateKey);
	if (!key) throw new Error('This workbook was sealed to another organisation’s key.');
	const made = underNewCode({ file, key }, new Date());
	key.fill(0);
	fs.copyFileSync(slots, `${slots}.before`, fs.constants.COPYFILE_EXCL);
	writeSlots(slots, made.file);
	console.log(`The new recovery code: ${made.code.toString('latin1')}`);
}

function stop(text: string, code: number): never {
	console.error(text);
	process.exit(code);
}
