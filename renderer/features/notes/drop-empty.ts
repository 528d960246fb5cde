import { call } from '../../lib/core.ts';
import { showUndo } from '../../lib/toasts.ts';

/** My own note, left without a title and without a word, is not kept. Core is asked, so that words on their way count. */
export async function dropEmpty(id: string): Promise<void> {
	const [page, info] = await Promise.all([call('notes.get', { id }), call('app.info', {})]);
	if (!page.ok || !info.ok || page.value.damaged) return;
	const { title, body, deleted_at, author_id } = page.value.note;
	if (title || body || deleted_at || author_id !== info.value.user?.id) return;
	const result = await call('notes.delete', { id });
	if (result.ok) showUndo('Empty note removed');
}
