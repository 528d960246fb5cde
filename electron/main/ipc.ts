import { BrowserWindow, type IpcMainInvokeEvent, ipcMain, type WebFrameMain } from 'electron';
import type { SignInAnswer } from '../../shared/contract/session.ts';
import type { VaultAnswer } from '../../shared/contract/vault.ts';
import { ASK } from './channels.ts';
import { isOwnOrigin } from './content-policy.ts';
import type { Lock } from './lock.ts';
import type { Settings } from './settings.ts';
import type { FileChooser } from './shell/dialogs.ts';
import type { SignInDesk } from './sign-in/sign-in-desk.ts';
import { readAsk, wipeAsk } from './vault/read-ask.ts';
import { applyColourScheme } from './window.ts';
import type { Workspace } from './workspace.ts';

export interface IpcParts {
	workspace: Workspace;
	lock: Lock;
	settings: Settings;
	files: FileChooser;
	signIn: SignInDesk;
	rendererUrl: string | undefined;
	onPainted(): void;
}

const LONGEST_METHOD = 64;

/** Answers every method of the bridge. Core checks methods and inputs; here it is the sender that is checked. */
export function answerBridge({ workspace, lock, settings, files, signIn, rendererUrl, onPainted }: IpcParts): void {
	const handle = (channel: string, answer: (...values: unknown[]) => unknown) => {
		ipcMain.handle(channel, (event, ...values) => {
			if (!isOwnPage(event, rendererUrl)) throw new Error('Refused.');
			return answer(...values);
		});
	};
	handle(ASK.call, (method, input) => {
		if (typeof method === 'string' && method.length <= LONGEST_METHOD) return workspace.call(method, input);
		return { ok: false, error: { code: 'unknown_method', message: 'Not a method.' } };
	});
	handle(ASK.startState, () => workspace.state());
	handle(ASK.vault, (asked) => answerVault(asked, { workspace, lock }));
	ipcMain.handle(ASK.left, (event, unsaved) => {
		if (isOwnPage(event, rendererUrl)) lock.left(event.sender, unsaved === true);
	});
	handle(ASK.signIn, (step) => {
		if (step === 'begin') return signIn.begin();
		signIn.cancel();
		return { ok: false, problem: 'cancelled' } satisfies SignInAnswer;
	});
	handle(ASK.chooseFile, (purpose, suggestedName) => files.choose(purpose, suggestedName));
	handle(ASK.chooseFiles, () => files.chooseSeveral());
	handle(ASK.dropFile, (file) => files.drop(file));
	handle(ASK.settings, () => settings.ui());
	handle(ASK.saveSettings, (patch) => {
		settings.saveUi(patch);
		applyColourScheme(settings);
	});
	handle(ASK.tellLink, (link) => {
		const metered = typeof link === 'object' && link !== null && 'metered' in link && link.metered === true;
		workspace.setLinkHint({ metered });
	});
	handle(ASK.painted, () => onPainted());
}

/** A wish to lock is the shell's; the rest is the workspace's. What came as a secret is zeroed afterwards. */
async function answerVault(asked: unknown, { workspace, lock }: Pick<IpcParts, 'workspace' | 'lock'>) {
	const ask = readAsk(asked);
	if (!ask) return { ok: false, problem: 'not_now' } satisfies VaultAnswer;
	if (ask.ask === 'lock') return lock.lock('asked');
	try {
		return await workspace.vault(ask);
	} finally {
		wipeAsk(ask);
	}
}

/** Tells every window. */
export function tellWindows(channel: string, value: unknown): void {
	for (const window of BrowserWindow.getAllWindows()) {
		if (!window.isDestroyed() && !window.webContents.isDestroyed()) window.webContents.send(channel, value);
	}
}

/** Only the top frame of one of our windows, showing our own page, may ask. */
function isOwnPage(event: IpcMainInvokeEvent, rendererUrl: string | undefined): boolean {
	const frame: WebFrameMain | null = event.senderFrame;
	if (!frame || frame.parent !== null || frame !== event.sender.mainFrame) return false;
	return BrowserWindow.fromWebContents(event.sender) !== null && isOwnOrigin(frame.origin, rendererUrl);
}
