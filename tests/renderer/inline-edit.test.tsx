import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeptWords } from '../../renderer/app/KeptWords.tsx';
import { hasUnsaved } from '../../renderer/lib/unsaved.ts';
import { InlineEdit } from '../../renderer/ui/InlineEdit.tsx';
import type { CallResult } from '../../shared/contract/errors.ts';
import type { Field } from '../../shared/entities/define.ts';
import { draw } from './screen.tsx';

// Words that could not be saved outlive their field; those of one test are none of the next one's.
afterEach(() => {
	cleanup();
	draw(<KeptWords />);
	for (const button of screen.queryAllByRole('button', { name: 'Let them go' })) fireEvent.click(button);
});

const title: Field = { kind: 'text', label: 'Title', required: true };
const due: Field = { kind: 'date', label: 'Due' };

function deferred() {
	let answer: (result: CallResult<unknown>) => void = () => undefined;
	const promise = new Promise<CallResult<unknown>>((resolve) => {
		answer = resolve;
	});
	return { promise, answer };
}

const box = () => screen.getByRole<HTMLInputElement>('textbox');
const type = (text: string) => fireEvent.change(box(), { target: { value: text } });

describe('a field edited in place', () => {
	it('says Saved only after core answered', async () => {
		const { promise, answer } = deferred();
		draw(<InlineEdit field={title} value="Old" onSave={() => promise} />);
		type('New');
		fireEvent.blur(box());
		expect(screen.queryByText('Saved')).toBeNull();
		await act(async () => answer({ ok: true, value: null }));
		expect(screen.getByText('Saved')).toBeTruthy();
	});

	it('keeps the text on the screen with the reason when saving failed', async () => {
		const problem = { code: 'disk_full', message: 'ENOSPC' } as const;
		draw(<InlineEdit field={title} value="Old" onSave={async () => ({ ok: false, error: problem })} />);
		type('A long sentence that must not be lost');
		await act(async () => fireEvent.blur(box()));
		expect(box().value).toBe('A long sentence that must not be lost');
		expect(screen.getByRole('alert').textContent).toContain('The disk is full');
		expect(screen.queryByText('Saved')).toBeNull();
	});

	it('sends a value once for Enter and the blur after it', async () => {
		const onSave = vi.fn(async () => ({ ok: true, value: null }) as const);
		draw(<InlineEdit field={title} value="Old" onSave={onSave} />);
		type('New');
		await act(async () => {
			fireEvent.keyDown(box(), { key: 'Enter' });
			fireEvent.blur(box());
		});
		expect(onSave).toHaveBeenCalledTimes(1);
		expect(onSave).toHaveBeenCalledWith('New', 'Old');
	});

	it('sends nothing when nothing changed, and Esc gives the old text back', async () => {
		const onSave = vi.fn(async () => ({ ok: true, value: null }) as const);
		draw(<InlineEdit field={title} value="Old" onSave={onSave} />);
		fireEvent.blur(box());
		type('New');
		fireEvent.keyDown(box(), { key: 'Escape' });
		expect(box().value).toBe('Old');
		expect(onSave).not.toHaveBeenCalled();
	});

	it('keeps what was typed while the first text was being saved', async () => {
		const { promise, answer } = deferred();
		draw(<InlineEdit field={title} value="Old" onSave={() => promise} />);
		type('First');
		fireEvent.keyDown(box(), { key: 'Enter' });
		type('First and second');
		await act(async () => answer({ ok: true, value: null }));
		expect(box().value).toBe('First and second');
	});

	it('shows an office field as text, not as an input', () => {
		draw(
			<InlineEdit
				field={{ ...title, office: true }}
				value="From the office"
				onSave={async () => ({ ok: true, value: null })}
			/>,
		);
		expect(screen.queryByRole('textbox')).toBeNull();
		expect(screen.getByText('From the office')).toBeTruthy();
	});

	it('marks what is internal', () => {
		draw(<InlineEdit field={{ ...title, internal: true }} value="x" />);
		expect(screen.getByText('Internal')).toBeTruthy();
	});
});

