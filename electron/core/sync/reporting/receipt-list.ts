import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Tables } from '../../../../db/tables.ts';
import { CoreError } from '../../../../shared/contract/errors.ts';
import type { ReceiptKind, ReceiptRow } from '../../../../shared/contract/sync-models.ts';
import type { Handlers } from '../../handler.ts';

/** Receipts of sync, the newest first. */
export const receiptHandlers: Handlers<'receipts.list' | 'receipts.get'> = {
	'receipts.list': async ({ db }, { text, offset, limit }) => {
		let select = db.selectFrom('receipt').selectAll();
		for (const word of text.split(/\s+/).filter((part) => part !== '')) {
			const like = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
			select = select.where(({ or, exists, selectFrom }) =>
				or([
					sql<boolean>`receipt.summary LIKE ${like} ESCAPE '\\'`,
					exists(
						selectFrom('receipt_line')
							.select('receipt_line.id')
							.whereRef('receipt_line.receipt_id', '=', 'receipt.id')
							.where(
								sql<boolean>`(receipt_line.title || ' ' || receipt_line.detail || ' ' || coalesce(receipt_line.account_name, '') || ' ' || coalesce(receipt_line.by_name, '')) LIKE ${like} ESCAPE '\\'`,
							),
					),
				]),
			);
		}
		const rows = await select.orderBy('id', 'desc').offset(offset).limit(limit).execute();
		return rows.map(toRow);
	},

	'receipts.get': async ({ db }, { id }) => {
		const row = await db.selectFrom('receipt').selectAll().where('id', '=', id).executeTakeFirst();
		if (!row) throw new CoreError('not_found', 'This receipt is no longer kept.');
		const lines = await db.selectFrom('receipt_line').selectAll().where('receipt_id', '=', id).orderBy('id').execute();
		return {
			receipt: toRow(row),
			lines: lines.map((line) => ({
				kind: line.kind,
				entity: line.entity,
				rowId: line.row_id,
				accountName: line.account_name,
				title: line.title,
				detail: line.detail,
				byName: line.by_name,
			})),
			more: JSON.parse(row.more) as Partial<Record<ReceiptKind, number>>,
		};
	},
};

function toRow(row: Selectable<Tables['receipt']>): ReceiptRow {
	return {
		id: row.id,
		startedAt: row.started_at,
		finishedAt: row.finished_at,
		sent: row.sent,
		received: row.received,
		merged: row.merged,
		toDecide: row.to_decide,
		refused: row.refused,
		bytesUp: row.bytes_up,
		bytesDown: row.bytes_down,
		problem: row.problem as ReceiptRow['problem'],
		summary: row.summary,
	};
}
