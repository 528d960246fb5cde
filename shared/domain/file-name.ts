const LONGEST = 255;

/**
 * The name of a file as it is shown and offered for saving: no path, no control or invisible characters, no direction
 * marks that would make "gpj.exe" read as "exe.jpg"; at most 255 characters, the ending kept.
 */
export function plainFileName(name: string): string {
	const plain = name
		.normalize('NFC')
		.toWellFormed()
		.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
		.replace(/[\\/]/g, '_')
		.replace(/\s+/g, ' ')
		.replace(/^[. ]+|[. ]+$/g, '');
	if (plain === '') return 'File';
	if (plain.length <= LONGEST) return plain;
	const ending = /\.[^.]{1,12}$/.exec(plain)?.[0] ?? '';
	return `${plain.slice(0, LONGEST - ending.length).toWellFormed()}${ending}`;
}

const types: Readonly<Record<string, string>> = {
	csv: 'text/csv',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	eml: 'message/rfc822',
	gif: 'image/gif',
	ics: 'text/calendar',
	jpeg: 'image/jpeg',
	jpg: 'image/jpeg',
	md: 'text/markdown',
	pdf: 'application/pdf',
	png: 'image/png',
	pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
	txt: 'text/plain',
	webp: 'image/webp',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	zip: 'application/zip',
};

/** The media type that a file's ending stands for; null for one that is not known. A hint for people, never trusted. */
export function mediaTypeOf(name: string): string | null {
	const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
	return Object.hasOwn(types, ending) ? (types[ending] ?? null) : null;
}