describe('a long text', () => {
	const cause: Field = { kind: 'long-text', label: 'Root cause' };
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	/** A field over a store that answers at once and is read again a little later, as the app does. */
	function Stored({ onSave, log }: { onSave?: () => Promise<CallResult<unknown>>; log?: unknown[] }) {
		const [value, setValue] = useState<unknown>('Old');
		const save = async (next: unknown): Promise<CallResult<unknown>> => {
			log?.push(next);
			const result = onSave ? await onSave() : ({ ok: true, value: null } as const);
			if (result.ok) setTimeout(() => setValue(next), 30);
			return result;
		};
		return (
			<>
				<InlineEdit field={cause} value={value} onSave={save} />
				<button type="button" onClick={() => setValue('From another')}>
					Pull
				</button>
				<output>{String(value)}</output>
			</>
		);
	}
	const wait = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
	const stored = () => document.querySelector('output')?.textContent;

	it('is saved when the keys rest, and stands as typed all the while', async () => {
		const log: unknown[] = [];
		draw(<Stored log={log} />);
		for (const text of ['New', 'New w', 'New words ']) {
			type(text);
			await wait(300);
		}
		expect(log).toEqual([]);
		await wait(510);
		expect(log).toEqual(['New words ']);
		expect(box().value).toBe('New words ');
		expect(screen.getByText('Saved')).toBeTruthy();
		await wait(100);
		expect(box().value).toBe('New words ');
		fireEvent.blur(box());
		await wait(1000);
		expect(log).toHaveLength(1);
		expect(stored()).toBe('New words ');
	});

	it('does not say Saved of what was typed while the rest was saved', async () => {
		const { promise, answer } = deferred();
		draw(<Stored onSave={() => promise} />);
		type('First');
		await wait(900);
		type('First and second');
		await act(async () => answer({ ok: true, value: null }));
		expect(screen.queryByText('Saved')).toBeNull();
		await wait(100);
		expect(box().value).toBe('First and second');
		await wait(900);
		expect(screen.getByText('Saved')).toBeTruthy();
	});

	it('goes back to what stood there on Esc, also when some of it was saved', async () => {
		const log: unknown[] = [];
		draw(<Stored log={log} />);
		act(() => box().focus());
		type('Never mind');
		await wait(900);
		type('Never mind this');
		fireEvent.keyDown(box(), { key: 'Escape' });
		await wait(1000);
		expect(log).toEqual(['Never mind', 'Old']);
		expect(box().value).toBe('Old');
		expect(stored()).toBe('Old');
	});

	it('shows what another changed once it was left, and says so', async () => {
		draw(<Stored />);
		act(() => box().focus());
		type('Mine');
		await wait(900);
		fireEvent.click(screen.getByText('Pull'));
		await wait(0);
		expect(box().value).toBe('Mine');
		act(() => box().blur());
		await wait(0);
		expect(box().value).toBe('From another');
		expect(screen.getByText(/changed this meanwhile/)).toBeTruthy();
	});

	it('is saved when it goes off the screen before the keys have rested', async () => {
		const log: unknown[] = [];
		const { unmount } = draw(<Stored log={log} />);
		type('Half a');
		unmount();
		await wait(0);
		expect(log).toEqual(['Half a']);
	});

	it('counts as unsaved while it could not be saved', async () => {
		const full = { ok: false, error: { code: 'disk_full', message: 'ENOSPC' } } as const;
		let result: CallResult<unknown> = full;
		draw(<Stored onSave={async () => result} />);
		type('Words');
		await wait(900);
		expect(screen.getByRole('alert').textContent).toContain('The disk is full');
		expect(hasUnsaved()).toBe(true);
		result = { ok: true, value: null };
		type('Words again');
		expect(screen.getByRole('alert')).toBeTruthy();
		await wait(900);
		expect(screen.queryByRole('alert')).toBeNull();
		expect(hasUnsaved()).toBe(false);
	});
});

describe('a day', () => {
	it('is typed in words, echoed, and saved as a local date', async () => {
		const onSave = vi.fn(async () => ({ ok: true, value: null }) as const);
		draw(<InlineEdit field={due} value={null} onSave={onSave} />);
		type('1 feb 2031');
		expect(screen.getByText('Sat 1 Feb 2031')).toBeTruthy();
		await act(async () => fireEvent.blur(box()));
		expect(onSave).toHaveBeenCalledWith('2031-02-01', null);
	});

	it('that is not clear stays as typed and is not saved', async () => {
		const onSave = vi.fn(async () => ({ ok: true, value: null }) as const);
		draw(<InlineEdit field={due} value="2026-11-27" onSave={onSave} />);
		type('1/2/2027');
		await act(async () => fireEvent.blur(box()));
		expect(onSave).not.toHaveBeenCalled();
		expect(box().value).toBe('1/2/2027');
		expect(screen.getByText('Write it like 1 Feb 2027')).toBeTruthy();
	});
});
