import type { IncomingHttpHeaders } from 'node:http';
import type { ByteRange } from './blob-disk.ts';

/**
 * The one range a request asks for; undefined when the whole is to be sent: none was asked for, several were, or
 * `If-Range` names another file.
 */
export function readRange(
	headers: IncomingHttpHeaders,
	file: { size: number; etag: string },
): ByteRange | 'unsatisfiable' | undefined {
	const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range ?? '');
	if (!found || (found[1] === '' && found[2] === '')) return undefined;
	if (headers['if-range'] !== undefined && headers['if-range'] !== file.etag) return undefined;
	const last = file.size - 1;
	const isTail = found[1] === '';
	const start = isTail ? Math.max(0, file.size - Number(found[2])) : Number(found[1]);
	const end = isTail || found[2] === '' ? last : Math.min(last, Number(found[2]));
	if (isTail && Number(found[2]) === 0) return 'unsatisfiable';
	return start > last || start > end ? 'unsatisfiable' : { start, end };
}
