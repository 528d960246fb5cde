import {
	IconAlertTriangle,
	IconCircleCheck,
	IconCloudOff,
	IconCloudUp,
	IconKeyOff,
	IconPlayerPause,
	IconPlugConnectedX,
	IconProgressCheck,
	IconRefresh,
} from '@tabler/icons-react';
import type { SyncIcon, SyncWords } from '../../lib/sync-words.ts';

const icons: Record<SyncIcon, typeof IconCloudOff> = {
	offline: IconCloudOff,
	unsent: IconCloudUp,
	partly: IconProgressCheck,
	syncing: IconRefresh,
	done: IconCircleCheck,
	paused: IconPlayerPause,
	never: IconPlugConnectedX,
	'signed-out': IconKeyOff,
	stopped: IconAlertTriangle,
};

/** The state's own shape, so that colour is never needed to tell two apart. */
export function SyncStateIcon({ words }: { words: SyncWords }) {
	const Icon = icons[words.icon];
	return <Icon size={16} stroke={1.5} className={words.tone === 'plain' ? 'muted' : words.tone} aria-hidden />;
}
