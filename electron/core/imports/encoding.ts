import { isAscii, isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import { CoreError } from '../../../shared/contract/errors.ts';
import { type ByteDecoder, plausibility } from '../../../shared/domain/importing/byte-guess.ts';
import { utf16Kind } from './file-kind.ts';
import type { Pace } from './pace.ts';

/** The encodings a person can choose from, best guesses for Western and Central European offices first. */
export const encodings: readonly string[] = [
	'utf-8',
	'windows-1252',
	'macintosh',
	'iso-8859-15',
	'windows-1250',
	'iso-8859-2',
	'windows-1251',
	'windows-1253',
	'windows-1254',
	'utf-16le',
	'utf-16be',
	'shift_jis',
	'euc-jp',
	'gb18030',
	'big5',
	'euc-kr',
];

export interface TextScan {
	encoding: string;
	/** SHA-256 of the whole file, hexadecimal. */
	sha256: string;
}

const PIECE = 1024 * 1024;
/** Bytes around non-ASCII ones kept for guessing. */
const SAMPLE = 256 * 1024;

/** Reads a text file once for its checksum and its encoding. */
export async function scanText(path: string, pace: Pace): Promise<TextScan> {
	const hash = createHash('sha256');
	const scan = new EncodingScan();
	const handle = await open(path, 'r');
	try {
		const buffer = Buffer.allocUnsafe(PIECE);
		for (;;) {
			const { bytesRead } = await handle.read(buffer, 0, PIECE);
			if (bytesRead === 0) break;
			const piece = buffer.subarray(0, bytesRead);
			hash.update(piece);
			scan.add(piece);
			await pace.step();
		}
	} finally {
		await handle.close();
	}
	return { encoding: scan.result(), sha256: hash.digest('hex') };
}

class EncodingScan {
	private first: Buffer | undefined;
	private validUtf8 = true;
	private ascii = true;
	private tail = Buffer.alloc(0);
	private readonly samples: Buffer[] = [];
	private sampled = 0;

	add(piece: Buffer): void {
		this.first ??= Buffer.from(piece.subarray(0, 65_536));
		const plain = isAscii(piece);
		if (!plain) {
			this.ascii = false;
			this.keepSample(piece);
		}
		if (!this.validUtf8 || (plain && this.tail.length === 0)) return;
		const joined = this.tail.length > 0 ? Buffer.concat([this.tail, piece]) : piece;
		const cut = wholeCharacters(joined);
		if (!isUtf8(joined.subarray(0, cut))) this.validUtf8 = false;
		this.tail = Buffer.from(joined.subarray(cut));
	}

	/** Keeps the surroundings of non-ASCII bytes, from all over the file. */
	private keepSample(piece: Buffer): void {
		let until = 0;
		for (let at = 0; at < piece.length && this.sampled < SAMPLE; at++) {
			if ((piece[at] ?? 0) < 128) continue;
			const sample = Buffer.from(piece.subarray(Math.max(until, at - 8), at + 24));
			this.samples.push(sample);
			this.sampled += sample.length;
			at += 23;
			until = at + 1;
		}
	}

	result(): string {
		const wide = utf16Kind(this.first ?? new Uint8Array());
		if (wide) return wide;
		if (this.ascii || (this.validUtf8 && this.tail.length === 0)) return 'utf-8';
		return guessLegacy(Buffer.concat(this.samples), this.first ?? Buffer.alloc(0));
	}
}

/** Length of `bytes` without a UTF-8 character cut off at its end. */
function wholeCharacters(bytes: Buffer): number {
	for (let back = 1; back <= 3 && back <= bytes.length; back++) {
		const byte = bytes[bytes.length - back] ?? 0;
		if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? bytes.length - back : bytes.length;
		if (byte < 0x80) break;
	}
	return bytes.length;
}

const highBytes = Buffer.from(Array.from({ length: 128 }, (_, index) => index + 128));
const decoder = (name: string, prior: number): ByteDecoder => ({ name, prior, high: iconv.decode(highBytes, name) });
let oneByte: ByteDecoder[] | undefined;

/** CJK sets by chardet where it is sure; one-byte sets by how their letters sit in words. */
function guessLegacy(sample: Buffer, start: Buffer): string {
	oneByte ??= [
		decoder('windows-1252', 0.4),
		decoder('macintosh', 0.15),
		decoder('windows-1250', 0),
		decoder('windows-1251', 0),
	];
	const scores = oneByte.map((candidate) => ({ name: candidate.name, score: plausibility(sample, candidate) }));
	const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
	return best.score < 1 ? (eastAsian(start) ?? best.name) : best.name;
}

/** chardet is right about the East Asian sets but not sure of itself; so its guesses are tried on the text. */
function eastAsian(start: Buffer): string | undefined {
	for (const { name } of analyse(start)) {
		const encoding = WIDE.get(name);
		if (encoding === undefined) continue;
		const text = iconv.decode(start, encoding);
		const foreign = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
		const asian =
			text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff5e]/gu)
				?.length ?? 0;
		if (foreign > 0 && asian / foreign > 0.95) return encoding;
	}
	return undefined;
}

const WIDE = new Map([
	['Shift_JIS', 'shift_jis'],
	['EUC-JP', 'euc-jp'],
	['GB18030', 'gb18030'],
	['Big5', 'big5'],
	['EUC-KR', 'euc-kr'],
]);

export interface Decoder {
	write(piece: Buffer): string;
	end(): string;
}

/** A decoder for a stream of bytes. The byte-order mark is dropped. Throws `bad_input` for an encoding that is not known. */
export function createDecoder(encoding: string): Decoder {
	if (!iconv.encodingExists(encoding)) throw new CoreError('bad_input', `There is no encoding called ${encoding}.`);
	const inner = iconv.getDecoder(encoding);
	const utf8 = encoding === 'utf-8';
	let pending = false;
	return {
		write: (piece) => {
			// Plain ASCII needs no decoding, and most pieces of most files are just that.
			if (!pending && utf8 && isAscii(piece)) return piece.toString('latin1');
			pending = (piece.at(-1) ?? 0) > 127;
			return inner.write(piece);
		},
		end: () => inner.end() ?? '',
	};
}
