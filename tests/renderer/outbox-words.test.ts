import { describe, expect, it } from 'vitest';
import { syncStatus } from '../../renderer/dev/fake-sync.ts';
import { aloneWords, sentAloneWords } from '../../renderer/features/outbox/outbox-words.ts';

const now = new Date(2026, 10, 24, 14, 0);
const nextAttemptAt = new Date(2026, 10, 24, 14, 1).toISOString();
const status = { ...syncStatus, state: 'unsent', unsent: 13, metered: false, nextAttemptAt } as const;

describe('sending one change alone', () => {
	it('says before what becomes of the others', () => {
		expect(aloneWords(status)).toBe('Sent alone: the other 12 wait a minute, then go without being asked.');
		expect(aloneWords({ ...status, unsent: 2 })).toMatch(/the other one waits a minute, then goes/);
		expect(aloneWords({ ...status, metered: true })).toMatch(/the other 12 stay here until you send them/);
		expect(aloneWords({ ...status, unsent: 1 })).toBeNull();
	});

	it('says afterwards where they are and when they go', () => {
		const said = (patch: object) => sentAloneWords({ ...status, unsent: 12, ...patch }, 'Late', now);
		expect(said({})).toBe(
			'“Late” was handed to the office alone. The other 12 go at 14:01, or when you press “Send all”.',
		);
		expect(said({ metered: true })).toMatch(/alone\. The other 12 stay here until you send them\.$/);
		expect(said({ unsent: 0 })).toBe('“Late” was handed to the office.');
		expect(said({ state: 'offline' })).toBe('“Late” waits: the office did not answer.');
	});
});
