import { existsSync } from 'node:fs';
import type { StartState } from '../../../shared/contract/bridge.ts';
import type { LockWay, NewWhy, VaultAnswer, VaultAsk } from '../../../shared/contract/vault.ts';
import { passphraseProblem } from '../../../shared/domain/passphrase.ts';
import * as work from './key-work.ts';
import { readRecoveryCode } from './recovery-code.ts';
import { finishRotation } from './rotation.ts';
import * as seals from './seals.ts';
import { createSlotFile, findSlot, type SlotFile } from './slots.ts';
import { WrongTries } from './tries.ts';
import { prepareFolder, readSlots, refusalOf, saveSlots, type WorkspacePaths } from './vault.ts';

type Refused = Extract<VaultAnswer, { ok: false }>;
type Asked<K extends VaultAsk['ask']> = Extract<VaultAsk, { ask: K }>;

export interface DeskParts extends work.KeyTools {
	paths: WorkspacePaths;
	/** Opens the store; the keys are handed over. */
	launch(key: Buffer, previous: Buffer[]): void;
	show(state: StartState): void;
	fail(code: string): void;
	/** Closes the store while its key is changed. */
	closeStore(): Promise<void>;
	/** Writes the store anew under another key, into `paths.nextStore`; answers its head. The keys are handed over. */
	rekey(order: { key: Uint8Array; nextKey: Uint8Array }): Promise<string>;
}

/** A file that is not written yet, and its key while that is open; wiped when it is done, or when the store is locked. */
interface Pending {
	file: SlotFile;
	/** Undefined when the store is open: only a new code is to be confirmed. */
	key: Buffer | undefined;
	why: NewWhy;
	code?: Buffer;
}

const NOT_NOW: Refused = { ok: false, problem: 'not_now' };

/** The desk of a real workspace: whatever a person wants with the key goes through here, one question at a time. */
export class Desk {
	readonly #parts: DeskParts;
	readonly #tries = new WrongTries();
	#pending: Pending | undefined;
	#last: Promise<unknown> = Promise.resolve();

	constructor(parts: DeskParts) {
		this.#parts = parts;
	}

	/** Shows what is to be asked first. */
	async begin(): Promise<void> {
		try {
			await this.#begin();
		} catch (error) {
			this.#parts.fail(refusalOf(error));
		}
	}

