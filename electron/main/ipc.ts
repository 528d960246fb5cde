import { BrowserWindow, type IpcMainInvokeEvent, ipcMain, type WebContents, type WebFrameMain } from 'electron';
import type { SignInAnswer } from '../../shared/contract/session.ts';
import type { VaultAnswer } from '../../shared/contract/vault.ts';
import { type Asked, type AskValues, fitsAsk } from './ask-values.ts';
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

/** Answers every method of the bridge, once the sender and what it sent are ours. Core checks each method's own input. */
export function answerBridge({ workspace, lock, settings, files, signIn, rendererUrl, onPainted }: IpcParts): void {
	const handle = <A extends Asked>(asked: A, answer: (values: AskValues[A], page: WebContents) => unknown) => {
		ipcMain.handle(ASK[asked], (event, ...values) => {
			if (!isOwnPage(event, rendererUrl) || !fitsAsk(asked, values)) throw new Error('Refused.');
			return answer(values, event.sender);
		});
	};
	handle('call', ([method, input]) => workspace.call(method, input));
	handle('startState', () => workspace.state());
	handle('vault', ([asked]) => answerVault(asked, { workspace, lock }));
	handle('left', ([unsaved], page) => lock.left(page, unsaved));
	handle('signIn', ([step]) => {
		if (step === 'begin') return signIn.begin();
		signIn.cancel();
		return { ok: false, problem: 'cancelled' } satisfies SignInAnswer;
	});
	handle('chooseFile', ([purpose, suggestedName]) => files.choose(purpose, suggestedName));
	handle('chooseFiles', () => files.chooseSeveral());
	handle('dropFile', ([file]) => files.drop(file));
	handle('settings', () => settings.ui());
	handle('saveSettings', ([patch]) => {
		settings.saveUi(patch);
		applyColourScheme(settings);
	});
	handle('tellLink', ([{ metered }]) => workspace.setLinkHint({ metered }));
	handle('painted', () => onPainted());
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
