import { useEffect, useState } from 'react';
import type { CallError } from '../../../shared/contract/errors.ts';
import type { FilePreview } from '../../../shared/contract/file-models.ts';
import { call } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import styles from './Files.module.css';

type Shown = FilePreview | { kind: 'failed'; error: CallError };

/** A picture as a picture, text as text and never as anything else; other files are saved as a copy. */
export function Preview({ id, name }: { id: string; name: string }) {
	const [shown, setShown] = useState<Shown | null>(null);
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
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what is long or wide must be scrolled by keys too
		<section className={styles.preview} tabIndex={0} aria-label="What is in it" aria-busy={shown === null}>
			{shown ? <Shown shown={shown} name={name} /> : null}
		</section>
	);
}

function Shown({ shown, name }: { shown: Shown; name: string }) {
	switch (shown.kind) {
		case 'image':
			return <img src={`data:${shown.mediaType};base64,${shown.base64}`} alt={name} />;
		case 'text':
			return (
				<pre className={styles.text}>
					{shown.text}
					{shown.cut ? '\n… and more. Save a copy to read it all.' : null}
				</pre>
			);
		case 'none':
			return <p className={styles.unshown}>Files of this kind are not shown here. Save a copy to open it.</p>;
		case 'failed':
			return (
				<p className={`${styles.unshown} red`} role="alert">
					{errorLine(shown.error)}
				</p>
			);
	}
}
