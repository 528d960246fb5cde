import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { ImportSettings } from '../../../shared/contract/models.ts';
import { csvLine } from '../../../shared/domain/importing/csv-cell.ts';
import { compileRowBuilder } from '../../../shared/domain/importing/row-builder.ts';
import { readHeaders } from './commit.ts';
import { reopenSource } from './file-source.ts';
import type { Pace } from './pace.ts';

export interface RejectsOrder {
	path: string;
	settings: ImportSettings;
	/** Where the list is saved. */
	target: string;
	today: string;
	pace: Pace;
}

/**
 * Saves the rows that cannot be imported as a CSV for the client: row, field and reason first, then the row as it was.
 * UTF-8 with a byte-order mark, for Excel; text that a spreadsheet would take for a formula is disarmed. The file appears
 * whole or not at all. Answers the number of rows.
 */
export async function saveRejects(order: RejectsOrder): Promise<number> {
	const part = `${order.target}.part`;
	let handle: FileHandle | undefined;
	try {
		handle = await open(part, 'w');
		const rows = await writeRejects(handle, order);
		await handle.sync();
		await handle.close();
		handle = undefined;
		await rename(part, order.target);
		return rows;
	} catch (error) {
		await handle?.close();
		await rm(part, { force: true });
		throw error instanceof CoreError ? error : writeFailed(error);
	}
}

function writeFailed(error: unknown): CoreError {
	const code = (error as NodeJS.ErrnoException).code;
	if (code === 'ENOSPC') return new CoreError('disk_full', 'The disk is full; the list was not saved.');
	return new CoreError('io_error', `The list could not be saved there (${code ?? 'unknown reason'}).`);
}

async function writeRejects(handle: FileHandle, order: RejectsOrder): Promise<number> {
	const { settings } = order;
	const { table, choice } = await reopenSource(order.path, settings, order.pace);
	const headers = await readHeaders(table, choice, settings);
	const builder = compileRowBuilder({ ...settings, headers, today: order.today });
	let text = `\ufeff${csvLine(['Row', 'Field', 'Reason', ...headers])}`;
	let count = 0;
	for await (const { rows, numbers } of table.rows(choice)) {
		for (let index = 0; index < rows.length; index++) {
			const number = numbers[index] ?? 0;
			const cells = rows[index] ?? [];
			const built = number > settings.headerRow ? builder.build(cells, number) : undefined;
			if (built?.kind !== 'rejected') continue;
			const fields = built.rejects.map(({ field }) => field).join('; ');
			const reasons = built.rejects.map(({ field, reason }) => `${field} ${reason}`).join('; ');
			text += csvLine([String(number), fields, reasons, ...cells]);
			count++;
		}
		if (text.length > 100_000) {
			await handle.write(text);
			text = '';
		}
	}
	await handle.write(text);
	return count;
}
