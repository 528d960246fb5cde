import type { SecurityFacts } from '../../../shared/contract/vault.ts';
import type { OrganisationKey } from './organisation.ts';
import { newRecoveryCode, readRecoveryCode } from './recovery-code.ts';
import * as seals from './seals.ts';
import { createSlotFile, findSlot, type SealedSlot, type SlotFile, withSlot } from './slots.ts';

/** What the desk makes key files with. */
export interface KeyTools {
	means: seals.Means;
	organisation: OrganisationKey | undefined;
}

/** A key, and the file it belongs to. */
export interface KeyOfFile {
	file: SlotFile;
	key: Buffer;
}

/** Replaced when a file of version 1 is written anew. */
const OLD = ['os', 'passphrase'];
const MOST_PREVIOUS = 8;

/** The file with its key under a passphrase, which has been tried; of this version, whatever it was before. */
export async function underPassphrase(
	{ means, organisation }: KeyTools,
	{ file, key }: KeyOfFile,
	words: Uint8Array,
): Promise<SlotFile> {
	const base: SlotFile =
		file.version === 2 ? file : { ...file, version: 2, slots: file.slots.filter(({ slot }) => !OLD.includes(slot)) };
	const next = withSlot(base, await seals.sealPassphrase(base, key, { words, means }));
	const tried = await seals.openPassphrase(next, words, means);
	if (!('key' in tried) || !tried.key.equals(key)) throw new Error('The passphrase did not open what it had sealed.');
	tried.key.fill(0);
	return underOrganisation({ means, organisation }, { file: next, key });
}

/** The file with its key sealed to the organisation as well, where it has a key of its own; the same file where nothing changes. */
export function underOrganisation({ means, organisation }: KeyTools, { file, key }: KeyOfFile): SlotFile {
	if (!organisation || findSlot(file, 'organisation')?.publicKey === organisation.publicKey) return file;
	const made = means.now().toISOString();
	return withSlot(file, seals.sealTo(file, key, { slot: 'organisation', ...organisation, made }));
}

/** The file with a new recovery code, and the code, in bytes that can be zeroed. */
export function underNewCode({ file, key }: KeyOfFile, now: Date): { file: SlotFile; code: Buffer } {
	const code = newRecoveryCode();
	const read = readRecoveryCode(code);
	if (!read.ok) throw new Error('The new recovery code does not check out.');
	const publicKey = seals.rawPublic(seals.recoveryKey(file, read.signs)).toString('base64');
	read.signs.fill(0);
	const to = { slot: 'recovery', publicKey, made: now.toISOString() } as const;
	return { file: withSlot(file, seals.sealTo(file, key, to)), code };
}

/** The key that a recovery code opens, or undefined when it is another's. `signs` as `readRecoveryCode` gives them. */
export function openByCode(file: SlotFile, signs: Uint8Array): Buffer | undefined {
	const slot = findSlot(file, 'recovery');
	return slot && seals.openSealed(file, slot, seals.recoveryKey(file, signs));
}

/**
 * A new key for the store and its whole file: the passphrase, the code and the organisation that opened the old one open
 * this one, and it opens the keys before it. `old`: those, newest first.
 */
export async function nextKey(
	tools: KeyTools,
	{ file, key }: KeyOfFile,
	words: Uint8Array,
): Promise<KeyOfFile & { old: Buffer[] }> {
	const made = createSlotFile(tools.means.now(), file.profile);
	let next = await underPassphrase(tools, made, words);
	for (const slot of file.slots.filter(isResealable))
		next = withSlot(next, seals.sealTo(next, made.key, plainOf(slot)));
	const old = [Buffer.from(key), ...seals.openPrevious(file, key)].slice(0, MOST_PREVIOUS);
	return { file: { ...next, previous: old.map((one) => seals.sealPrevious(next, made.key, one)) }, key: made.key, old };
}

function isResealable(slot: SlotFile['slots'][number]): slot is SealedSlot {
	return slot.slot === 'recovery' || slot.slot === 'organisation';
}

/** What a sealed slot says of whom it is for, without what was sealed. */
function plainOf({
	slot,
	publicKey,
	name,
	made,
}: SealedSlot): Pick<SealedSlot, 'slot' | 'publicKey' | 'name' | 'made'> {
	return { slot, publicKey, ...(name ? { name } : {}), ...(made ? { made } : {}) };
}

/** What opens a workbook, for its owner to read. */
export function factsOf(file: SlotFile): SecurityFacts {
	const passphrase = findSlot(file, 'passphrase');
	return {
		opens: passphrase?.os ? 'both' : 'passphrase',
		keyring: passphrase?.os?.backend ?? null,
		passphraseSince: passphrase?.made ?? null,
		codeSince: findSlot(file, 'recovery')?.made ?? null,
		keySince: file.made ?? null,
		organisation: findSlot(file, 'organisation')?.name ?? null,
	};
}
