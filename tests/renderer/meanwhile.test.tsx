import { act, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InlineEdit } from '../../renderer/ui/InlineEdit.tsx';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { Field } from '../../shared/entities/define.ts';
import { draw } from './screen.tsx';

const cause: Field = { kind: 'long-text', label: 'Root cause' };
const due: Field = { kind: 'date', label: 'Due' };
const of = { entity: 'issue', id: 'iss-1', name: 'root_cause' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Saved {
	value: unknown;
	seen: unknown;
}

/** A field over a store that answers at once, is read again a little later, and in which a colleague writes. */
function Stored({ log, field = cause, first }: { log: Saved[]; field?: Field; first: string }) {
	const [value, setValue] = useState<unknown>(first);
	const save = async (next: unknown, seen: unknown): Promise<CallResult<unknown>> => {
		log.push({ value: next, seen });
		setTimeout(() => setValue(next), 30);
		return { ok: true, value: null };
	};
	return (
		<>
			<InlineEdit field={field} value={value} of={of} onSave={save} />
			<button type="button" onClick={() => setValue(field === due ? '2031-05-05' : 'Blank in the file')}>
				Pull
			</button>
			<output>{String(value)}</output>
		</>
	);
}

const line = { field: 'root_cause', origin: 'remote', by_name: 'Ben Roth', after: 'Blank in the file' };
const conflict = {
	...{ id: 'c-1', entity: 'issue', row_id: 'iss-1', field: 'root_cause', mine_is_me: true, field_label: 'Root cause' },
	...{ mine_value: 'Column H was skipped', theirs_value: 'Blank in the file' },
};
const box = () => screen.getByRole<HTMLInputElement>('textbox');
const type = (text: string) => fireEvent.change(box(), { target: { value: text } });
const wait = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
const stored = () => document.querySelector('output')?.textContent;
const press = async (name: string) => {
	const button = screen.getByRole('button', { name });
	// A pointer that goes down on what does not refuse it takes the focus out of the field.
	if (fireEvent.mouseDown(button)) act(() => box().blur());
	fireEvent.click(button);
	await wait(0);
};

/** Types, and a colleague's value comes in before the keys have rested. */
async function typeWhilePulled(conflicts: () => unknown[] = () => []) {
	const log: Saved[] = [];
	const decided: unknown[] = [];
	draw(<Stored log={log} first="Not known" />, {
		answers: {
			'history.list': () => [line],
			'conflicts.list': conflicts,
			'conflicts.decide': (input) => void decided.push(input),
		},
	});
	act(() => box().focus());
	type('Column H was skipped');
	await wait(200);
	fireEvent.click(screen.getByText('Pull'));
	await wait(10);
	return { log, decided };
}

describe('a field that a colleague changes while one types in it', () => {
	it('keeps the words typed and says who changed it to what', async () => {
		await typeWhilePulled();
		expect(box().value).toBe('Column H was skipped');
		expect(screen.getByText('Ben Roth changed this meanwhile')).toBeTruthy();
		expect(screen.getByText('Blank in the file', { selector: '[data-meanwhile] *' })).toBeTruthy();
	});

	it('saves them with what they were typed over, so that the two meet at the office', async () => {
		const { log } = await typeWhilePulled();
		await wait(900);
		expect(log).toEqual([{ value: 'Column H was skipped', seen: 'Not known' }]);
		expect(box().value).toBe('Column H was skipped');
		expect(screen.getByText('Both are kept until you decide.')).toBeTruthy();
		type('Column H was skipped twice');
		act(() => box().blur());
		await wait(50);
		expect(log.at(-1)).toEqual({ value: 'Column H was skipped twice', seen: 'Column H was skipped' });
	});

	it('kept before anything went out is an edit on what was seen', async () => {
		const { log } = await typeWhilePulled();
		await press('Keep mine');
		await wait(2000);
		expect(log).toEqual([{ value: 'Column H was skipped', seen: 'Blank in the file' }]);
		expect(stored()).toBe('Column H was skipped');
		expect(screen.queryByText(/changed this meanwhile/)).toBeNull();
		expect(document.activeElement).toBe(box());
	});

	it('given up before anything went out sends nothing', async () => {
		const { log } = await typeWhilePulled();
		await press('Take theirs');
		await wait(2000);
		expect(log).toEqual([]);
		expect(box().value).toBe('Blank in the file');
		expect(screen.queryByText(/changed this meanwhile/)).toBeNull();
	});

	it('saved already, the choice decides the conflict that came of it', async () => {
		const { decided } = await typeWhilePulled(() => [conflict]);
		await wait(900);
		await press('Take theirs');
		await wait(100);
		expect(decided).toEqual([{ id: 'c-1', choice: 'theirs' }]);
	});

	it('saved and typed on, keeping mine decides for the words on the screen', async () => {
		const { decided } = await typeWhilePulled(() => [conflict]);
		await wait(900);
		type('Column H was skipped twice');
		await press('Keep mine');
		await wait(100);
		expect(decided).toEqual([{ id: 'c-1', choice: 'other', value: 'Column H was skipped twice' }]);
	});

	it('saved and not answered yet, the choice waits and says so', async () => {
		const { decided } = await typeWhilePulled();
		await wait(900);
		await press('Keep mine');
		expect(screen.getByText(/will stand as soon as the office has answered/)).toBeTruthy();
		expect(decided).toEqual([]);
	});

	it('put back by Esc shows theirs and sends nothing', async () => {
		const { log } = await typeWhilePulled();
		fireEvent.keyDown(box(), { key: 'Escape' });
		await wait(2000);
		expect(log).toEqual([]);
		expect(box().value).toBe('Blank in the file');
	});
});

it('a day typed over another one that came meanwhile is sent with the one that was seen', async () => {
	const log: Saved[] = [];
	draw(<Stored log={log} field={due} first="2031-02-01" />);
	type('3 feb 2031');
	fireEvent.click(screen.getByText('Pull'));
	await act(async () => fireEvent.blur(box()));
	expect(log).toEqual([{ value: '2031-02-03', seen: '2031-02-01' }]);
	expect(screen.getByText(/changed this meanwhile/)).toBeTruthy();
});
