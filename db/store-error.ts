import { CoreError } from '../shared/contract/errors.ts';

/** Turns the driver's error into one a person can be told about; anything else passes through as it is. */
export function storeError(error: unknown): unknown {
	if (error instanceof CoreError || !(error instanceof Error) || !('code' in error)) return error;
	const code = String(error.code);
	const details = { driverCode: code };
	if (code === 'SQLITE_NOTADB') return new CoreError('wrong_key', 'The key does not open this store.', details);
	if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
		return new CoreError('store_in_use', 'Another Fieldbook has this store open.', details);
	}
	if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
		return new CoreError('disk_full', 'The disk is full.', details);
	if (code.startsWith('SQLITE_CORRUPT')) return new CoreError('store_damaged', 'The store file is damaged.', details);
	if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY')) {
		return new CoreError('io_error', `The store could not be read or written (${code}).`, details);
	}
	if (/^E(IO|ROFS|ACCES|PERM|NXIO)$/.test(code))
		return new CoreError('io_error', `A file could not be read or written (${code}).`, details);
	return error;
}
