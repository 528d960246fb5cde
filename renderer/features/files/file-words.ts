import type { AttachmentRow, WaitingFile } from '../../../shared/contract/file-models.ts';
import { shortInstant } from '../../lib/dates.ts';

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

/** Why a file waits where that is the very question: also what is normal without a network. */
const waits: Record<string, string> = {
	...reasons,
	unreachable: 'the office cannot be reached',
	not_our_server: 'something else answered in place of the office',
	refused: 'the office does not take it: it may be too large, or the client has gone to a colleague',
	not_there: 'the colleague who added it has not sent it yet',
	damaged: 'what is here is damaged: add the file again',
};

/** A file on its way, in full: "sending, 43 %", "waits: the office cannot be reached · tried again at 14:05". */
export function waitingWords(
	file: Pick<WaitingFile, 'state' | 'percent' | 'problem' | 'unsent' | 'direction' | 'nextAt' | 'kept'>,
	now: Date,
): { words: string; tone: 'muted' | 'amber' } {
	const percent = file.percent === null ? null : `${file.percent} % ${file.direction === 'up' ? 'there' : 'here'}`;
	const kept = file.direction === 'down' && file.kept ? 'kept on this laptop' : null;
	const join = (...parts: (string | null)[]) => parts.filter(Boolean).join(' · ');
	if (file.state === 'sending' || file.state === 'fetching')
		return { words: join(file.state, percent, kept), tone: 'muted' };
	const why = file.problem ? (waits[file.problem] ?? 'it did not get through') : null;
	const first = file.direction === 'up' && file.unsent ? 'goes after the words it belongs to' : null;
	const again =
		file.nextAt && file.nextAt > now.toISOString() ? `tried again at ${shortInstant(file.nextAt, now)}` : null;
	const state = why ? `waits: ${why}` : (first ?? 'goes next');
	return { words: join(state, percent, again, kept), tone: why && file.problem !== 'unreachable' ? 'amber' : 'muted' };
}

/** True when the bytes can be shown or saved now. */
export function isReadable({ state }: Pick<AttachmentRow, 'state'>): boolean {
	return state === 'here' || state === 'waiting' || state === 'sending';
}
