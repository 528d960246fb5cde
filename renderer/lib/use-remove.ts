import { useSend } from './core.ts';
import { report } from './report.ts';
import { showUndo } from './toasts.ts';

/** Deletes the record a page shows, offers the way back, and leaves the page. `said` is the toast. */
export function useRemove(method: 'issues.delete' | 'visits.delete' | 'notes.delete', id: string, said: string) {
	const { send } = useSend(method);
	const remove = async () => {
		if (!report(await send({ id }))) return;
		showUndo(said);
		window.history.back();
	};
	return () => void remove();
}
