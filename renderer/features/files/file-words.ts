import type { AttachmentRow } from '../../../shared/contract/file-models.ts';

export interface StateWords {
	words: string;
	tone: 'muted' | 'amber' | 'red';
	/** What a person can do about it now. */
	offer: 'fetch' | null;
}

/** Why a file waits. Without a network is normal, and has no word of its own. */
const reasons: Record<string, string> = {
	disk_full: 'too little room on this laptop',
	not_there: 'not at the office yet',
	refused: 'the office does not take it',
	signed_out: 'the office does not know this laptop',
	wrong_file: 'what came was not the file',
	server_error: 'the office could not do it',
	bad_reply: 'the office could not do it',
};

/** Where a file is, in words: "sending 43 %", "at the office". */
export function stateWords(row: Pick<AttachmentRow, 'state' | 'percent' | 'problem'>): StateWords {
	const percent = row.percent === null ? '' : ` ${row.percent} %`;
	const reason = row.problem ? reasons[row.problem] : undefined;
	const because = reason ? `: ${reason}` : '';
	switch (row.state) {
		case 'here':
			return { words: 'here', tone: 'muted', offer: null };
		case 'sending':
			return { words: `sending${percent}`, tone: 'muted', offer: null };
		case 'waiting':
			return {
				words: `waiting to be sent${percent && `,${percent} are there`}${because}`,
				tone: reason ? 'amber' : 'muted',
				offer: null,
			};
		case 'office':
			return { words: `at the office${percent && `,${percent} here`}`, tone: 'muted', offer: 'fetch' };
		case 'queued':
			return {
				words: `waiting to be fetched${percent && `,${percent} here`}${because}`,
				tone: reason ? 'amber' : 'muted',
				offer: 'fetch',
			};
		case 'fetching':
			return { words: `fetching${percent}`, tone: 'muted', offer: null };
		case 'damaged':
			return row.problem === 'only_copy'
				? { words: 'damaged, and not at the office: add the file again', tone: 'red', offer: null }
				: { words: 'damaged, fetch again', tone: 'red', offer: 'fetch' };
	}
}

/** True when the bytes can be shown or saved now. */
export function isReadable({ state }: Pick<AttachmentRow, 'state'>): boolean {
	return state === 'here' || state === 'waiting' || state === 'sending';
}
