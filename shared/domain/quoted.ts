/** A name or text in quotation marks within a sentence; marks of its own become single ones, so that none stand doubled. */
export function quoted(text: string): string {
	const inner = text
		.replace(/[“„«]/g, '‘')
		.replace(/[”»]/g, '’')
		.replace(/(^|[\s(])"/g, '$1‘')
		.replace(/"/g, '’');
	return `“${inner}”`;
}
