/** What the screens of earlier states are answered: versions of a text, values of a field, what was deleted. Instants are UTC ISO strings. */

/** One stretch of writing in a text: by one person on one laptop, without a pause of five minutes. */
export interface NoteVersion {
	/** Names the text as it was at the end of the stretch, on this laptop only. */
	version: number;
	/** When the stretch began and ended, by the clock of the laptop it was written on; null when that cannot be told. */
	from: string | null;
	at: string | null;
	by: string | null;
	by_name: string | null;
	/** Written on this laptop. */
	here: boolean;
	/** Words of the whole text then, and how many more (or fewer) than in the version before. */
	words: number;
	change: number;
	/** The text was put back to how it was then; null for ordinary writing. */
	restored: string | null;
	/** Words written into a part that somebody else had deleted meanwhile: they never stood in the text here. */
	aside: string | null;
}

export interface NoteVersions {
	/** The newest first: the order in which the words came to this laptop. */
	versions: NoteVersion[];
	total: number;
	/** Pieces of the text that cannot be read and were set aside, with whose they are. */
	unreadable: { at: string | null; by_name: string | null }[];
	/** True when there are any: the text cannot be written on, and no version can be put back into it. */
	damaged: boolean;
}

export type Mark = 'bold' | 'italic' | 'strike' | 'underline' | 'code' | 'link';

/** A run of words of one look. */
export interface NoteRun {
	text: string;
	marks: Mark[];
}

/** One block of a text as it is read: a paragraph, a heading, an item of a list. */
export interface NoteBlock {
	kind: 'paragraph' | 'heading' | 'bullet' | 'number' | 'code' | 'rule';
	/** Of a heading: 1 to 6. Otherwise 0. */
	level: number;
	/** How deep in lists it stands: 0 for a paragraph, 1 for an item of an outer list. */
	depth: number;
	/** The number of an item of a numbered list. */
	number: number | null;
	quote: boolean;
	runs: NoteRun[];
}

export interface NoteVersionText {
	version: NoteVersion;
	/** The plain words, one line per block. */
	text: string;
	blocks: NoteBlock[];
}

export interface ComparedRun extends NoteRun {
	kind: 'same' | 'added' | 'removed';
}

/** A block of two versions: `look` stands for the same words as a heading, a list item or in bold. */
export interface ComparedBlock extends Omit<NoteBlock, 'runs'> {
	change: 'same' | 'added' | 'removed' | 'words' | 'look';
	runs: ComparedRun[];
}

export interface NoteComparison {
	blocks: ComparedBlock[];
	/** Words that came and words that went. */
	added: number;
	removed: number;
}

/** "6 attendees", "9 checklist items". */
export interface Counted {
	label: string;
	count: number;
}

/** What the deletion of a record takes along, which comes back with it, and what that belongs to it stays where it is. */
export interface DeletionReach {
	along: Counted[];
	stays: Counted[];
}

/** A deleted record that can be brought back. */
export interface TrashRow {
	entity: string;
	id: string;
	entity_label: string;
	title: string;
	/** The first words of its text, when it has one. */
	excerpt: string;
	account_id: string | null;
	account_name: string | null;
	/** What it belonged to; `deleted` when that has gone as well. */
	parent: { entity: string; id: string; title: string; deleted: boolean } | null;
	deleted_at: string;
	deleted_by: string | null;
	deleted_by_name: string | null;
	/** Until when it can be brought back. */
	stays_until: string;
	/** What went with it and comes back with it. */
	along: Counted[];
}

export interface TrashPage {
	rows: TrashRow[];
	total: number;
}

/** What a page of a deleted record says. */
export interface Deletion extends DeletionReach {
	at: string;
	by_name: string | null;
	mine: boolean;
	/** Until when it can be brought back; null once that day has passed. */
	stays_until: string | null;
	parent: TrashRow['parent'];
	/** False for who only reads such records of the account. */
	mayRestore: boolean;
}
