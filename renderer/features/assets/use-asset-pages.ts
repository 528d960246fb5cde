import { useQueries } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { AssetRow } from '../../../shared/contract/models.ts';
import { askedText } from '../../lib/asked-text.ts';
import { questionOf, useAnswer } from '../../lib/core.ts';
import type { ListState } from '../../lib/list-place.ts';

const pageSize = 500;

type AssetSort = 'client_ref' | 'title' | 'country' | 'filing_date' | 'grant_date' | 'expiry_date' | 'status';

/** The account's cases as one long list of which only the pages looked at are read. Core filters and sorts. */
export function useAssetPages(accountId: string, list: ListState) {
	const [range, setRange] = useState({ first: 0, last: 0 });
	const onRange = useCallback((first: number, last: number) => setRange({ first, last }), []);
	const input = {
		account_id: accountId,
		text: askedText(list.text),
		sort: (list.sort?.column ?? 'client_ref') as AssetSort,
		descending: list.sort?.descending ?? false,
		limit: pageSize,
	};
	const head = useAnswer('assets.list', { ...input, offset: 0 }, { keep: true });
	const total = head.data?.total ?? 0;
	const from = Math.max(1, Math.floor(range.first / pageSize));
	const to = Math.min(Math.floor(range.last / pageSize), Math.floor((total - 1) / pageSize));
	const offsets = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => (from + index) * pageSize);
	const pages = useQueries({ queries: offsets.map((offset) => questionOf('assets.list', { ...input, offset })) });
	const rows: (AssetRow | undefined)[] = new Array(total);
	for (const [index, row] of (head.data?.rows ?? []).entries()) rows[index] = row;
	for (const [page, offset] of offsets.entries()) {
		for (const [index, row] of (pages[page]?.data?.rows ?? []).entries()) rows[offset + index] = row;
	}
	return { head, rows, total, onRange };
}
