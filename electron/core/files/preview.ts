import type { FilePreview } from '../../../shared/contract/file-models.ts';
import type { BlobReader } from './blob-reader.ts';

/** Larger pictures are for the program that made them. */
const LARGEST_IMAGE = 16 * 1_048_576;
const LONGEST_TEXT = 262_144;

/** What a picture begins with. The content decides, never the name; SVG is left out, which may carry more than a picture. */
const images: readonly { mediaType: string; begins(head: Buffer): boolean }[] = [
	{ mediaType: 'image/png', begins: (head) => head.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n' },
	{ mediaType: 'image/jpeg', begins: (head) => head.toString('latin1', 0, 3) === '\xff\xd8\xff' },
	{ mediaType: 'image/gif', begins: (head) => /^GIF8[79]a/.test(head.toString('latin1', 0, 6)) },
	{ mediaType: 'image/webp', begins: (head) => /^RIFF.{4}WEBP/s.test(head.toString('latin1', 0, 12)) },
];

/** What can be shown of a file inside the app: a picture, or plain text, which is only ever drawn as text. */
export async function previewOf(reader: BlobReader): Promise<FilePreview> {
	const head = await reader.read(0, LONGEST_TEXT);
	const image = images.find(({ begins }) => begins(head));
	if (image) {
		if (reader.size > LARGEST_IMAGE) return { kind: 'none' };
		const bytes = await reader.read(0, reader.size);
		return { kind: 'image', mediaType: image.mediaType, base64: bytes.toString('base64') };
	}
	const text = textOf(head);
	return text === undefined ? { kind: 'none' } : { kind: 'text', text, cut: reader.size > head.length };
}

/** The bytes as text, when they are UTF-8 without control characters; a character cut at the end is left out. */
function textOf(bytes: Buffer): string | undefined {
	try {
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
		// biome-ignore lint/suspicious/noControlCharactersInRegex: looked for here
		return /[\x00-\x08\x0e-\x1f]/.test(text) ? undefined : text;
	} catch {
		return undefined;
	}
}
