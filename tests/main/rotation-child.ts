import { rekeyStore } from '../../electron/core/rekey.ts';
import * as work from '../../electron/main/vault/key-work.ts';
import { finishRotation } from '../../electron/main/vault/rotation.ts';
import * as seals from '../../electron/main/vault/seals.ts';
import { readSlots, workspacePaths } from '../../electron/main/vault/vault.ts';
import { bytes, noKeyring, quickDerive } from '../support/vault.ts';

// Changes the key of the workbook in a folder, and dies where it is told to: `node rotation-child.ts FOLDER PASSPHRASE STEP`.
const [userData = '', passphrase = '', dieAt = ''] = process.argv.slice(2);
const die = (step: string) => {
	if (step === dieAt) process.kill(process.pid, 'SIGKILL');
};
const paths = workspacePaths(userData);
const means = { keyring: noKeyring, derive: quickDerive, now: () => new Date() };
const file = readSlots(paths);
if (!file) throw new Error('There is no key file.');
const opened = await seals.openPassphrase(file, bytes(passphrase), means);
if (!('key' in opened)) throw new Error('The passphrase does not open it.');
const next = await work.nextKey({ means, organisation: undefined }, { file, key: opened.key }, bytes(passphrase));
die('made');
const head = rekeyStore({ file: paths.store, copy: paths.nextStore, key: opened.key, nextKey: next.key });
finishRotation(paths, { file, next: next.file, head }, die);
process.stdout.write('done');
