import { useQueries } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { CallError } from '../../../shared/contract/errors.ts';
import type { IssueRow } from '../../../shared/contract/models.ts';
import { type CallFailure, questionOf } from '../../lib/core.ts';

const pageRows = 2000;

/** All issues, page by page: the first page paints at once, the rest follows until one comes back short. */
export function useIssueRows(open: boolean) {
	const [pages, setPages] = useState(1);
	const answers = useQueries({
		queries: Array.from({ length: pages }, (_, page) =>
			questionOf('issues.list', { open, offset: page * pageRows, limit: pageRows }),
		),
		combine: (results) => ({
			rows: results.flatMap((result) => result.data ?? []),
			lastIsFull: results.at(-1)?.data?.length === pageRows,
			first: results[0],
		}),
	});
	const { rows, lastIsFull, first } = answers;
	useEffect(() => {
		if (lastIsFull) setPages((now) => now + 1);
	}, [lastIsFull]);
	const failure: CallError | null = (first?.error as CallFailure | null)?.error ?? null;
	const data: readonly IssueRow[] | undefined = first?.data ? rows : undefined;
	return { data, failure, retry: () => void first?.refetch() };
}
