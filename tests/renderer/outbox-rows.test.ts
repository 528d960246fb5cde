import { describe, expect, it } from 'vitest';
import { syncStatus } from '../../renderer/dev/fake-sync.ts';
import {
	groupOf,
	moveTarget,
	type OutboxRow,
	outboxRows,
	REFUSED,
	shownRows,
} from '../../renderer/features/outbox/outbox-rows.ts';
import { changeText, stateWords, whyNot, whyNotUrgent } from '../../renderer/features/outbox/outbox-words.ts';
import type { UnsentChange } from '../../shared/contract/sync-models.ts';

const plain: UnsentChange = {
	group: 1,
	at: '2026-11-23T09:00:00Z',
	label: 'Issue changed',
	entity: 'issue',
	row_id: 'i1',
	title: 'Late receipt',
	account_name: 'Halden',
	changes: [{ label: 'Root cause', after: 'Später Beleg' }],
	refused: null,
	count: 1,
	urgent: false,
	handedOver: false,
	waitsFor: null,
	fixable: false,
};

const list = (...parts: Partial<UnsentChange>[]) =>
	outboxRows(parts.map((part, index) => ({ ...plain, group: index + 1, row_id: `i${index + 1}`, ...part })));

const all = { show: 'all', order: 'client', text: '' } as const;
const groups = (rows: readonly OutboxRow[]) => rows.map(({ group }) => group);

describe('the list of unsent changes', () => {
	it('puts what was refused first and the rest by client, each client in the order of sending', () => {
		const rows = list(
			{ account_name: 'Orsett' },
			{ account_name: 'Halden' },
			{ account_name: 'Orsett' },
			{ account_name: 'Aster', refused: 'bad_value' },
			{ account_name: null },
		);
		const shown = shownRows(rows, all);
		expect(shown.map((row) => groupOf(row, 'client'))).toEqual([REFUSED, 'Halden', 'No client', 'Orsett', 'Orsett']);
		expect(groups(shown)).toEqual([4, 2, 5, 1, 3]);
		expect(rows.map(({ place }) => place)).toEqual([null, 1, 2, 3, 4]);
	});

	it('shows the order of sending as core gives it, whatever the numbers', () => {
		const rows = list({ group: 9, urgent: true }, { group: 2 }, { group: 5 });
		expect(groups(shownRows(rows, { ...all, order: 'sending' }))).toEqual([9, 2, 5]);
	});

	it('is found by any word of the change, its record and its client, accents aside', () => {
		const rows = list({}, { title: 'Fee', changes: [], account_name: 'Orsett' });
		expect(groups(shownRows(rows, { ...all, text: 'spater' }))).toEqual([1]);
		expect(groups(shownRows(rows, { ...all, text: 'orsett fee' }))).toEqual([2]);
		expect(shownRows(rows, { ...all, text: 'zzz' })).toEqual([]);
	});

	it('can be narrowed to what is urgent and to what was refused', () => {
		const rows = list({}, { urgent: true }, { refused: 'no_access' });
		expect(groups(shownRows(rows, { ...all, show: 'urgent' }))).toEqual([2]);
		expect(groups(shownRows(rows, { ...all, show: 'refused' }))).toEqual([3]);
	});

	it('keeps the name of a row when another order gives it another number', () => {
		expect(list({ group: 4 })[0]?.id).toBe(list({ group: 8 })[0]?.id);
	});
});

describe('moving a change', () => {
	const rows = list({}, { account_name: 'Orsett' }, {}, {});
	const shown = shownRows(rows, all);
	const at = (group: number) => shown.find((row) => row.group === group) as OutboxRow;

	it('goes before the one ahead among the rows of its client', () => {
		expect(moveTarget(shown, at(3), { down: false, order: 'client' })).toEqual({ group: 3, before: 1 });
	});

	it('goes behind the next by letting that one go first', () => {
		expect(moveTarget(shown, at(1), { down: true, order: 'client' })).toEqual({ group: 3, before: 1 });
	});

	it('stops at both ends, at what is urgent and at what may already be at the office', () => {
		expect(moveTarget(shown, at(1), { down: false, order: 'client' })).toBeNull();
		expect(moveTarget(shown, at(4), { down: true, order: 'client' })).toBeNull();
		const mixed = shownRows(list({ urgent: true }, {}), all);
		expect(moveTarget(mixed, mixed[1] as OutboxRow, { down: false, order: 'client' })).toBeNull();
		const handed = shownRows(list({ handedOver: true }, {}), all);
		expect(moveTarget(handed, handed[1] as OutboxRow, { down: false, order: 'client' })).toBeNull();
	});
});

describe('what can be done with a change', () => {
	it('says why not, and nothing when it can be done', () => {
		const online = { ...syncStatus, state: 'unsent' } as const;
		for (const action of ['urgent', 'move', 'undo', 'send'] as const) {
			expect(whyNot(action, plain, online)).toBeNull();
			const handed = whyNot(action, { ...plain, handedOver: true }, online);
			if (action === 'undo') expect(handed).toBeNull();
			else expect(handed).toMatch(/may already be at the office/);
			expect(whyNot(action, { ...plain, refused: 'bad_value' }, online)).toMatch(/refused/);
		}
		expect(whyNot('send', { ...plain, waitsFor: 'server' }, online)).toMatch(/newer server/);
		expect(whyNot('undo', { ...plain, waitsFor: 'server' }, online)).toBeNull();
		expect(whyNot('send', plain, { ...online, paused: true })).toMatch(/offline/);
		expect(whyNotUrgent({ ...online, urgent: 0 })).toMatch(/Nothing is marked urgent/);
		expect(whyNotUrgent({ ...online, urgent: 1 })).toBeNull();
	});

	it('has a word for each state', () => {
		const words = [{ refused: 'x' }, { handedOver: true }, { waitsFor: 'server' as const }, { urgent: true }].map(
			(part) => stateWords({ ...plain, ...part }),
		);
		expect(new Set(words).size).toBe(4);
		expect(stateWords(plain)).toBeNull();
	});

	it('reads as text that somebody else can act on', () => {
		const text = changeText({ ...plain, refused: 'no_access', changes: [{ label: 'Due', after: '2026-12-01' }] });
		expect(text).toContain('Issue changed: Late receipt, Halden');
		expect(text).toContain('Due: Tue 1 Dec 2026');
		expect(text).toContain('This account is not yours to change on the server.');
	});
});
