import { keyOf } from './ledger.ts';
import type { SimClient } from './sim-client.ts';
import { isVisible, type Truth } from './truth.ts';
import { textOf } from './typing.ts';

interface Typed {
	/** Updates that must be there, and those that may: typing taken back may have been sent by a copy of the profile. */
	needed: Set<string>;
	allowed: Set<string>;
}

/** Every typed character: the same updates everywhere, and the text they make together. */
export function checkTexts(truth: Truth, excused: ReadonlySet<string>): string[] {
	const { log, world } = truth;
	const problems: string[] = [];
	const refused = new Set(log.refused.filter(({ op }) => op.k === 'text').map(({ op }) => op.id));
	for (const [key, { needed, allowed }] of typedTexts(truth)) {
		const [entity = '', id = '', field = ''] = key.split(' ');
		const record = log.records.get(`${entity} ${id}`);
		if (!record || excused.has(`${entity} ${id}`) || refused.has(id)) continue;
		const held = new Set((log.texts.get(key) ?? []).map((text) => text.bytes));
		if ([...needed].some((update) => !held.has(update))) problems.push(`the server's ${key} lacks typing`);
		if ([...held].some((update) => !allowed.has(update))) problems.push(`the server's ${key} has typing of nobody`);
		for (const client of world.clients)
			if (isVisible(truth, record, client.setup.userId))
				problems.push(...checkText(client, { entity, id, field }, held));
	}
	return problems;
}

function typedTexts({ world: { ledger } }: Truth): Map<string, Typed> {
	const typed = new Map<string, Typed>();
	for (const edit of ledger.edits.values()) {
		if (edit.k !== 'text') continue;
		const key = `${edit.t} ${edit.id} ${edit.field}`;
		const found = typed.get(key) ?? { needed: new Set(), allowed: new Set() };
		found.allowed.add(edit.value as string);
		if (!ledger.withdrawn.has(keyOf(edit))) found.needed.add(edit.value as string);
		typed.set(key, found);
	}
	return typed;
}

function checkText(
	client: SimClient,
	{ entity, id, field }: { entity: string; id: string; field: string },
	updates: ReadonlySet<string>,
): string[] {
	const { name } = client.setup;
	const here = client.rows<{ bytes: Buffer }>(
		'SELECT bytes FROM text_update WHERE row_id = ? AND field = ? AND bad = 0',
		id,
		field,
	);
	const held = new Set(here.map((row) => Buffer.from(row.bytes).toString('base64')));
	if (held.size !== updates.size || [...updates].some((update) => !held.has(update)))
		return [`${name} has ${held.size} of ${updates.size} typings of ${entity} ${id} ${field}`];
	const [row] = client.rows<{ body: string | null }>(`SELECT body FROM ${entity} WHERE id = ?`, id);
	const words = textOf(updates);
	return (row?.body ?? '') === words ? [] : [`${name} reads ${JSON.stringify(row?.body)} for ${JSON.stringify(words)}`];
}
