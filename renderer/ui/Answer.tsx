import type { ReactNode } from 'react';
import type { CallError } from '../../shared/contract/errors.ts';
import { ErrorState } from './ErrorState.tsx';
import { Skeleton } from './Skeleton.tsx';

interface AnswerProps<T> {
	of: { data: T | undefined; failure: CallError | null; retry: () => void };
	lines?: number;
	children: (data: T) => ReactNode;
}

/** What a query answered, or why it could not, or, after a moment, that it is coming. */
export function Answer<T>({ of, lines, children }: AnswerProps<T>) {
	if (of.data !== undefined) return <>{children(of.data)}</>;
	if (of.failure) return <ErrorState error={of.failure} onRetry={of.retry} />;
	return <Skeleton lines={lines} />;
}
