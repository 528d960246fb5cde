import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { CoreError } from '../../../shared/contract/errors.ts';
import { plainFileName } from '../../../shared/domain/file-name.ts';
import { type Attachment, attachment as entity } from '../../../shared/entities/attachment.ts';
import type { Exporting } from './export-everything.ts';
import { records } from './export-everything.ts';

/** Names that Windows keeps for itself, and signs it does not take. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Writes the bytes of files that are on this laptop, each under its record's id and its name. Others are counted. */
export async function exportFiles(exporting: Exporting): Promise<void> {
	const folder = path.join(exporting.part, 'files');
	await mkdir(folder, { mode: 0o700 });
	for await (const batch of records(exporting, entity)) {
		for (const record of batch as unknown as Attachment[]) {
			if (record.deleted_at === null) await exportFile(exporting, folder, record);
		}
	}
}

async function exportFile(
	{ context, result, unreadable }: Exporting,
	folder: string,
	record: Attachment,
): Promise<void> {
	try {
		const reader = await context.files.folder.open(record.sha256);
		try {
			const file = await open(path.join(folder, safeName(record)), 'wx', 0o600);
			try {
				for await (const bytes of reader.stream()) {
					if (context.signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
					await file.writeFile(bytes);
					result.files += bytes.length;
				}
			} finally {
				await file.close();
			}
		} finally {
			await reader.close();
		}
	} catch (error) {
		if (!(error instanceof CoreError)) throw error;
		if (error.code === 'file_not_here') result.filesElsewhere += 1;
		else if (error.code === 'file_damaged') unreadable.add(entity.plural);
		else throw error;
	}
}

/** The id makes it unique; the name makes it readable, and can lead nowhere else. */
function safeName({ id, file_name }: Attachment): string {
	const name = plainFileName(file_name)
		.replace(/[<>:"|?*]/g, '_')
		.slice(-120)
		.replace(/^[. ]+/, '');
	return `${id.replace(/[^\w-]/g, '_')} ${RESERVED.test(name) ? `_${name}` : name}`;
}
