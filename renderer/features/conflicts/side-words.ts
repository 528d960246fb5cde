import type { ConflictRow } from '../../../shared/contract/sync-models.ts';

export type Side = 'mine' | 'theirs';

function isMe(row: ConflictRow, side: Side, me: string | null): boolean {
	return side === 'mine' ? row.mine_is_me : me !== null && row.theirs_by === me;
}

/** Whose value a side is, as a head: "Yours", "Ben Roth’s". */
export function ownerHead(row: ConflictRow, side: Side, me: string | null): string {
	if (isMe(row, side, me)) return 'Yours';
	const name = side === 'mine' ? row.mine_name : row.theirs_name;
	return name ? `${name}’s` : side === 'mine' ? 'Sent later' : 'Sent first';
}

/** The same within a sentence: "Use yours", "Use Ben Roth’s". */
export function ownerWord(row: ConflictRow, side: Side, me: string | null): string {
	const head = ownerHead(row, side, me);
	if (head === 'Yours') return 'yours';
	return head.startsWith('Sent') ? `the one ${head.toLowerCase()}` : head;
}

/** True when the field has been written on since, so that neither of the two values is what stands in it. */
export function standsApart({ standing, mine_text, theirs_text }: ConflictRow): boolean {
	return standing !== null && ![mine_text ?? '', theirs_text ?? ''].includes(standing.text ?? '');
}
