import type { Call } from './contract.ts';
import type { CoreEvent } from './events.ts';
import type { SignInAnswer } from './session.ts';
import type { LockWay, NewWhy, VaultAnswer, VaultAsk } from './vault.ts';

/** A file the person chose in a native dialog. The path stays in the main process; the renderer holds only the token. */
export interface ChosenFile {
	token: string;
	name: string;
	sizeBytes: number;
}

export type StartState =
	| { state: 'opening' }
	| { state: 'ready' }
	/** A passphrase is to be chosen. `keyring`: the computer's own protection will take part. */
	| { state: 'new'; why: NewWhy; keyring: boolean }
	/** The recovery code, in ASCII, shown once: nothing is written before it is confirmed. */
	| { state: 'code'; code: Uint8Array }
	| { state: 'locked'; way: LockWay; hasCode: boolean }
	/** The store is being written anew under another key. */
	| { state: 'changing-key' }
	/** This laptop was put out: its work was handed in and what it held is destroyed. */
	| { state: 'left' }
	/** The store could not be opened. `code` is a contract ErrorCode. `canRestore`: the methods of backups are answered all the same. */
	| { state: 'failed'; code: string; path: string; canRestore?: boolean };

/** All that the renderer can reach: exposed as `window.fieldbook`, frozen. */
export interface Bridge {
	call: Call;
	onEvent(listener: (event: CoreEvent) => void): () => void;
	startState(): Promise<StartState>;
	onStartState(listener: (state: StartState) => void): () => void;
	/** Everything about the key: unlock, lock, passphrase, recovery code. Secrets go as bytes, which main zeroes. */
	vault(ask: VaultAsk): Promise<VaultAnswer>;
	/** The page is about to be closed by a lock: what is being typed is to be saved at once, then `left` is called. */
	onLeave(listener: () => void): () => void;
	/** `unsaved`: something on the screen could not be saved. */
	left(unsaved: boolean): void;
	/** Signs in with the system's browser; answers when that is over. `cancel` ends one that waits. */
	signIn(step: 'begin' | 'cancel'): Promise<SignInAnswer>;
	/** `import`: open dialog for CSV/XLSX. `rejects`: save dialog for a CSV. `copy`: save dialog for any file. `export`: save dialog for a zip. Null when the person cancels. */
	chooseFile(purpose: 'import' | 'rejects' | 'copy' | 'export', suggestedName?: string): Promise<ChosenFile | null>;
	/** Open dialog for files of any kind, several at once; empty when the person cancels. */
	chooseFiles(): Promise<ChosenFile[]>;
	/** A file dropped on the window or pasted (a DOM File) becomes a token like a chosen one; null for what is no file on the disk. */
	dropFile(file: object): Promise<ChosenFile | null>;
	settings(): Promise<UiSettings>;
	saveSettings(patch: Partial<UiSettings>): Promise<void>;
	/** Commands chosen in the application menu, by registry id. */
	onMenu(listener: (commandId: string) => void): () => void;
	/** What the system says of the network, for as long as the person leaves it to the system. */
	tellLink(link: { metered: boolean }): void;
	/** Tells main that the first screen with data is painted (used by the start benchmark). */
	painted(): void;
}

export interface UiSettings {
	colorScheme: 'light' | 'dark' | 'auto';
	density: 'compact' | 'comfortable';
	/** Route restored at the next start. */
	route: string;
	homeTimeZone: string | null;
	/** Minutes without a key or a mouse before the workbook locks itself; 0: never. A sample workspace locks only when asked. */
	autoLock: number;
}
