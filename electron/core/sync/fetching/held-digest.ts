import { decodeRow } from '../../../../db/codec.ts';
import type { Store } from '../../../../db/open-store.ts';
import { accountColumn } from '../../../../db/purge.ts';
import { entities } from '../../../../shared/entities/registry.ts';
import { DigestSum, type TableDigest } from '../../../../shared/sync/digest.ts';
import type { Op } from '../../../../shared/sync/protocol.ts';
import { isBeyond } from '../../../../shared/sync/schema-reach.ts';
import type { Round } from '../sync-round.ts';

/** Records summed up before somebody who waits is let in. */
const AT_ONCE = 100;

interface HeldRow {
	id: string;
	fv: string;
	x: string | null;
}

interface HeldText {
	id: string;
	field: string;
	bytes: Uint8Array;
	hlc: string;
}

/** Sums up what this laptop holds of an account, a few records at a time. What the office has refused was never there. */
export async function digestOfHeld(round: Round, account: string): Promise<Record<string, TableDigest>> {
	const { store, dispatcher, serverSchema } = round;
	const sum = new DigestSum();
	const refused = await dispatcher.exclusively(() => refusedHere(store));
	for (const entity of Object.values(entities)) {
		const column = accountColumn(entity.name);
		if (column === 'NULL' || isBeyond(entity.name, undefined, serverSchema)) continue;
		const some = `SELECT * FROM ${entity.table} WHERE rowid IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL`;
		const all = await dispatcher.exclusively(() =>
			store
				.statement(`SELECT rowid FROM ${entity.table} WHERE ${column} = ? AND deleted_at IS NULL`)
				.pluck()
				.all(account),
		);
		for (let from = 0; from < all.length; from += AT_ONCE) {
			await dispatcher.exclusively(() => {
				const rows = store.statement(some).all(JSON.stringify(all.slice(from, from + AT_ONCE))) as HeldRow[];
				for (const row of rows) {
					if (refused.made.has(row.id)) continue;
					const record = decodeRow<Record<string, unknown>>(entity, row);
					const v = Object.fromEntries(Object.keys(entity.fields).map((name) => [name, record[name]]));
					if (row.x) Object.assign(v, JSON.parse(row.x));
					sum.addRow(entity.name, { id: row.id, v, fv: row.fv, del: false });
					addTexts(sum, { t: entity.name, texts: textsOf(store, row.id), refused: refused.typed });
				}
			});
			round.noteProgress();
		}
	}
	return sum.tables();
}

function textsOf(store: Store, rowId: string): HeldText[] {
	return store
		.statement('SELECT row_id AS id, field, bytes, hlc FROM text_update WHERE row_id = ?')
		.all(rowId) as HeldText[];
}

function addTexts(
	sum: DigestSum,
	{ t, texts, refused }: { t: string; texts: readonly HeldText[]; refused: ReadonlySet<string> },
): void {
	for (const { id, field, bytes, hlc } of texts)
		if (!refused.has(`${id} ${hlc}`)) sum.addText({ t, id, field, y: Buffer.from(bytes).toString('base64') });
}

/** Records whose making the office refused, and typing that it refused, whether that was dismissed or not. */
function refusedHere(store: Store): { made: ReadonlySet<string>; typed: ReadonlySet<string> } {
	const found = '(refused IS NOT NULL OR settled = 1)';
	const made = store
		.statement(
			`SELECT DISTINCT row_id FROM outbox_op o WHERE kind = 'create' AND ${found} AND NOT EXISTS (
				SELECT 1 FROM outbox_op a WHERE a.row_id = o.row_id AND a.kind = 'create' AND a.refused IS NULL AND a.settled IS NULL)`,
		)
		.pluck()
		.all() as string[];
	const typed = store.statement(`SELECT op FROM outbox_op WHERE kind = 'text' AND ${found}`).pluck().all() as string[];
	return {
		made: new Set(made),
		typed: new Set(typed.map((json) => JSON.parse(json) as Op).map(({ id, hlc }) => `${id} ${hlc}`)),
	};
}
