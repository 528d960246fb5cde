import { useQueries } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { askedText } from '../../lib/asked-text.ts';
import { questionOf, useAnswer } from '../../lib/core.ts';
import type { ListedReceipt } from './receipt-columns.tsx';

const pageSize = 100;

/** The receipts, newest first; older ones are read when the list has been gone through so far. */
export function useReceipts(text: string) {
	const [deeper, setDeeper] = useState(0);
	const asked = askedText(text);
	const head = useAnswer('receipts.list', { text: asked, offset: 0, limit: pageSize }, { keep: true });
	const offsets = Array.from({ length: deeper }, (_, index) => (index + 1) * pageSize);
	const older = useQueries({
		queries: offsets.map((offset) => questionOf('receipts.list', { text: asked, offset, limit: pageSize })),
	});
	const pages = [head.data ?? [], ...older.map((page) => page.data ?? [])];
	const rows: ListedReceipt[] = pages.flat().map((receipt) => ({ ...receipt, id: String(receipt.id), receipt }));
	const isWhole = (pages.at(-1)?.length ?? 0) < pageSize;
	const length = rows.length;
	const onRange = useCallback(
		(_first: number, last: number) => {
			if (!isWhole && last >= length - 20) setDeeper(Math.floor(length / pageSize));
		},
		[isWhole, length],
	);
	return { head, rows, isWhole, onRange };
}
