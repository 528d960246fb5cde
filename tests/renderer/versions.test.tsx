import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Versions } from '../../renderer/features/versions/Versions.tsx';
import { listenForKeys } from '../../renderer/lib/keys.ts';
import { runCommand } from '../../renderer/lib/use-command.ts';
import type { ComparedBlock, NoteVersion } from '../../shared/contract/kept-models.ts';
import { draw } from './screen.tsx';

const version = (number: number, more: Partial<NoteVersion> = {}): NoteVersion => ({
	version: number,
	from: '2026-11-24T09:00:00.000Z',
	at: '2026-11-24T09:04:00.000Z',
	by: 'usr-1',
	by_name: 'Mara Lindt',
	here: true,
	words: 40 + number,
	change: 4,
	restored: null,
	aside: null,
	...more,
});
const block = (text: string, more: Partial<ComparedBlock> = {}): ComparedBlock => ({
	...{ kind: 'paragraph', level: 0, depth: 0, number: null, quote: false, change: 'same' },
	runs: [{ text, marks: [], kind: 'same' }],
	...more,
});

let stop: () => void = () => undefined;
afterEach(() => stop());

async function open(answers: Record<string, (input: Record<string, unknown>) => unknown> = {}, damaged = false) {
	const sent: [string, Record<string, unknown>][] = [];
	const order: string[] = [];
	const onClose = vi.fn();
	const found = {
		versions: [version(9), version(5, { by_name: 'Jonas Keller', here: false, aside: 'Call on Friday' }), version(2)],
		total: 3,
		unreadable: damaged ? [{ at: '2026-11-24T09:10:00.000Z', by_name: 'Jonas Keller' }] : [],
		damaged,
	};
	const keep = (method: string, answer: unknown) => (input: Record<string, unknown>) => {
		sent.push([method, input]);
		order.push(method);
		return answer;
	};
	draw(<Versions id="n-1" onBefore={async () => void order.push('flush')} onClose={onClose} />, {
		answers: {
			'notes.versions': () => found,
			'notes.compare': (input) => ({
				blocks: [block(`From ${input['from']} to ${input['to']}`)],
				added: 4,
				removed: 1,
			}),
			'notes.version': (input) => ({
				version: version(5),
				text: '',
				blocks: [block(`The text of ${input['version']}`)],
			}),
			'notes.restoreVersion': keep('restore', { changed: true }),
			'notes.copyVersion': keep('copy', { id: 'n-2' }),
			...answers,
		},
	});
	stop = listenForKeys(runCommand, false);
	await screen.findByRole('listbox', { name: /Versions/ });
	return { sent, order, onClose };
}

const list = () => screen.getByRole('listbox', { name: /Versions/ });
const press = (key: string, options: Partial<KeyboardEventInit> = {}) =>
	act(async () => void fireEvent.keyDown(list(), { key, ...options }));
const click = (name: string | RegExp) => act(async () => fireEvent.click(screen.getByLabelText(name)));

describe('the versions of a note', () => {
	it('say who wrote when and how many words, and begin with what the newest one changed', async () => {
		await open();
		const lines = screen.getAllByRole('option').map((line) => line.textContent);
		expect(lines[1]).toContain('Jonas Keller');
		expect(lines[1]).toContain('45 words +4');
		expect(lines[1]).toContain('has words set aside');
		expect(await screen.findByText('From 5 to 9')).toBeTruthy();
	});

	it('are gone through with J and K, compared with the text now, and read', async () => {
		await open();
		await press('j');
		expect(await screen.findByText('From 2 to 5')).toBeTruthy();
		await click('Against now');
		expect(await screen.findByText('From 5 to 9')).toBeTruthy();
		await click('The text');
		expect(await screen.findByText('The text of 5')).toBeTruthy();
		await press('j');
		expect(await screen.findByText('The text of 2')).toBeTruthy();
		await press('k');
		expect(screen.getByText('Call on Friday')).toBeTruthy();
	});

	it('mark what came and what went, in one text and side by side', async () => {
		const blocks = [
			block('', {
				change: 'words',
				runs: [
					{ text: 'Cost centre ', marks: [], kind: 'same' },
					{ text: 'missing', marks: [], kind: 'removed' },
					{ text: 'blank', marks: [], kind: 'added' },
				],
			}),
		];
		const { container } = { container: document.body };
		await open({ 'notes.compare': () => ({ blocks, added: 1, removed: 1 }) });
		expect(await screen.findByText('1 word added, 1 word removed.')).toBeTruthy();
		expect(container.querySelector('del')?.textContent).toBe('missing');
		expect(container.querySelector('ins')?.textContent).toBe('blank');
		await click('Side by side');
		const columns = [...container.querySelectorAll('p')].map((part) => part.textContent);
		expect(columns).toContain('Cost centre missing');
		expect(columns).toContain('Cost centre blank');
	});

	it('are put back only after what is being typed has been saved', async () => {
		const { sent, order, onClose } = await open();
		const restore = () => screen.getByRole('button', { name: /Restore this version/ });
		expect(restore().getAttribute('aria-disabled')).toBe('true');
		await press('j');
		await act(async () => fireEvent.click(restore()));
		expect(order).toEqual(['flush', 'restore']);
		expect(sent).toEqual([['restore', { id: 'n-1', version: 5 }]]);
		expect(onClose).toHaveBeenCalled();
	});

	it('of a text that cannot be read whole lead on in a new note and never back into it', async () => {
		const { sent } = await open({}, true);
		expect(screen.getByRole('alert').textContent).toContain('1 piece of this text cannot be read');
		expect(screen.queryByRole('button', { name: /Restore/ })).toBeNull();
		await press('Enter', { ctrlKey: true });
		expect(sent).toEqual([['copy', { id: 'n-1', version: 9 }]]);
	});
});
