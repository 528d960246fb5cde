import { useLocation } from 'wouter';
import { useSend } from '../../lib/core.ts';
import { errorLine } from '../../lib/error-words.ts';
import { places } from '../../lib/places.ts';
import { showToast } from '../../lib/toasts.ts';

export interface NoteParent {
	account_id: string;
	parent_type: 'account' | 'visit' | 'issue';
	parent_id: string;
}

/** Makes an empty note on a record and opens it. */
export function useNewNote(parent: NoteParent | undefined): () => void {
	const [, go] = useLocation();
	const { send } = useSend('notes.create');
	const create = async () => {
		if (!parent) return;
		const result = await send(parent);
		if (result.ok) go(places.note(result.value.id));
		else showToast(errorLine(result.error), { tone: 'red' });
	};
	return () => void create();
}
