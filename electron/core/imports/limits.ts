/** How much of a file is read at most. Each limit is said in plain words when it is met; nothing is cut in silence. */
export const limits = {
	/** Bytes of a CSV. It is read as a stream, so this bounds time, not memory. */
	csvBytes: 400 * 1024 * 1024,
	/** Bytes of a workbook, and of what it inflates to (counted while inflating, whatever its directory says). */
	xlsxBytes: 50 * 1024 * 1024,
	xlsxInflated: 500 * 1024 * 1024,
	/** How many times larger than packed a part of more than 10 MB may get. Office files stay below 40. */
	xlsxRatio: 200,
	zipEntries: 1000,
	/** Columns shown and imported; more are named in a warning. */
	columns: 500,
	/** Columns beyond which a file is no table. */
	columnsRefused: 20_000,
	/** Problems listed one by one; the rest are counted. */
	rejectsListed: 1000,
} as const;

/** "400 MB". */
export function megabytes(bytes: number): string {
	return `${Math.round(bytes / 1024 / 1024)} MB`;
}
