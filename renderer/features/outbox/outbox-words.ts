import type { SyncStatus, UnsentChange } from '../../../shared/contract/sync-models.ts';
import { quoted } from '../../../shared/domain/quoted.ts';
import { exactInstant, shortInstant, storedInWords } from '../../lib/dates.ts';
import { count, counted } from '../../lib/numbers.ts';
import { refusalWords } from '../../lib/sync-words.ts';

/** What holds a change, or sets it apart; null for one that simply waits. */
export function stateWords(change: UnsentChange): string | null {
	if (change.refused !== null) return 'Refused';
	if (change.handedOver) return 'May already be at the office';
	if (change.waitsFor === 'server') return 'Waits for the newer server';
	return change.urgent ? 'Urgent' : null;
}

/** "Root cause: mapping skipped column H; Priority: Urgent". */
export function changeLine(change: UnsentChange): string {
	return change.changes.map(partWords).join('; ');
}

export function partWords(part: UnsentChange['changes'][number]): string {
	return `${part.label}: ${part.after === null ? 'emptied' : storedInWords(part.after)}`;
}

export type OutboxAction = 'urgent' | 'move' | 'undo' | 'send';

const atOffice: Record<Exclude<OutboxAction, 'undo'>, string> = {
	urgent: 'It may already be at the office.',
	move: 'It may already be at the office, so its place is taken.',
	send: 'It may already be at the office; the answer comes with the next contact.',
};

/** Why an action is not possible on this change now; null when it is. */
export function whyNot(action: OutboxAction, change: UnsentChange, status: SyncStatus | undefined): string | null {
	if (change.refused !== null) return 'The server refused it. Mend it, or set it aside.';
	// What may be there already is taken back by a change of its own.
	if (action === 'undo') return null;
	if (change.handedOver) return atOffice[action];
	if (action !== 'send') return null;
	return change.waitsFor === 'server' ? 'It waits for the newer server.' : whyNotSend(status);
}

/** What becomes of the others when one change is sent alone; null when there are none. */
export function aloneWords(status: SyncStatus | undefined): string | null {
	const others = (status?.unsent ?? 0) - 1;
	if (!status || others < 1) return null;
	const rest = others === 1 ? 'the other one' : `the other ${count(others)}`;
	return status.metered
		? `Sent alone: ${rest} ${others === 1 ? 'stays' : 'stay'} here until you send ${others === 1 ? 'it' : 'them'}, or the link is no longer metered.`
		: `Sent alone: ${rest} ${others === 1 ? 'waits' : 'wait'} a minute, then ${others === 1 ? 'goes' : 'go'} without being asked.`;
}

/** What has become of a change that was sent alone: only the server's own answer counts as sent. */
export function sentAloneWords(status: SyncStatus, title: string, now: Date): string {
	if (status.state === 'offline') return `${quoted(title)} waits: the office did not answer.`;
	const { unsent, metered, nextAttemptAt } = status;
	if (unsent === 0) return `${quoted(title)} was handed to the office.`;
	const rest = unsent === 1 ? 'The other one' : `The other ${count(unsent)}`;
	const alone = `${quoted(title)} was handed to the office alone.`;
	if (metered || !nextAttemptAt)
		return `${alone} ${rest} ${unsent === 1 ? 'stays' : 'stay'} here until you send ${unsent === 1 ? 'it' : 'them'}.`;
	return `${alone} ${rest} ${unsent === 1 ? 'goes' : 'go'} at ${shortInstant(nextAttemptAt, now)}, or when you press “Send all”.`;
}

/** Why nothing can be sent now; null when it can be tried. */
export function whyNotSend(status: SyncStatus | undefined): string | null {
	if (!status) return 'The sync state is on its way.';
	if (status.paused) return 'You work offline. Go back online first.';
	if (status.problem === 'signed_out') return 'Sign in first; everything is saved here.';
	return status.state === 'syncing' ? 'Sending is under way.' : null;
}

export function whyNotUrgent(status: SyncStatus | undefined): string | null {
	return whyNotSend(status) ?? (status?.urgent === 0 ? 'Nothing is marked urgent.' : null);
}

/** The change as text, for a message to whoever can help. */
export function changeText(change: UnsentChange): string {
	const about = [change.title, change.account_name].filter(Boolean).join(', ');
	const lines = [
		`${change.label}: ${about}`,
		`Written ${exactInstant(change.at)}${change.count > 1 ? `, ${counted(change.count, 'record')}` : ''}`,
		...change.changes.map(partWords),
	];
	if (change.refused !== null) lines.push('', `The server did not take it: ${refusalWords(change.refused)}`);
	return lines.join('\n');
}
