import { createHash } from 'node:crypto';
import type { DeriveKey } from '../../electron/main/vault/argon.ts';
import { Desk, type DeskParts } from '../../electron/main/vault/desk.ts';
import type { Keyring } from '../../electron/main/vault/keyring.ts';
import { type WorkspacePaths, workspacePaths } from '../../electron/main/vault/vault.ts';
import type { StartState } from '../../shared/contract/bridge.ts';
import type { VaultAnswer } from '../../shared/contract/vault.ts';

/** Works a passphrase out at once: only where it is not argon2id itself that is tested. */
export const quickDerive: DeriveKey = async ({ m, t, p, salt }, words) =>
	createHash('sha256').update(`${m} ${t} ${p} ${salt} `).update(words).digest();

export const noKeyring: Keyring = { backend: async () => null, wrap: async (key) => key, unwrap: async (key) => key };

/** A keyring that turns bits over, under a name. */
export function fakeKeyring(name: string | null, mask = 0x5a): Keyring {
	const flip = async (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ mask));
	return { backend: async () => name, wrap: flip, unwrap: flip };
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text.normalize('NFKC'));

/** A desk on the folder `userData`, without a store: what it opens is noted. */
export class TestDesk {
	readonly paths: WorkspacePaths;
	readonly states: StartState[] = [];
	/** Hex of the keys the store was opened with. */
	readonly opened: { key: string; previous: string[] }[] = [];
	failed: string | null = null;
	readonly desk: Desk;

	constructor(userData: string, keyring: Keyring = noKeyring, parts: Partial<DeskParts> = {}) {
		this.paths = workspacePaths(userData);
		this.desk = new Desk({
			paths: this.paths,
			means: { keyring, derive: quickDerive, now: () => new Date('2026-11-24T08:00:00Z') },
			organisation: undefined,
			launch: (key, previous) => {
				this.opened.push({ key: key.toString('hex'), previous: previous.map((one) => one.toString('hex')) });
			},
			show: (state) => this.states.push(state),
			fail: (code) => {
				this.failed = code;
			},
			closeStore: async () => {},
			rekey: async () => {
				throw new Error('There is no store to write anew.');
			},
			...parts,
		});
	}

	get state(): StartState | undefined {
		return this.states.at(-1);
	}

	get key(): string | undefined {
		return this.opened.at(-1)?.key;
	}

	/** The code on the screen. */
	get code(): string {
		if (this.state?.state !== 'code') throw new Error(`No code is shown: ${JSON.stringify(this.state)}`);
		return Buffer.from(this.state.code).toString('latin1');
	}

	unlock(passphrase: string): Promise<VaultAnswer> {
		return this.desk.answer({ ask: 'unlock', passphrase: bytes(passphrase) });
	}

	choose(passphrase: string): Promise<VaultAnswer> {
		return this.desk.answer({ ask: 'choose', passphrase: bytes(passphrase) });
	}

	recover(code: string): Promise<VaultAnswer> {
		return this.desk.answer({ ask: 'recover', code: bytes(code) });
	}

	/** Types two groups of the code. */
	confirm(code = this.code): Promise<VaultAnswer> {
		const groups = code.split('-');
		return this.desk.answer({ ask: 'confirm', first: 2, second: 6, groups: bytes(`${groups[1]}${groups[5]}`) });
	}

	/** A new workbook, from the first screen to the open store; answers its recovery code. */
	async create(passphrase: string): Promise<string> {
		await this.desk.begin();
		await this.choose(passphrase);
		const { code } = this;
		await this.confirm();
		return code;
	}
}
