/**
 * The visit being planned. It outlives its panel, so that Esc loses nothing, and is kept in memory only: words about a
 * client are written nowhere but into the encrypted store.
 */
export interface VisitDraft {
	purpose: string;
	accountId: string | null;
	type: string;
	place: string;
	/** Null until chosen: the account's own zone holds. */
	zone: string | null;
	start: string;
	end: string;
}

let kept: VisitDraft | null = null;

const timesOn = (day: string) => ({ start: `${day}T09:00`, end: `${day}T12:00` });

/** The draft left behind, or a fresh one on `day` from nine to twelve. The account given fills an empty one. */
export function openDraft(day: string, accountId: string | undefined): VisitDraft {
	const draft = kept ?? { purpose: '', accountId: null, type: 'ONSITE', place: '', zone: null, ...timesOn(day) };
	return { ...draft, accountId: draft.accountId ?? accountId ?? null };
}

export function keepDraft(draft: VisitDraft, day: string): void {
	kept = isTyped(draft, day) ? draft : null;
}

export function discardDraft(): void {
	kept = null;
}

/** True when something was typed that would be missed. */
export function isTyped(draft: VisitDraft, day: string): boolean {
	const { start, end } = timesOn(day);
	const isMoved = draft.start !== start || draft.end !== end;
	return isMoved || [draft.purpose, draft.place].some((text) => text.trim() !== '');
}
