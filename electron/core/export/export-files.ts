import { CoreError } from '../../../shared/contract/errors.ts';
import { plainFileName } from '../../../shared/domain/file-name.ts';
import { type Attachment, attachment as entity } from '../../../shared/entities/attachment.ts';
import { type Exporting, heedCancel, records } from './exporting.ts';

/** Names that Windows keeps for itself. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Writes the bytes of files that are on this laptop, each under its record's id and its name. Others are counted. */
export async function exportFiles(exporting: Exporting): Promise<void> {
	for await (const batch of records(exporting, entity)) {
		for (const record of batch as unknown as Attachment[]) {
			if (record.deleted_at === null) await exportFile(exporting, record);
		}
	}
}

async function exportFile(exporting: Exporting, record: Attachment): Promise<void> {
	const { context, result, unreadable, zip } = exporting;
	const reader = await openFile(exporting, record);
	if (!reader) return;
	try {
		await zip.add(`files/${safeName(record)}`, async (write) => {
			try {
				for await (const bytes of reader.stream()) {
					heedCancel(exporting);
					await write(bytes);
					result.files += bytes.length;
					await context.breathe();
				}
			} catch (error) {
				if (!(error instanceof CoreError) || error.code !== 'file_damaged') throw error;
				unreadable.add(entity.plural);
			}
		});
	} finally {
		await reader.close();
	}
}

/** Undefined for a file that lies elsewhere or cannot be read; that is noted. */
async function openFile({ context, result, unreadable }: Exporting, { sha256 }: Attachment) {
	try {
		return await context.files.folder.open(sha256);
	} catch (error) {
		const code = error instanceof CoreError ? error.code : null;
		if (code === 'file_not_here') result.filesElsewhere += 1;
		else if (code === 'file_damaged') unreadable.add(entity.plural);
		else throw error;
		return undefined;
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
