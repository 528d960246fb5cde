import { useAnswer } from '../../lib/core.ts';
import { useSettings } from '../../lib/settings.tsx';

/** Where the person is at home: as set, as the office knows, or this computer's own zone. */
export function useHomeZone(): string {
	const { settings } = useSettings();
	const user = useAnswer('app.info', {}).data?.user;
	return settings.homeTimeZone ?? user?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
