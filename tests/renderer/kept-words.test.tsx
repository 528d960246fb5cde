import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { KeptWords } from '../../renderer/app/KeptWords.tsx';
import { holdNote, openNote } from '../../renderer/features/notes/open-notes.ts';
import { GoneNotice } from '../../renderer/features/trash/GoneNotice.tsx';
import { hasUnsaved } from '../../renderer/lib/unsaved.ts';
import { InlineEdit } from '../../renderer/ui/InlineEdit.tsx';
import { TitleEdit } from '../../renderer/ui/TitleEdit.tsx';
import { type CallResult, CoreError } from '../../shared/contract/errors.ts';
import type { Field } from '../../shared/entities/define.ts';
import { draw } from './screen.tsx';

const cause: Field = { kind: 'long-text', label: 'Root cause' };
const gone = { ok: false, error: { code: 'not_found', message: 'There is no issue.' } } as const;
const full = { ok: false, error: { code: 'disk_full', message: 'ENOSPC' } } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
	for (const button of screen.queryAllByRole('button', { name: 'Let them go' })) fireEvent.click(button);
	vi.useRealTimers();
});

const box = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Root cause' });
const type = (text: string) => fireEvent.change(box(), { target: { value: text } });
const wait = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

/** A field, and what is kept of it when it goes. */
function field(result: CallResult<unknown>) {
	const part = (isShown: boolean) => (
		<>
			<KeptWords />
			{isShown ? <InlineEdit field={cause} value="Old" onSave={async () => result} /> : null}
		</>
	);
	let isShown = true;
	const { rerender } = draw(<Switch part={() => part(isShown)} />);
	return async () => {
		isShown = false;
		rerender(<Switch part={() => part(isShown)} />);
		await wait(0);
	};
}

/** Draws what it is told, without the frame around it drawn anew. */
function Switch({ part }: { part(): React.ReactNode }) {
	return part();
}

const kept = (name: RegExp) => within(screen.getByRole('region', { name }));

describe('a field whose record has left this computer', () => {
	it('keeps the words, says so, and lets them be copied', async () => {
		const copied = vi.fn(async (_text: string) => undefined);
		Object.defineProperty(navigator, 'clipboard', { value: { writeText: copied }, configurable: true });
		field(gone);
		type('Column H was skipped');
		await wait(900);
		expect(box().value).toBe('Column H was skipped');
		expect(screen.getByRole('alert').textContent).toContain('this has left this computer');
		fireEvent.click(screen.getByRole('button', { name: 'Copy as text' }));
		expect(copied).toHaveBeenCalledWith('Column H was skipped');
	});

	it.each([
		['before the keys have rested', 100],
		['after they could not be saved', 900],
	])('keeps them above the pages when the field goes %s', async (_when, ms) => {
		const leave = field(gone);
		type('Column H was skipped');
		await wait(ms);
		await leave();
		const part = kept(/Not saved: Root cause/);
		expect(part.getByRole<HTMLTextAreaElement>('textbox').value).toBe('Column H was skipped');
		expect(part.getByRole('alert').textContent).toContain('has left this computer');
		expect(hasUnsaved()).toBe(true);
		fireEvent.click(part.getByRole('button', { name: 'Let them go' }));
		expect(screen.queryByRole('region')).toBeNull();
		expect(hasUnsaved()).toBe(false);
	});

	it('keeps them too when the disk was full', async () => {
		const leave = field(full);
		type('Column H was skipped');
		await wait(900);
		await leave();
		expect(kept(/Not saved: Root cause/).getByRole('alert').textContent).toContain('could not be written down');
	});

	it('keeps nothing of what was saved', async () => {
		const leave = field({ ok: true, value: null });
		type('Column H was skipped');
		await wait(900);
		await leave();
		expect(screen.queryByRole('region')).toBeNull();
	});
});

const notHere = () => {
	throw new CoreError('not_found', 'Not on this laptop.');
};

describe('a title that is being typed when its page goes', () => {
	const leave = async (result: CallResult<unknown>) => {
		const saved: unknown[] = [];
		const onSave = async (...what: unknown[]) => {
			saved.push(what);
			return result;
		};
		let isShown = true;
		const part = () => (
			<>
				<KeptWords />
				{isShown ? <TitleEdit label="Title" value="Late receipt" onSave={onSave} /> : null}
			</>
		);
		const { rerender } = draw(<Switch part={part} />);
		fireEvent.change(screen.getByRole('textbox'), { target: { value: 'Late receipt in Korea' } });
		isShown = false;
		rerender(<Switch part={part} />);
		await wait(0);
		return saved;
	};

	it('is saved', async () => {
		expect(await leave({ ok: true, value: null })).toEqual([['Late receipt in Korea', 'Late receipt']]);
		expect(screen.queryByRole('region')).toBeNull();
	});

	it('stays on the screen when that cannot be', async () => {
		await leave(gone);
		const part = kept(/Not saved: Title/);
		expect(part.getByRole<HTMLTextAreaElement>('textbox').value).toBe('Late receipt in Korea');
	});
});

describe('a note that has left this computer', () => {
	it('leaves its words above the pages when it is left', async () => {
		draw(<KeptWords />, { answers: { 'notes.append': notHere } });
		const note = openNote('not-gone');
		const release = holdNote(note);
		const line = new Y.XmlElement('paragraph');
		line.insert(0, [new Y.XmlText('They want one named person.')]);
		note.doc.getXmlFragment('default').push([line]);
		await wait(1000);
		release();
		await wait(100);
		const part = kept(/Not saved: A note/);
		expect(part.getByRole<HTMLTextAreaElement>('textbox').value).toBe('They want one named person.');
	});

	it('says on its page whose it is now, and what is on the screen only', async () => {
		const page = { kind: 'note', accountId: 'acc-2', accountName: 'Halden Pharma AG', words: () => 'Words' };
		draw(<GoneNotice {...page} isUnsaved />, { answers: { 'accounts.get': notHere } });
		await wait(0);
		const said = screen.getByRole('alert').textContent;
		expect(said).toContain('Halden Pharma AG belongs to somebody else now');
		expect(said).toContain('Your last words are on this screen only');
	});
});
