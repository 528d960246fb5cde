/** Longer updates are not looked into; they stay whole where they are kept. */
const LONGEST = 1_400_000;

/**
 * The words an update of a text document adds, so that a person can read what somebody typed without the document; a
 * line for each paragraph. Null for an update that cannot be read. `update` is base64.
 */
export async function wordsTyped(update: string): Promise<string | null> {
	if (update.length > LONGEST) return null;
	const { ContentString, ContentType, decodeUpdate, Item } = await import('yjs');
	try {
		let text = '';
		for (const struct of decodeUpdate(Buffer.from(update, 'base64')).structs) {
			if (!(struct instanceof Item)) continue;
			if (struct.content instanceof ContentString) text += struct.content.str;
			else if (struct.content instanceof ContentType && text !== '' && !text.endsWith('\n')) text += '\n';
		}
		return text;
	} catch {
		return null;
	}
}
