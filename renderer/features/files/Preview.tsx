import { useEffect, useState } from 'react';
import type { CallError } from '../../../shared/contract/errors.ts';
import type { FilePreview } from '../../../shared/contract/file-models.ts';
import { call } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import styles from './Files.module.css';

/** A picture as a picture, text as text and never as anything else; other files are saved as a copy. */
export function Preview({ id, name }: { id: string; name: string }) {
	const [shown, setShown] = useState<FilePreview | { kind: 'failed'; error: CallError } | null>(null);
	useEffect(() => {
		let isOver = false;
		setShown(null);
		void call('attachments.preview', { id }).then((result) => {
			if (!isOver) setShown(result.ok ? result.value : { kind: 'failed', error: result.error });
		});
		return () => {
			isOver = true;
		};
	}, [id]);
	if (!shown) return <div className={styles.preview} aria-busy />;
	switch (shown.kind) {
		case 'image':
			return (
				<div className={styles.preview}>
					<img src={`data:${shown.mediaType};base64,${shown.base64}`} alt={name} />
				</div>
			);
		case 'text':
			return (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: long text must be scrolled by keys too
				<pre className={styles.text} tabIndex={0}>
					{shown.text}
					{shown.cut ? '\n… and more. Save a copy to read it all.' : null}
				</pre>
			);
		case 'none':
			return <p className="muted">Files of this kind are not shown here. Save a copy to open it.</p>;
		case 'failed':
			return (
				<p className="red" role="alert">
					{errorLine(shown.error)}
				</p>
			);
	}
}
