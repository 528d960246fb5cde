import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type BrowserWindow, dialog } from 'electron';
import type { ChosenFile } from '../../../shared/contract/bridge.ts';
import type { Settings } from '../settings.ts';

/** Lets a person choose files; the paths stay here and in core, the page gets tokens. */
export interface FileChooser {
	choose(purpose: unknown, suggestedName: unknown): Promise<ChosenFile | null>;
	/** Files of any kind, to be attached. */
	chooseSeveral(): Promise<ChosenFile[]>;
	/** A file dropped on the window; `file` is the path preload took from it. */
	drop(file: unknown): Promise<ChosenFile | null>;
}

export interface ChooserParts {
	window(): BrowserWindow | undefined;
	settings: Settings;
	register(token: string, path: string): void;
}

/** Native dialogs over the given window. */
export function createFileChooser({ window, settings, register }: ChooserParts): FileChooser {
	const give = (file: string, sizeBytes: number): ChosenFile => {
		const token = randomUUID();
		register(token, file);
		return { token, name: path.basename(file), sizeBytes };
	};
	return {
		async choose(purpose, suggestedName) {
			const folder = settings.folder() ?? undefined;
			const saving = isSaving(purpose) ? savings[purpose] : undefined;
			const file = saving
				? await askSave(window(), folder, { ...saving, suggestedName })
				: await askOpen(window(), folder);
			if (file === null) return null;
			settings.saveFolder(path.dirname(file));
			return give(file, saving ? 0 : ((await sizeOf(file)) ?? 0));
		},
		async chooseSeveral() {
			const files = await askOpenSeveral(window(), settings.folder() ?? undefined);
			if (files[0]) settings.saveFolder(path.dirname(files[0]));
			const sizes = await Promise.all(files.map(sizeOf));
			return files.flatMap((file, index) => (sizes[index] == null ? [] : [give(file, sizes[index])]));
		},
		async drop(file) {
			if (typeof file !== 'string' || !path.isAbsolute(file)) return null;
			const size = await sizeOf(file);
			return size === null ? null : give(file, size);
		},
	};
}

/** A page with words that could not be saved has refused to close: true when they may go. */
export async function askToClose(window: BrowserWindow): Promise<boolean> {
	const stay = 0;
	const { response } = await dialog.showMessageBox(window, {
		type: 'warning',
		title: 'Fieldbook',
		message: 'Some words are not saved',
		detail: 'They are on the screen only, and closing loses them. Stay to read why and to try again.',
		buttons: ['Stay', 'Close anyway'],
		defaultId: stay,
		cancelId: stay,
		noLink: true,
	});
	return response !== stay;
}

async function askOpen(window: BrowserWindow | undefined, folder: string | undefined): Promise<string | null> {
	const options: Electron.OpenDialogOptions = {
		title: 'Choose an export to import',
		defaultPath: folder,
		properties: ['openFile'],
		filters: [
			{ name: 'Tables (CSV, Excel)', extensions: ['csv', 'tsv', 'txt', 'xlsx', 'xlsm'] },
			{ name: 'All files', extensions: ['*'] },
		],
	};
	const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
	return answer.canceled ? null : (answer.filePaths[0] ?? null);
}

async function askOpenSeveral(window: BrowserWindow | undefined, folder: string | undefined): Promise<string[]> {
	const options: Electron.OpenDialogOptions = {
		title: 'Choose files to add',
		defaultPath: folder,
		properties: ['openFile', 'multiSelections'],
	};
	const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
	return answer.canceled ? [] : answer.filePaths;
}

interface Saving {
	title: string;
	filters: Electron.FileFilter[];
	/** Taken when the page suggests nothing. */
	name: string;
}

type SavePurpose = 'rejects' | 'copy' | 'export';

function isSaving(purpose: unknown): purpose is SavePurpose {
	return typeof purpose === 'string' && Object.hasOwn(savings, purpose);
}

const savings: Record<SavePurpose, Saving> = {
	rejects: {
		title: 'Save the rows that were not imported',
		filters: [{ name: 'CSV', extensions: ['csv'] }],
		name: 'rejected-rows.csv',
	},
	export: {
		title: 'Save the export, which will not be encrypted',
		filters: [{ name: 'Zip', extensions: ['zip'] }],
		name: 'Fieldbook.zip',
	},
	copy: { title: 'Save a copy, which will not be encrypted', filters: [], name: 'File' },
};

async function askSave(
	window: BrowserWindow | undefined,
	folder: string | undefined,
	{ title, filters, name: usual, suggestedName }: Saving & { suggestedName: unknown },
): Promise<string | null> {
	const name = plainName(suggestedName) || usual;
	const options: Electron.SaveDialogOptions = {
		title,
		defaultPath: folder ? path.join(folder, name) : name,
		filters,
		properties: ['createDirectory', 'showOverwriteConfirmation'],
	};
	const answer = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
	return answer.canceled || !answer.filePath ? null : answer.filePath;
}

/** The page suggests a name, never a place. */
function plainName(suggested: unknown): string {
	const name = typeof suggested === 'string' ? suggested.replace(/[^\p{L}\p{N} ._()-]/gu, '_').replace(/^\.+/, '') : '';
	return name.trim().slice(0, 150);
}

async function sizeOf(file: string): Promise<number | null> {
	try {
		const found = await stat(file);
		return found.isFile() ? found.size : null;
	} catch {
		return null;
	}
}
