import type { Brake, SyncStatus } from '../../shared/contract/sync-models.ts';
import type { Refusal } from '../../shared/sync/protocol.ts';
import { shortInstant } from './dates.ts';
import { count, counted } from './numbers.ts';

/** One shape per state, so that no two are told apart by colour alone. */
export type SyncIcon =
	| 'offline'
	| 'unsent'
	| 'partly'
	| 'syncing'
	| 'done'
	| 'paused'
	| 'never'
	| 'signed-out'
	| 'stopped';

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
	signed_out: 'Sign in when you are online; everything is saved here.',
	upgrade: 'The server asks for a newer Fieldbook. Update it when you are online; your changes are kept and sent then.',
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
	read_only: 'You may read this record and not change it.',
};

/** Why the server refused a change, in words; an unknown reason code is shown as it is. */
export function refusalWords(reason: string): string {
	return refusals[reason as Refusal] ?? `The server refused it (${reason.replaceAll('_', ' ')}).`;
}

/** Everything that waits for a person's word: two versions of a field, records without a home, hand-overs, the brake. */
export function countToDecide(status: SyncStatus): number {
	return status.conflicts + status.homeless + status.handovers + (status.brake && !status.brake.kept ? 1 : 0);
}

/** "The office wants to remove 412 of 3,100 records.", or "3 of your 5 accounts have gone to colleagues, with 1,204 records." */
export function brakeWords({ deleted, records, held, leaving, heldAccounts }: Brake): string {
	const left = `${count(leaving)} of your ${counted(heldAccounts, 'account')} ${leaving === 1 ? 'has' : 'have'} gone to colleagues, with ${counted(records - deleted, 'record')}.`;
	if (deleted === 0) return left;
	const gone = `The office wants to remove ${count(deleted)} of ${counted(held, 'record')}.`;
	return leaving === 0 ? gone : `${gone} ${left}`;
}

type Title = Pick<SyncWords, 'title' | 'icon' | 'tone'>;

const plain = (title: string, icon: SyncIcon): Title => ({ title, icon, tone: 'plain' });

/** "Changes acknowledged; 1 file still to be sent": what the server does not have although it answered for every change. */
function remainingWords({ files, refused }: SyncStatus): string {
	const parts = [
		refused > 0 ? `${counted(refused, 'change')} ${refused === 1 ? 'was' : 'were'} refused` : null,
		files.up > 0 ? `${counted(files.up, 'file')} still to be sent` : null,
	].filter((part) => part !== null);
	return refused > 0 ? parts.join('; ') : ['Changes acknowledged', ...parts].join('; ');
}

function titleOf(status: SyncStatus): Title {
	if (status.state === 'paused') return plain('Working offline', 'paused');
	if (status.problem === 'signed_out') return plain('Signed out', 'signed-out');
	if (status.problem === 'upgrade') return plain('Update needed', 'stopped');
	if (status.problem === 'store') return plain('Receiving has stopped', 'stopped');
	switch (status.state) {
		case 'syncing':
			return plain(status.total > 0 ? `Syncing ${count(status.done)} of ${count(status.total)}` : 'Syncing', 'syncing');
		case 'acknowledged':
			return { title: 'All acknowledged', icon: 'done', tone: 'green' };
		case 'partly':
			return plain(remainingWords(status), 'partly');
		case 'unsent':
			return plain(`${count(status.unsent)} to send`, 'unsent');
		case 'offline':
			return plain('Offline', 'offline');
		case 'never':
			return plain('Not yet connected', 'never');
	}
}

/** What a problem means for the person, on one calm line. Being unreachable is normal and needs none. */
function problemLine({ problem, state }: SyncStatus): SyncLine | null {
	if (state === 'paused') return null;
	if (problem === 'signed_out') return { text: 'Sign in when you are online; everything is saved here', tone: 'muted' };
	if (problem === 'upgrade') return { text: 'Your changes are kept and sent after it', tone: 'muted' };
	if (problem === 'store') return { text: 'The disk may be full', tone: 'red' };
	return null;
}

/** The sync state as the rail says it. Never "synced": only what the server acknowledged, and when. */
export function syncWords(status: SyncStatus, now: Date): SyncWords {
	const { unsent, urgent, refused, pulledAt, acknowledgedAt, awaitingServer, brake } = status;
	const title = titleOf(status);
	const problem = problemLine(status);
	const lines: SyncLine[] = problem ? [problem] : [];
	const say = (text: string, tone: SyncLine['tone'] = 'muted') => lines.push({ text, tone });
	if (title.icon === 'done' && acknowledgedAt) say(`at ${shortInstant(acknowledgedAt, now)}`);
	if (unsent > 0 && title.icon !== 'unsent') say(`${counted(unsent, 'change')} to send`);
	if (urgent > 0) say(`${count(urgent)} urgent`);
	if (brake?.kept) say(`${counted(brake.records, 'record')} held on to; nothing is fetched meanwhile`, 'amber');
	else if (brake) say(`${brakeWords(brake)} Nothing has been removed.`, 'amber');
	if (refused > 0 && status.state !== 'partly') say(`${count(refused)} refused`, 'red');
	if (countToDecide(status) > 0) say(`${count(countToDecide(status))} to decide`, 'amber');
	if (awaitingServer > 0)
		say(`${count(awaitingServer)} ${awaitingServer === 1 ? 'waits' : 'wait'} for the newer server`);
	if (status.metered) say('Metered link: only urgent changes are sent');
	if (pulledAt && title.icon !== 'done') say(`Office data as of ${shortInstant(pulledAt, now)}`);
	return { ...title, lines };
}

/** When our own server last answered this computer, UTC. */
function lastAnswer({ acknowledgedAt, pulledAt }: SyncStatus): string | null {
	if (!acknowledgedAt || !pulledAt) return acknowledgedAt ?? pulledAt;
	return acknowledgedAt > pulledAt ? acknowledgedAt : pulledAt;
}

/** The state as the sync page says it: "All saved on this computer. 12 changes waiting. Last answer from the office 09:41." */
export function stateSentence(status: SyncStatus, now: Date): string {
	const waiting = status.unsent > 0 ? `${counted(status.unsent, 'change')} waiting.` : 'Nothing waiting.';
	const answer = lastAnswer(status);
	const heard = answer
		? `Last answer from the office ${shortInstant(answer, now)}.`
		: 'The office has not answered this computer yet.';
	return ['All saved on this computer.', waiting, heard].join(' ');
}