	async #begin(): Promise<void> {
		const { paths, means } = this.#parts;
		prepareFolder(paths.folder);
		const file = readSlots(paths);
		if (!file) {
			// A store without its key file must never be given a new key: that would hide the loss.
			if (existsSync(paths.store)) return this.#parts.fail('store_locked');
			return this.#ask({ ...createSlotFile(means.now()), why: 'first' });
		}
		// Until now the computer's own store opened this workbook alone: a passphrase is asked for beside it.
		const key = await seals.openByKeyring(file, means.keyring);
		if (key) return this.#ask({ file, key, why: 'upgrade' });
		this.#parts.show(await this.#lockedState(file));
	}

	/** What a person has to do to open the store again, once it was closed. Forgets whatever was under way. */
	async locked(): Promise<StartState> {
		this.#forget();
		const { paths } = this.#parts;
		const file = readSlots(paths);
		return file ? this.#lockedState(file) : { state: 'failed', code: 'store_locked', path: paths.store };
	}

	/** Answers a question, after those before it. Never throws. */
	answer(question: VaultAsk): Promise<VaultAnswer> {
		const next = this.#last.then(() => this.#answer(question)).catch(problemOf);
		this.#last = next;
		return next;
	}

	async #answer(question: VaultAsk): Promise<VaultAnswer> {
		switch (question.ask) {
			case 'unlock':
				return this.#unlock(question);
			case 'recover':
				return this.#recover(question);
			case 'choose':
				return this.#choose(question);
			case 'confirm':
				return this.#confirm(question);
			case 'change':
				return this.#change(question);
			case 'newCode':
				return this.#newCode(question);
			case 'rotate':
				return this.#rotate(question);
			case 'facts': {
				const file = readSlots(this.#parts.paths);
				return file ? { ok: true, facts: work.factsOf(file) } : NOT_NOW;
			}
			default:
				return NOT_NOW;
		}
	}

	#forget(): void {
		this.#pending?.key?.fill(0);
		this.#pending?.code?.fill(0);
		this.#pending = undefined;
	}

	async #ask(next: Pending): Promise<void> {
		this.#pending = next;
		const keyring = (await this.#parts.means.keyring.backend()) !== null;
		this.#parts.show({ state: 'new', why: next.why, keyring });
	}

	async #lockedState(file: SlotFile): Promise<StartState> {
		const hasCode = findSlot(file, 'recovery') !== undefined;
		const way = await this.#wayOf(file);
		if (way === undefined || (way === 'keyring-gone' && !hasCode))
			return { state: 'failed', code: 'store_locked', path: this.#parts.paths.store };
		return { state: 'locked', way, hasCode };
	}

	async #wayOf(file: SlotFile): Promise<LockWay | undefined> {
		const { keyring } = this.#parts.means;
		const slot = findSlot(file, 'passphrase');
		if (!slot) return findSlot(file, 'recovery') ? 'keyring-gone' : undefined;
		if (slot.os) return (await seals.hasKeyringPart(slot, keyring)) ? 'both' : 'keyring-gone';
		return (await keyring.backend()) === null ? 'no-keyring' : 'passphrase';
	}

	/** Opens the key by a passphrase; wrong ones wait longer each time. */
	async #open(words: Uint8Array): Promise<work.KeyOfFile | Refused> {
		await this.#tries.wait();
		const file = readSlots(this.#parts.paths);
		if (!file) return NOT_NOW;
		const opened = await seals.openPassphrase(file, words, this.#parts.means);
		if ('key' in opened) {
			this.#tries.forget();
			return { file, key: opened.key };
		}
		if (opened.failed === 'keyring') this.#parts.show(await this.#lockedState(file));
		return { ok: false, problem: 'wrong', waitSeconds: this.#tries.count() };
	}

	async #unlock({ passphrase }: Asked<'unlock'>): Promise<VaultAnswer> {
		const opened = await this.#open(passphrase);
		if ('ok' in opened) return opened;
		if (opened.file.version === 1) {
			const file = await work.underPassphrase(this.#parts, opened, passphrase);
			return this.#offerCode({ file, key: opened.key, why: 'upgrade' });
		}
		const file = work.underOrganisation(this.#parts, opened);
		if (file !== opened.file) saveSlots(this.#parts.paths, file);
		this.#launch({ ...opened, file });
		return { ok: true };
	}

	#launch({ file, key }: work.KeyOfFile): void {
		this.#pending = undefined;
		this.#parts.launch(key, seals.openPrevious(file, key));
	}

	async #recover({ code }: Asked<'recover'>): Promise<VaultAnswer> {
		await this.#tries.wait();
		const read = readRecoveryCode(code);
		if (!read.ok) return { ok: false, problem: 'typo', group: read.group };
		const file = readSlots(this.#parts.paths);
		const key = file && work.openByCode(file, read.signs);
		read.signs.fill(0);
		if (!key) return { ok: false, problem: 'wrong', waitSeconds: this.#tries.count() };
		this.#tries.forget();
		await this.#ask({ file, key, why: 'recovered' });
		return { ok: true };
	}

	async #choose({ passphrase }: Asked<'choose'>): Promise<VaultAnswer> {
		if (!this.#pending?.key || this.#pending.code) return NOT_NOW;
		const problem = passphraseProblem(textOf(passphrase));
		if (problem) return { ok: false, problem };
		const { key, why } = this.#pending;
		const file = await work.underPassphrase(this.#parts, { file: this.#pending.file, key }, passphrase);
		if (why !== 'recovered' || !findSlot(file, 'recovery')) return this.#offerCode({ file, key, why });
		saveSlots(this.#parts.paths, file);
		this.#launch({ file, key });
		return { ok: true };
	}

	#offerCode({ key, ...next }: Pending & { key: Buffer }): VaultAnswer {
		const made = work.underNewCode({ ...next, key }, this.#parts.means.now());
		this.#pending = { ...next, key, ...made };
		this.#parts.show({ state: 'code', code: Uint8Array.from(made.code) });
		return { ok: true };
	}

	/** Only now is anything written: who went away before that finds everything as it was. */
	#confirm({ first, second, groups }: Asked<'confirm'>): VaultAnswer {
		if (!this.#pending?.code) return NOT_NOW;
		const all = textOf(this.#pending.code).split('-');
		const typed = textOf(groups).toUpperCase().replaceAll(/[\s-]/gu, '');
		if (first === second || typed !== `${all[first - 1]}${all[second - 1]}`)
			return { ok: false, problem: 'not_the_code' };
		const { file, key, code } = this.#pending;
		saveSlots(this.#parts.paths, file);
		code.fill(0);
		this.#pending = undefined;
		if (key) this.#launch({ file, key });
		return { ok: true };
	}

	async #change({ passphrase, next }: Asked<'change'>): Promise<VaultAnswer> {
		const problem = passphraseProblem(textOf(next));
		if (problem) return { ok: false, problem };
		const opened = await this.#open(passphrase);
		if ('ok' in opened) return opened;
		saveSlots(this.#parts.paths, await work.underPassphrase(this.#parts, opened, next));
		opened.key.fill(0);
		return { ok: true };
	}

	async #newCode({ passphrase }: Asked<'newCode'>): Promise<VaultAnswer> {
		const opened = await this.#open(passphrase);
		if ('ok' in opened) return opened;
		this.#forget();
		const made = work.underNewCode(opened, this.#parts.means.now());
		opened.key.fill(0);
		this.#pending = { ...made, key: undefined, why: 'first' };
		return { ok: true, code: Uint8Array.from(made.code) };
	}

	async #rotate({ passphrase }: Asked<'rotate'>): Promise<VaultAnswer> {
		const opened = await this.#open(passphrase);
		if ('ok' in opened) return opened;
		this.#forget();
		const { paths } = this.#parts;
		const next = await work.nextKey(this.#parts, opened, passphrase);
		this.#parts.show({ state: 'changing-key' });
		await this.#parts.closeStore();
		let failure: unknown;
		try {
			const keys = { key: Uint8Array.from(opened.key), nextKey: Uint8Array.from(next.key) };
			finishRotation(paths, { file: opened.file, next: next.file, head: await this.#parts.rekey(keys) });
		} catch (error) {
			failure = error;
			process.stderr.write(`KEY ${String(error)}\n`);
		}
		// The slots say which key holds now; whatever happened, one of the two does.
		const isNext = (readSlots(paths) ?? opened.file).check === next.file.check;
		this.#launch(isNext ? next : opened);
		for (const key of [...next.old, isNext ? opened.key : next.key]) key.fill(0);
		if (isNext) return { ok: true };
		return { ok: false, problem: isDiskFull(failure) ? 'disk_full' : 'not_rotated' };
	}
}

/** Read where it lies: a copy would be in a slab that others share, and stay there. */
function textOf(bytes: Uint8Array): string {
	return new TextDecoder().decode(bytes);
}

function problemOf(error: unknown): Refused {
	process.stderr.write(`VAULT ${String(error)}\n`);
	return { ok: false, problem: isDiskFull(error) ? 'disk_full' : 'io_error' };
}

function isDiskFull(error: unknown): boolean {
	const code = error instanceof Error && 'code' in error ? error.code : '';
	return code === 'ENOSPC' || code === 'EDQUOT' || code === 'disk_full';
}
