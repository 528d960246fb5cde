import { useState } from 'react';
import type { CallError } from '../../shared/contract/errors.ts';
import { errorDetails, errorWords } from '../lib/error-words.ts';
import { Button } from './Button.tsx';
import styles from './States.module.css';

/** A part that could not be shown: what happened, what is safe, what to do next. */
export function ErrorState({ error, onRetry }: { error: CallError; onRetry?: () => void }) {
	const words = errorWords(error.code);
	return (
		<div className={styles.state} role="alert">
			<p className={`${styles.title} red`}>{words.title}</p>
			<p>{words.safe}</p>
			<p>{words.next}</p>
			<div className={styles.actions}>
				{onRetry ? <Button onClick={onRetry}>Try again</Button> : null}
				<CopyDetails error={error} />
			</div>
		</div>
	);
}

export function CopyDetails({ error }: { error: CallError }) {
	const [copied, setCopied] = useState(false);
	const copy = async () => {
		await navigator.clipboard.writeText(errorDetails(error));
		setCopied(true);
	};
	return <Button onClick={() => void copy()}>{copied ? 'Details copied' : 'Copy details'}</Button>;
}
