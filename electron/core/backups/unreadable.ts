/** Reading a damaged store failed here; anything else is a failure of its own. */
export function isUnreadable(error: unknown): boolean {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	return /^SQLITE_(CORRUPT|NOTADB|IOERR_READ|IOERR_SHORT_READ)/.test(code) || code === 'store_damaged';
}

/** What `read` answers, or undefined where the store is damaged. Throws what else goes wrong. */
export function readable<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch (error) {
		if (!isUnreadable(error)) throw error;
		return undefined;
	}
}
