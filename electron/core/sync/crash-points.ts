/**
 * The moments between two steps of sync at which a test may let the process die. In the product nothing
 * happens there.
 */
export const CRASH_POINTS = [
	/** C1: everything of an edit is written and not yet committed; and committed. */
	'edit:before',
	'edit:after',
	/** C2: groups have their numbers and have not left. */
	'push:built',
	/** S1: the server has answered; nothing of the answer is written. */
	'push:sent',
	/** C3: the answer is written and not yet committed; and committed. */
	'ack:before',
	'ack:after',
	/** S2: a page is here; nothing of it is written. */
	'page:fetched',
	/** C4: a page and its cursor are written and not yet committed; and committed. */
	'page:before',
	'page:after',
	/** The round has done everything; its last notes are not written. */
	'round:done',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];
