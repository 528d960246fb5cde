import { describe, expect, it } from 'vitest';
import { errorDetails, errorLine, errorWords } from '../../renderer/lib/error-words.ts';
import { count, counted, decimal, fileSize } from '../../renderer/lib/numbers.ts';
import { refusalWords, stateSentence, syncWords } from '../../renderer/lib/sync-words.ts';
import type { SyncStatus } from '../../shared/contract/sync-models.ts';
import { REFUSALS } from '../../shared/sync/protocol.ts';

const now = new Date('2026-11-23T16:10:00Z');

const status: SyncStatus = {
	state: 'acknowledged',
	unsent: 0,
	urgent: 0,
	done: 0,
	total: 0,
	acknowledgedAt: '2026-11-23T16:04:00Z',
	pulledAt: '2026-11-23T16:04:00Z',
	problem: null,
	conflicts: 0,
	refused: 0,
	homeless: 0,
	handovers: 0,
	awaitingServer: 0,
	files: { up: 0, down: 0, bytesLeft: 0 },
	paused: false,
	metered: false,
	meteredChoice: 'auto',
	brake: null,
	nextAttemptAt: null,
};

const say = (patch: Partial<SyncStatus>) => {
	const words = syncWords({ ...status, ...patch }, now);
	return [words.title, ...words.lines.map((line) => line.text)].join('; ');
};

describe('the sync state in words', () => {
	it('says green only what the server acknowledged', () => {
		expect(syncWords(status, now).tone).toBe('green');
		for (const state of ['offline', 'unsent', 'syncing', 'partly', 'never', 'paused'] as const) {
			expect(syncWords({ ...status, state }, now).tone).toBe('plain');
		}
	});

	it('never says synced', () => {
		for (const state of ['offline', 'unsent', 'syncing', 'acknowledged', 'never', 'paused'] as const) {
			expect(say({ state, unsent: 3, conflicts: 1, refused: 2 })).not.toMatch(/synced/i);
		}
	});

	it('counts what is to send, decide and refused', () => {
		expect(say({ state: 'unsent', unsent: 1200 })).toMatch(/^1,200 to send/);
		expect(say({ state: 'syncing', done: 12, total: 61, pulledAt: null })).toBe('Syncing 12 of 61');
		expect(say({ state: 'offline', unsent: 1, conflicts: 2, refused: 1, pulledAt: null })).toBe(
			'Offline; 1 change to send; 1 refused; 2 to decide',
		);
		expect(say({})).toMatch(/^All acknowledged; at \d\d:\d\d$/);
	});
});

describe('what is on this computer alone', () => {
	it('is named in place of the green word', () => {
		const file = { up: 1, down: 0, bytesLeft: 10 };
		const says = (patch: Partial<SyncStatus>) => syncWords({ ...status, state: 'partly', ...patch }, now).title;
		expect(says({ files: file })).toBe('Changes acknowledged; 1 file still to be sent');
		expect(says({ refused: 1 })).toBe('1 change was refused');
		expect(says({ refused: 2, files: file })).toBe('2 changes were refused; 1 file still to be sent');
		expect(say({ state: 'partly', refused: 1 })).not.toMatch(/acknowledged|; 1 refused/);
	});
});

describe('what else the state says', () => {
	const brake = {
		...{ records: 412, deleted: 412, held: 3100, leaving: 0, heldAccounts: 8, moreAccounts: 0 },
		accounts: [{ name: 'Halden', records: 412, leaves: false }],
		...{ at: '2026-11-23T16:00:00Z', kept: false },
	};

	it('an expired session is one calm line, and everything is saved', () => {
		const words = say({ state: 'offline', problem: 'signed_out', unsent: 12, pulledAt: null });
		expect(words).toBe('Signed out; Sign in when you are online; everything is saved here; 12 changes to send');
	});

	it('a metered link, what waits for the server and the brake each have their line', () => {
		expect(say({ state: 'unsent', unsent: 2, urgent: 1, metered: true, pulledAt: null })).toBe(
			'2 to send; 1 urgent; Metered link: only urgent changes are sent',
		);
		expect(say({ awaitingServer: 1 })).toContain('1 waits for the newer server');
		expect(say({ brake })).toContain('The office wants to remove 412 of 3,100 records. Nothing has been removed.');
		expect(say({ brake: { ...brake, deleted: 0, leaving: 5 } })).toContain(
			'5 of your 8 accounts have gone to colleagues, with 412 records. Nothing has been removed.',
		);
		expect(say({ brake: { ...brake, deleted: 400, leaving: 1 } })).toContain(
			'remove 400 of 3,100 records. 1 of your 8 accounts has gone to colleagues, with 12 records.',
		);
	});

	it('counts as to decide whatever needs a person', () => {
		expect(say({ conflicts: 1, homeless: 2, handovers: 3, brake })).toContain('7 to decide');
	});

	it('the sentence of the sync page names the last answer of our own server', () => {
		expect(stateSentence({ ...status, unsent: 12 }, now)).toMatch(
			/^All saved on this computer\. 12 changes waiting\. Last answer from the office \d\d:\d\d\.$/,
		);
		expect(stateSentence({ ...status, acknowledgedAt: null, pulledAt: null }, now)).toMatch(/has not answered/);
	});

	it('every reason of the server has words', () => {
		for (const reason of REFUSALS) expect(refusalWords(reason)).not.toContain('(');
		expect(refusalWords('something_new')).toContain('something new');
	});
});

describe('errors in words', () => {
	it('an unknown code reads like an internal failure', () => {
		expect(errorWords('something_new')).toBe(errorWords('internal'));
	});

	it('name the way back where there is one', () => {
		expect(errorWords('store_damaged').next).toMatch(/backup/);
		expect(errorWords('backup_damaged').next).toMatch(/another backup/);
		expect(errorWords('wrong_key').next).not.toMatch(/backup/i);
	});

	it('names the field and what is wrong with it', () => {
		const error = {
			code: 'bad_input',
			message: 'x',
			details: { problems: [{ field: 'title', message: 'is empty' }] },
		} as const;
		expect(errorLine({ ...error, details: { problems: [...error.details.problems] } }, 'Title')).toBe(
			'Title is empty.',
		);
		expect(errorDetails({ code: 'disk_full', message: 'ENOSPC' })).toContain('disk_full');
	});
});

describe('numbers', () => {
	it('are grouped, counted and exact', () => {
		expect(count(25641)).toBe('25,641');
		expect(counted(1, 'case')).toBe('1 case');
		expect(counted(1240, 'case')).toBe('1,240 cases');
		expect(decimal('1190')).toBe('1,190.00');
		expect(decimal('-1234567.5')).toBe('-1,234,567.50');
		expect(decimal('0.1234')).toBe('0.1234');
		expect(decimal('999999999999.9999')).toBe('999,999,999,999.9999');
		expect(fileSize(84_000_000)).toBe('84 MB');
		expect(fileSize(1)).toBe('1 byte');
	});
});
