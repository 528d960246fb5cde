import { call } from '../../lib/core.ts';
import { showUndo } from '../../lib/toasts.ts';

/** True for my own note without a title and without a word. Core is asked, so that words on their way count. */
async function isEmpty(id: string): Promise<boolean> {
	const [page, info] = await Promise.all([call('notes.get', { id }), call('app.info', {})]);
	if (!page.ok || !info.ok || page.value.damaged) return false;
	const { title, body, deleted_at, author_id } = page.value.note;
	return !title && !body && !deleted_at && author_id === info.value.user?.id;
}

/** My own note, left without a title and without a word, is not kept, unless it was opened again meanwhile. */
export async function dropEmpty(id: string, isOpen: () => boolean): Promise<void> {
	if (!(await isEmpty(id))) return;
	// Words from another device may have come in while the first answer was on its way.
	if (isOpen() || !(await isEmpty(id)) || isOpen()) return;
	const result = await call('notes.delete', { id });
	if (result.ok) showUndo('Empty note removed');
}
