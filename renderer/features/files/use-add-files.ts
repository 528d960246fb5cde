import { useState } from 'react';
import type { AttachmentRow } from '../../../shared/contract/file-models.ts';
import { call } from '../../lib/core.ts';
import { counted } from '../../lib/numbers.ts';
import { report } from '../../lib/report.ts';
import { showToast, showUndo } from '../../lib/toasts.ts';

export type FileParent = Pick<AttachmentRow, 'parent_type' | 'parent_id'>;

/** As large as something from the clipboard may be; larger things are files. */
const LARGEST_PASTE = 20 * 1_048_576;

/** Adding files to a record: from a dialog, dropped, or pasted. `adding` names the action while it runs. */
export function useAddFiles(parent: FileParent) {
	const [adding, setAdding] = useState<string | null>(null);
	const add = async (tokens: string[]) => {
		if (tokens.length === 0) return;
		const progressId = crypto.randomUUID();
		setAdding(progressId);
		const result = await call('attachments.add', { ...parent, files: tokens, progressId });
		setAdding(null);
		if (!result.ok && result.error.code === 'cancelled') return;
		if (!report(result)) return;
		// Each is an edit of its own, and Undo takes back one.
		if (tokens.length === 1) showUndo('File added');
		else showToast(`${counted(tokens.length, 'file')} added`);
	};
	const choose = async () => add((await window.fieldbook.chooseFiles()).map(({ token }) => token));
	const take = async (files: readonly File[]) => {
		const found = await Promise.all(files.map((file) => window.fieldbook.dropFile(file)));
		await add(found.flatMap((chosen) => (chosen ? [chosen.token] : [])));
		// No file on the disk: a picture from the clipboard, or a folder.
		for (const [index, file] of files.entries()) if (!found[index]) await paste(parent, file);
	};
	const cancel = () => adding && void call('calls.cancel', { progressId: adding });
	return { adding, choose: () => void choose(), take: (files: readonly File[]) => void take(files), cancel };
}

async function paste(parent: FileParent, file: File): Promise<void> {
	const bytes = file.size <= LARGEST_PASTE ? await file.arrayBuffer().catch(() => null) : null;
	if (!bytes || (file.size === 0 && file.type === ''))
		return showToast('Only files can be added. Open the folder and add the files in it.', { tone: 'red' });
	const data = await toBase64(bytes);
	if (report(await call('attachments.paste', { ...parent, file_name: nameOf(file), data }))) showUndo('File added');
}

/** The browser calls every picture from the clipboard "image.png". */
function nameOf(file: File): string {
	if (file.name && file.name !== 'image.png') return file.name.slice(0, 255);
	const at = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString();
	const ending = file.type.split('/')[1]?.replace(/\W.*/, '') || 'bin';
	return `Pasted ${at.slice(0, 10)} ${at.slice(11, 16).replace(':', '.')}.${ending}`;
}

function toBase64(bytes: ArrayBuffer): Promise<string> {
	return new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
		reader.onerror = () => reject(reader.error);
		reader.readAsDataURL(new Blob([bytes]));
	});
}
