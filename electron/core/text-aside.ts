import * as Y from 'yjs';

/**
 * Words that are not in the text although nobody here has taken them out: they were typed into a paragraph that somebody
 * else had deleted meanwhile. Collected over the updates of one writer.
 */
export interface Aside {
	/** In reading order. */
	letters: { id: string; text: string; isNewLine: boolean }[];
	/** What the writer took out again. */
	deleted: Deleted[];
}

type Decoded = ReturnType<typeof Y.decodeUpdate>;
type Deleted = Decoded['ds'];

/** An update in its parts; undefined when it cannot be read. */
export function decodeUpdate(bytes: Uint8Array): Decoded | undefined {
	try {
		return Y.decodeUpdate(bytes);
	} catch {
		return undefined;
	}
}

/** Notes what of an update, which is in `doc` already, never stood in the text. */
export function collectAside(doc: Y.Doc, bytes: Uint8Array, aside: Aside): void {
	const update = decodeUpdate(bytes);
	if (!update) return;
	aside.deleted.push(update.ds);
	for (const struct of update.structs) {
		if (!(struct instanceof Y.Item && struct.content instanceof Y.ContentString)) continue;
		const { client, clock } = struct.id;
		// What it builds on may not have come yet.
		if (Y.getState(doc.store, client) < clock + struct.length) continue;
		for (let at = 0; at < struct.length; at += 1) {
			const id = Y.createID(client, clock + at);
			if (!Y.getItem(doc.store, id).deleted) continue;
			const left = at > 0 ? Y.createID(client, clock + at - 1) : struct.origin;
			addLetter(aside, { id, left, text: struct.content.str[at] ?? '' });
		}
	}
}

function addLetter(aside: Aside, { id, left, text }: { id: Y.ID; left: Y.ID | null; text: string }): void {
	const { letters } = aside;
	const after = left ? nameOf(left) : '';
	// Typing goes on where the last letter was; looking for another place is the exception.
	const place = letters.at(-1)?.id === after ? letters.length - 1 : letters.findIndex((letter) => letter.id === after);
	const letter = { id: nameOf(id), text, isNewLine: place === -1 };
	letters.splice(place === -1 ? letters.length : place + 1, 0, letter);
}

/** The words, one line for each place they were typed at; empty when there are none. */
export function asideText({ letters, deleted }: Aside): string {
	const kept = letters.filter(({ id }) => !deleted.some((set) => Y.isDeleted(set, idOf(id))));
	return kept
		.map(({ text, isNewLine }) => (isNewLine ? `\n${text}` : text))
		.join('')
		.trim();
}

function nameOf({ client, clock }: Y.ID): string {
	return `${client}:${clock}`;
}

function idOf(name: string): Y.ID {
	const [client = '', clock = ''] = name.split(':');
	return Y.createID(Number(client), Number(clock));
}
