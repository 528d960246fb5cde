import { CoreError } from '../../../shared/contract/errors.ts';
import { FileError, type FileProblem } from './file-transport.ts';

/** What went wrong with a file, as a code that is kept with it. */
export function problemOf(error: unknown): FileProblem {
	if (error instanceof FileError) return error.problem;
	if (error instanceof CoreError && (error.code === 'file_damaged' || error.code === 'file_not_here')) return 'damaged';
	if (error instanceof CoreError && error.code === 'disk_full') return 'disk_full';
	return 'server_error';
}

/** The same for the person who asked for the file and waits. */
export function toCoreError(error: unknown): unknown {
	if (!(error instanceof FileError)) return error;
	const { problem, message } = error;
	switch (problem) {
		case 'unreachable':
		case 'not_our_server':
			return new CoreError('offline', message);
		case 'signed_out':
			return new CoreError('signed_out', message);
		case 'not_there':
			return new CoreError('file_not_there', message);
		case 'wrong_file':
			return new CoreError('wrong_file', message);
		default:
			return new CoreError('server_error', message);
	}
}

const MOST_WAIT_MS = 300_000;

/** Full jitter, in ms: at least half a second, five minutes at most. */
export function waitAfter(failures: number): number {
	return 500 + Math.random() * Math.min(MOST_WAIT_MS, 1000 * 2 ** Math.min(failures, 9));
}
