import { Link } from 'wouter';
import { LeaseLine } from '../features/sync/SignInLine.tsx';
import { SyncOptions } from '../features/sync/SyncOptions.tsx';
import { SyncStateIcon } from '../features/sync/SyncStateIcon.tsx';
import { useAnswer } from '../lib/core.ts';
import { useNow } from '../lib/now.ts';
import { places } from '../lib/places.ts';
import { syncWords } from '../lib/sync-words.ts';
import styles from './Frame.module.css';

/** The sync state in words. Offline is normal: it is said here and nowhere else. */
export function RailSync() {
	const status = useAnswer('sync.status', {}).data;
	const now = useNow();
	if (!status) return null;
	const words = syncWords(status, now);
	return (
		<div className={styles.sync}>
			<Link href={places.sync} className={styles.says}>
				<SyncStateIcon words={words} />
				{/* Each step of a long sync would be read aloud otherwise. */}
				<p role="status" aria-label="Sync" aria-live={words.icon === 'syncing' ? 'off' : 'polite'}>
					<strong className={words.tone === 'plain' ? styles.plain : words.tone}>{words.title}</strong>
					{words.lines.map((line) => (
						<span key={line.text} className={`${styles.line} ${line.tone}`}>
							{line.text}
						</span>
					))}
					<LeaseLine className={styles.line} />
				</p>
			</Link>
			<SyncOptions status={status} />
		</div>
	);
}
