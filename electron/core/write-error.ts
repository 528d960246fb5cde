import { CoreError } from '../../shared/contract/errors.ts';

/** In the words a person has: a full disk is said as such. */
export function writeError(error: unknown): unknown {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	if (error instanceof CoreError || code === '') return error;
	if (code === 'ENOSPC' || code === 'EDQUOT') return new CoreError('disk_full', 'The disk is full.');
	if (/^E(IO|ROFS|ACCES|PERM|NXIO)$/.test(code))
		return new CoreError('io_error', `The file could not be written (${code}).`);
	return error;
}
