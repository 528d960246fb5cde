import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Conflicts } from '../../renderer/features/conflicts/Conflicts.tsx';
import { listenForKeys } from '../../renderer/lib/keys.ts';
import { runCommand } from '../../renderer/lib/use-command.ts';
import type { ConflictRow } from '../../shared/contract/sync-models.ts';
import { draw } from './screen.tsx';

const text: ConflictRow = {
	id: 'c-1',
	created_at: '2026-11-24T10:00:00.000Z',
	created_by: null,
	updated_at: '2026-11-24T10:00:00.000Z',
	deleted_at: null,
	account_id: 'acc-2',
	entity: 'issue',
	row_id: 'iss-1',
	field: 'root_cause',
	base_value: 'Not known.',
	mine_value: 'Column H was skipped.',
	mine_by: 'usr-2',
	mine_at: '2026-11-24T12:19:00.000Z',
	theirs_value: 'Blank in the file.',
	theirs_by: 'usr-1',
	theirs_at: '2026-11-24T10:40:00.000Z',
	decided_at: null,
	decided_by: null,
	choice: null,
	entity_label: 'Issue',
	field_label: 'Root cause',
	record_title: 'Cost centre missing',
	record_ref: 'I-504',
	account_name: 'Halden Pharma AG',
	base_text: 'Not known.',
	mine_text: 'Column H was skipped.',
	theirs_text: 'Blank in the file.',
	mine_name: 'Jonas Keller',
	theirs_name: 'Mara Lindt',
	mine_is_me: false,
	standing: {
		...{ value: 'Blank in the file.', text: 'Blank in the file.', name: 'Mara Lindt', is_me: true },
		at: '2026-11-24T10:40:00.000Z',
	},
};
const due: ConflictRow = {
	...text,
	...{ id: 'c-2', field: 'due_date', field_label: 'Due', mine_is_me: true, mine_by: 'usr-1', theirs_by: 'usr-2' },
	...{ mine_name: 'Mara Lindt', theirs_name: 'Jonas Keller' },
	...{ base_value: '2026-12-04', mine_value: '2026-12-01', theirs_value: '2026-12-18' },
	...{ base_text: '2026-12-04', mine_text: '2026-12-01', theirs_text: '2026-12-18' },
	standing: { value: '2026-12-18', text: '2026-12-18', name: 'Jonas Keller', is_me: false, at: null },
};

let stop: () => void = () => undefined;
afterEach(() => stop());

/** Draws the queue over a store that takes a decided conflict off it. The person is Mara Lindt, usr-1. */
async function open(rows: ConflictRow[]) {
	const sent: Record<string, unknown>[] = [];
	draw(<Conflicts />, {
		answers: {
			'conflicts.list': () => rows,
			'conflicts.decide': (input) => void sent.push(input),
		},
	});
	stop = listenForKeys(runCommand, false);
	await screen.findAllByRole('article');
	await screen.findAllByRole('button', { name: /^Use yours/ });
	return sent;
}

const press = (key: string, options: Partial<KeyboardEventInit> = {}) =>
	act(async () => void fireEvent.keyDown(document.activeElement ?? document.body, { key, ...options }));
const decide = () => press('Enter', { ctrlKey: true });

describe('the queue of conflicts', () => {
	it('puts the person’s own value first, also when it was the first to be sent, with the number of the record', async () => {
		const sent = await open([text]);
		expect(screen.getByRole('article', { name: 'I-504 Cost centre missing, Root cause' })).toBeTruthy();
		expect(screen.getAllByRole('heading', { level: 4 }).map((head) => head.textContent?.split(' ')[0])).toEqual([
			'Before',
			'Yours',
			'Jonas',
		]);
		await decide();
		expect(sent).toEqual([{ id: 'c-1', choice: 'theirs' }]);
	});

	it('is decided by keys: 1 mine, 2 the other, 3 into the text, B both', async () => {
		const sent = await open([text]);
		await press('2');
		await decide();
		await press('1');
		await decide();
		await press('b');
		const box = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Result' });
		expect(box.value).toBe('Column H was skipped.\n\nBlank in the file.');
		await press('3');
		expect(document.activeElement).toBe(box);
		fireEvent.change(box, { target: { value: 'Blank in the file; column H was skipped too.' } });
		await decide();
		expect(sent).toEqual([
			{ id: 'c-1', choice: 'mine' },
			{ id: 'c-1', choice: 'theirs' },
			{ id: 'c-1', choice: 'other', value: 'Blank in the file; column H was skipped too.' },
		]);
	});

	it('shows days in words and offers no joining of them', async () => {
		const sent = await open([due]);
		expect(screen.getByText('Fri 18 Dec 2026')).toBeTruthy();
		expect(screen.queryByRole('button', { name: /Keep both/ })).toBeNull();
		await press('2');
		await decide();
		expect(sent).toEqual([{ id: 'c-2', choice: 'theirs' }]);
	});

	it('says which of the two stands now', async () => {
		await open([text]);
		const part = screen.getByText('stands now').closest('section');
		expect(part?.textContent).toContain('Blank in the file.');
		expect(screen.queryByRole('button', { name: 'Leave what stands' })).toBeNull();
	});

	it('shows what stands when it is neither, whose it is, and lets it stand', async () => {
		const both = 'Blank in the file; column H was skipped.';
		const standing = { value: both, text: both, name: 'Ines Vogt', is_me: false, at: '2026-11-24T13:00:00.000Z' };
		const sent = await open([{ ...text, standing }]);
		const part = screen.getByRole('heading', { name: /^Stands now written by Ines Vogt, .*2026/ }).closest('section');
		expect(part?.textContent).toContain(both);
		expect(screen.queryByText('stands now')).toBeNull();
		fireEvent.click(screen.getByRole('button', { name: 'Leave what stands' }));
		await decide();
		expect(sent).toEqual([{ id: 'c-1', choice: 'other', value: both }]);
	});

	it('is walked through with J and K, and the keys belong to the one that is marked', async () => {
		const sent = await open([text, due]);
		const marked = () => screen.getAllByRole('article').map((card) => card.getAttribute('aria-current'));
		expect(marked()).toEqual(['true', null]);
		await press('j');
		expect(marked()).toEqual([null, 'true']);
		expect(document.activeElement?.id).toBe('conflict-c-2');
		await decide();
		await press('k');
		expect(sent).toEqual([{ id: 'c-2', choice: 'mine' }]);
	});

	it('leads to the next one after a decision', async () => {
		await open([text, due]);
		await decide();
		await waitFor(() => expect(document.activeElement?.id).toBe('conflict-c-2'));
	});

	it('says where the value not chosen is to be found', async () => {
		await open([text]);
		expect(screen.getByRole('link', { name: 'history of I-504' }).getAttribute('href')).toContain('/issues/iss-1');
	});

	it('keeps what was typed when it cannot be saved', async () => {
		const fail = () => {
			throw new Error('The disk did not answer.');
		};
		draw(<Conflicts />, { answers: { 'conflicts.list': () => [text], 'conflicts.decide': fail } });
		const box = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Result' });
		fireEvent.change(box, { target: { value: 'Words that must stay' } });
		await act(async () => fireEvent.click(screen.getByRole('button', { name: /^Decide/ })));
		expect(screen.getByRole('alert')).toBeTruthy();
		expect(box.value).toBe('Words that must stay');
	});
});
