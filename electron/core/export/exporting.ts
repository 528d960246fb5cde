import { decodeRow } from '../../../db/codec.ts';
import { CoreError } from '../../../shared/contract/errors.ts';
import type { Entity } from '../../../shared/entities/define.ts';
import type { ActionContext } from '../handler.ts';
import { type Reading, readTable } from './read-table.ts';
import type { ZipWriter } from './zip-writer.ts';

export interface ExportOrder {
	/** The file to write. */
	target: string;
	accountId: string | null;
	withFiles: boolean;
}

/** What every part of an export shares. */
export interface Exporting extends ExportOrder {
	context: ActionContext;
	zip: ZipWriter;
	unreadable: Set<string>;
	/** Ids of the records that are in it, when it is of one account. */
	ids: Set<string>;
	tell(rows: number): void;
	result: { rows: number; files: number; filesElsewhere: number };
}

/** Throws `cancelled` once it is. */
export function heedCancel({ context }: Exporting): void {
	if (context.signal.aborted) throw new CoreError('cancelled', 'Cancelled.');
}

/** How a table is read; `what` is noted where something of it cannot be. */
export function readingOf({ context, unreadable }: Exporting, what: string): Reading {
	return {
		read: (work) => context.read(async () => work()),
		signal: context.signal,
		onUnreadable: () => void unreadable.add(what),
	};
}

/** An entity's records in batches, as they are known everywhere else; text documents as their text. */
export async function* records(
	exporting: Exporting,
	entity: Entity,
): AsyncGenerator<(Record<string, unknown> & { id: string })[]> {
	const { context, accountId, unreadable, tell } = exporting;
	const column = entity.name === 'account' ? 'id' : 'account_id' in entity.fields ? 'account_id' : null;
	const where = accountId && column ? { where: `${column} = ?`, values: [accountId] } : {};
	const reading = readingOf(exporting, entity.plural);
	for await (const rows of readTable(context.store, { table: entity.table, ...where }, reading)) {
		yield rows.flatMap((row) => {
			try {
				return [{ ...decodeRow<Record<string, unknown> & { id: string }>(entity, row), ...textsOf(entity, row) }];
			} catch {
				unreadable.add(entity.plural);
				return [];
			}
		});
		tell(rows.length);
		await context.breathe();
	}
	heedCancel(exporting);
}

function textsOf(entity: Entity, row: Record<string, unknown>): Record<string, unknown> {
	const docs = Object.entries(entity.fields).filter(([, { kind }]) => kind === 'text-doc');
	return Object.fromEntries(docs.map(([name]) => [name, row[name] ?? null]));
}

const FULL = 1 << 16;

/** A file with one JSON value per line. Answers how many there are. */
export async function writeLines(
	exporting: Exporting,
	name: string,
	fill: (add: (value: unknown) => Promise<void>) => Promise<void>,
): Promise<number> {
	let count = 0;
	await exporting.zip.add(name, async (write) => {
		let waiting = '';
		const flush = async () => {
			const text = waiting;
			waiting = '';
			await write(Buffer.from(text, 'utf8'));
		};
		await fill(async (value) => {
			waiting += `${JSON.stringify(value)}\n`;
			count += 1;
			if (waiting.length > FULL) await flush();
		});
		heedCancel(exporting);
		await flush();
	});
	return count;
}
