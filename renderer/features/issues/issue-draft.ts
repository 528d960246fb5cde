/**
 * The issue being typed. It outlives its panel, so that Esc loses nothing, and is kept in memory only: words about a
 * client are written nowhere but into the encrypted store.
 */
export interface IssueDraft {
	title: string;
	accountId: string | null;
	type: string;
	priority: string;
	due: string;
	summary: string;
}

const empty: IssueDraft = { title: '', accountId: null, type: 'QUERY', priority: 'NORMAL', due: '', summary: '' };

let kept: IssueDraft | null = null;

/** The draft left behind, or a fresh one. An account given by the place where C was pressed fills an empty one. */
export function openDraft(accountId: string | undefined): IssueDraft {
	const draft = kept ?? empty;
	return { ...draft, accountId: draft.accountId ?? accountId ?? null };
}

export function keepDraft(draft: IssueDraft): void {
	kept = hasWords(draft) ? draft : null;
}

export function discardDraft(accountId?: string): IssueDraft {
	kept = null;
	return openDraft(accountId);
}

/** True when something was typed that would be missed. */
export function hasWords(draft: IssueDraft): boolean {
	return [draft.title, draft.due, draft.summary].some((text) => text.trim() !== '');
}
