import { promisify } from 'node:util';
import { constants, gzip, zstdCompress } from 'node:zlib';

const zstd = promisify(zstdCompress);
const gzipped = promisify(gzip);

/** Smaller replies gain nothing from it. */
const WORTH_BYTES = 1024;

export interface Encoded {
	body: Buffer;
	encoding?: 'zstd' | 'gzip';
}

/** Compresses a reply by what the client's `accept-encoding` header allows, zstd before gzip. */
export async function compressFor(accepted: string | undefined, body: Buffer): Promise<Encoded> {
	if (body.length < WORTH_BYTES) return { body };
	if (accepts(accepted, 'zstd')) {
		return { body: await zstd(body, { params: { [constants.ZSTD_c_compressionLevel]: 3 } }), encoding: 'zstd' };
	}
	if (accepts(accepted, 'gzip')) return { body: await gzipped(body, { level: 1 }), encoding: 'gzip' };
	return { body };
}

function accepts(header: string | undefined, name: string): boolean {
	return (header ?? '').split(',').some((part) => {
		const [encoding, ...options] = part.trim().toLowerCase().split(';');
		return encoding?.trim() === name && !options.some((option) => /^\s*q=0(\.0+)?\s*$/.test(option));
	});
}
