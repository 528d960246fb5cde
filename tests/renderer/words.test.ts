import { describe, expect, it } from 'vitest';
import { errorDetails, errorLine, errorWords } from '../../renderer/lib/error-words.ts';
import { count, counted, decimal, fileSize } from '../../renderer/lib/numbers.ts';
import { syncWords } from '../../renderer/lib/sync-words.ts';
import type { SyncStatus } from '../../shared/contract/sync-models.ts';

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
		for (const state of ['offline', 'unsent', 'syncing', 'never', 'paused'] as const) {
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

describe('errors in words', () => {
	it('an unknown code reads like an internal failure', () => {
		expect(errorWords('something_new')).toBe(errorWords('internal'));
	});

	it('promise nothing that the app cannot do: there are no backups', () => {
		for (const code of ['wrong_key', 'store_damaged']) expect(errorWords(code).next).not.toMatch(/backup|restore/i);
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
