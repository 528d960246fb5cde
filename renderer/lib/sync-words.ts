import type { SyncStatus } from '../../shared/contract/models.ts';
import type { Refusal } from '../../shared/sync/protocol.ts';
import { shortInstant } from './dates.ts';
import { count, counted } from './numbers.ts';

export type SyncIcon = 'offline' | 'unsent' | 'syncing' | 'done';

export interface SyncWords {
	title: string;
	/** Further lines, most telling first. */
	lines: SyncLine[];
	icon: SyncIcon;
	/** Green is said only when our own server acknowledged everything. */
	tone: 'plain' | 'green';
}

export interface SyncLine {
	text: string;
	tone: 'muted' | 'amber' | 'red';
}

const problems: Record<NonNullable<SyncStatus['problem']>, string> = {
	unreachable: 'The server cannot be reached.',
	not_our_server: 'Something else answered in place of our server, often a sign-in page of the network.',
	server_error: 'The server reported a fault. It is tried again.',
	bad_reply: 'The server sent half an answer. It is tried again.',
	signed_out: 'The server no longer accepts this computer.',
	upgrade: 'The server asks for a newer Fieldbook.',
	store: 'This computer could not write down what came. The disk may be full.',
};

export function problemWords(problem: SyncStatus['problem']): string | null {
	return problem ? problems[problem] : null;
}

const refusals: Record<Refusal, string> = {
	unknown_entity: 'The server does not know this kind of record yet.',
	unknown_field: 'The server does not know this field yet.',
	bad_value: 'The server does not accept the value.',
	office_owned: 'The office keeps this field.',
	no_access: 'This account is not yours to change on the server.',
	no_record: 'The record does not exist on the server.',
	id_taken: 'The server has another record under the same id.',
};

/** Why the server refused a change, in words; an unknown reason code is shown as it is. */
export function refusalWords(reason: string): string {
	return refusals[reason as Refusal] ?? `The server refused it (${reason.replaceAll('_', ' ')}).`;
}

function title(status: SyncStatus): Pick<SyncWords, 'title' | 'icon' | 'tone'> {
	switch (status.state) {
		case 'syncing':
			return {
				title: status.total > 0 ? `Syncing ${count(status.done)} of ${count(status.total)}` : 'Syncing',
				icon: 'syncing',
				tone: 'plain',
			};
		case 'acknowledged':
			return { title: 'All acknowledged', icon: 'done', tone: 'green' };
		case 'unsent':
			return { title: `${count(status.unsent)} to send`, icon: 'unsent', tone: 'plain' };
		case 'paused':
			return { title: 'Working offline', icon: 'offline', tone: 'plain' };
		case 'offline':
			return { title: 'Offline', icon: 'offline', tone: 'plain' };
		case 'never':
			return { title: 'Not yet connected', icon: 'offline', tone: 'plain' };
	}
}

/** The sync state as the rail says it. Never "synced": only what the server acknowledged, and when. */
export function syncWords(status: SyncStatus, now: Date): SyncWords {
	const { unsent, refused, conflicts, pulledAt, acknowledgedAt } = status;
	const lines: SyncLine[] = [];
	const say = (text: string, tone: SyncLine['tone'] = 'muted') => lines.push({ text, tone });
	if (status.state === 'acknowledged' && acknowledgedAt) say(`at ${shortInstant(acknowledgedAt, now)}`);
	if (unsent > 0 && status.state !== 'unsent') say(`${counted(unsent, 'change')} to send`);
	if (refused > 0) say(`${count(refused)} refused`, 'red');
	if (conflicts > 0) say(`${count(conflicts)} to decide`, 'amber');
	if (pulledAt && status.state !== 'acknowledged') say(`Office data as of ${shortInstant(pulledAt, now)}`);
	return { ...title(status), lines };
}
