import {
	IconAlertTriangle,
	IconCircleCheck,
	IconCloudOff,
	IconCloudUp,
	IconKeyOff,
	IconPlayerPause,
	IconPlugConnectedX,
	IconRefresh,
} from '@tabler/icons-react';
import { Link } from 'wouter';
import { useAnswer } from '../lib/core.ts';
import { useNow } from '../lib/now.ts';
import { places } from '../lib/places.ts';
import { type SyncIcon, syncWords } from '../lib/sync-words.ts';
import styles from './Frame.module.css';

const icons: Record<SyncIcon, typeof IconCloudOff> = {
	offline: IconCloudOff,
	unsent: IconCloudUp,
	syncing: IconRefresh,
	done: IconCircleCheck,
	paused: IconPlayerPause,
	never: IconPlugConnectedX,
	'signed-out': IconKeyOff,
	stopped: IconAlertTriangle,
};

/** The sync state in words. Offline is normal: it is said here and nowhere else. */
export function RailSync() {
	const status = useAnswer('sync.status', {}).data;
	const now = useNow();
	if (!status) return null;
	const words = syncWords(status, now);
	const Icon = icons[words.icon];
	return (
		<Link href={places.sync} className={styles.sync}>
			<Icon size={16} stroke={1.5} className={words.tone === 'plain' ? 'muted' : words.tone} aria-hidden />
			<p role="status" aria-label="Sync">
				<strong className={words.tone === 'plain' ? styles.plain : words.tone}>{words.title}</strong>
				{words.lines.map((line) => (
					<span key={line.text} className={`${styles.line} ${line.tone}`}>
						{line.text}
					</span>
				))}
			</p>
		</Link>
	);
}
