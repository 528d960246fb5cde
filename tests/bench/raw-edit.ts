import type { Store } from '../../db/open-store.ts';

const update = 'UPDATE issue SET updated_at = ?, fv = ?, FIELD = ? WHERE id = ?';
const insertGroup =
	'INSERT INTO outbox (group_no, at, label, origin, batch_id, unit, hlc, sent_at) VALUES (?, ?, ?, ?, NULL, ?, ?, NULL)';
const insertOp =
	'INSERT INTO outbox_op (group_no, op_no, entity, row_id, kind, op, fields, refused, pending) VALUES (?, 0, ?, ?, ?, ?, ?, NULL, 1)';
const insertHistory =
	'INSERT INTO history (at, by, group_no, entity, row_id, field, before, after, origin, version, undone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)';

/**
 * The floor of an edit: the four rows it must leave behind (record, outbox group, operation, history), written by hand in
 * one transaction on the same connection, so with the same cipher, cache and durability. Nothing is read, checked or told.
 */
export function rawEditor({ raw }: Store) {
	const fields = ['title', 'priority', 'status', 'due_date'] as const;
	const updates = new Map(fields.map((field) => [field, raw.prepare(update.replace('FIELD', field))]));
	const group = raw.prepare(insertGroup);
	const operation = raw.prepare(insertOp);
	const history = raw.prepare(insertHistory);
	let groupNo = (raw.prepare('SELECT coalesce(max(group_no), 0) AS last FROM outbox').get() as { last: number }).last;
	const begin = raw.prepare('BEGIN IMMEDIATE');
	const commit = raw.prepare('COMMIT');
	return {
		fields,
		/** The core gives out group numbers, too. */
		follow: (last: number) => {
			groupNo = last;
		},
		edit: (id: string, field: (typeof fields)[number], value: string) => {
			const at = new Date().toISOString();
			const hlc = `${Date.now().toString(16).padStart(12, '0')}00000rawrawra`;
			const no = ++groupNo;
			const op = { k: 'set', t: 'issue', id, hlc, f: { [field]: { v: value, base: hlc, was: value } } };
			begin.run();
			updates.get(field)?.run(at, JSON.stringify({ '*': hlc, [field]: hlc }), value, id);
			group.run(no, at, 'Issue changed', 'person', `group:${no}`, hlc);
			operation.run(no, 'issue', id, 'set', JSON.stringify(op), ` ${field} `);
			history.run(at, 'u-sam', no, 'issue', id, field, JSON.stringify(value), JSON.stringify(value), 'local', hlc);
			commit.run();
		},
	};
}
