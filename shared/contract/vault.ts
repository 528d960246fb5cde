/** Passphrases and codes travel as UTF-8 bytes (NFKC), which can be zeroed, never as strings. */
export type Secret = Uint8Array;

/** Why a question to the vault was refused; the words are chosen in the renderer. */
export type VaultProblem =
	/** The passphrase or the code does not open this workbook. */
	| 'wrong'
	/** A recovery code that was mistyped: `group` (from 1) does not check out; 0: it has too few or too many characters. */
	| 'typo'
	| 'too_short'
	| 'too_common'
	/** The groups typed are not those of the code on the screen. */
	| 'not_the_code'
	/** The question does not fit the state: nothing is locked, or nothing is open. */
	| 'not_now'
	/** Some words on the screen could not be saved, and the person chose to stay. */
	| 'unsaved'
	| 'disk_full'
	| 'io_error'
	/** The store could not be written anew under another key; it is as it was. */
	| 'not_rotated';

export type VaultAsk =
	| { ask: 'unlock'; passphrase: Secret }
	| { ask: 'recover'; code: Secret }
	/** Opens a locked sample workspace. */
	| { ask: 'open' }
	/** The passphrase of a new workbook, or of one that was opened by another way. */
	| { ask: 'choose'; passphrase: Secret }
	/** Two groups of the recovery code on the screen, typed: `first` and `second` are their numbers, from 1. */
	| { ask: 'confirm'; first: number; second: number; groups: Secret }
	| { ask: 'lock' }
	| { ask: 'facts' }
	| { ask: 'change'; passphrase: Secret; next: Secret }
	| { ask: 'newCode'; passphrase: Secret }
	| { ask: 'rotate'; passphrase: Secret };

export type VaultAnswer =
	| { ok: true; code?: Secret; facts?: SecurityFacts }
	/** `waitSeconds`: the next try waits as long. */
	| { ok: false; problem: VaultProblem; group?: number; waitSeconds?: number };

/** What opens this workbook. Times are UTC, ISO 8601. */
export interface SecurityFacts {
	opens: 'sample' | 'both' | 'passphrase';
	/** The protected store of the operating system that takes part, by its name. */
	keyring: string | null;
	passphraseSince: string | null;
	codeSince: string | null;
	keySince: string | null;
	/** The name of the organisation's key, when it can open this workbook too. */
	organisation: string | null;
}

/** How a locked workbook opens. `keyring-gone`: the computer's own protection has changed, so only the code is left. */
export type LockWay = 'both' | 'passphrase' | 'no-keyring' | 'keyring-gone' | 'sample';

/** Why a passphrase is to be chosen. */
export type NewWhy = 'first' | 'upgrade' | 'recovered';
