import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { syncStatus, unsent } from '../../renderer/dev/fake-sync.ts';
import { undoTakeBack } from '../../renderer/features/outbox/held-change.ts';
import { listenForKeys } from '../../renderer/lib/keys.ts';
import { runCommand } from '../../renderer/lib/use-command.ts';
import { Toasts } from '../../renderer/ui/Toasts.tsx';
import { OutboxView } from '../../renderer/views/sync/OutboxView.tsx';
import type { UnsentChange } from '../../shared/contract/sync-models.ts';
import { draw } from './screen.tsx';

let sent: [method: string, input: unknown][] = [];

const note = (name: string, answer: unknown) => (input: unknown) => {
	sent.push([name, input]);
	return answer;
};

/** Draws the page over these changes; `sent` gathers what it asks core to do. */
async function open(changes: readonly UnsentChange[] = unsent, status: Partial<typeof syncStatus> = {}) {
	const now = { ...syncStatus, state: 'unsent', problem: null, ...status };
	const memory = memoryLocation({ path: '/sync/unsent', record: true });
	const { unmount } = draw(
		<Router hook={memory.hook}>
			<OutboxView />
			<Toasts />
		</Router>,
		{
			answers: {
				'sync.unsent': () => changes,
				'sync.status': () => now,
				'outbox.urgent': note('urgent', undefined),
				'outbox.undo': note('undo', undefined),
				'outbox.hold': note('hold', undefined),
				'outbox.move': note('move', undefined),
				'outbox.fix': note('fix', undefined),
				'outbox.sendAlone': note('sendAlone', now),
				'sync.dismiss': note('dismiss', undefined),
			},
		},
	);
	if (changes.length > 0) await screen.findByRole('grid', { name: 'Unsent changes' });
	return { ...memory, unmount };
}

const press = (key: string, extra = {}) =>
	act(async () => {
		fireEvent.keyDown(document.activeElement ?? document.body, { key, ...extra });
		await new Promise((resolve) => setTimeout(resolve, 10));
	});
const pick = async (title: string) => {
	const row = screen.getAllByRole('row').find((other) => other.textContent?.includes(title)) as HTMLElement;
	await act(async () => void fireEvent.mouseDown(row));
};

beforeAll(() => {
	Object.defineProperties(window.HTMLElement.prototype, {
		clientHeight: { configurable: true, get: () => 640 },
		clientWidth: { configurable: true, get: () => 800 },
	});
	listenForKeys(runCommand, false);
});
beforeEach(() => {
	// What an earlier test took back is let go of.
	while (undoTakeBack());
	sent = [];
});

describe('unsent changes by keyboard', () => {
	it('U marks urgent, Delete takes back with an Undo, S sends alone, Enter opens the record', async () => {
		const memory = await open();
		await pick('Workshop, late instructions');
		await press('u');
		await press('s');
		await press('Delete');
		expect(await screen.findByText('Taken back: Workshop, late instructions')).toBeTruthy();
		expect(screen.queryByRole('row', { name: /Workshop, late/ })).toBeNull();
		await act(async () => void fireEvent.click(screen.getByRole('button', { name: /Undo/ })));
		expect(screen.getByRole('row', { name: /Workshop, late/ })).toBeTruthy();
		expect(sent).toEqual([
			['urgent', { group: 4, urgent: true }],
			['sendAlone', { group: 4 }],
			['hold', { group: 4, held: true }],
			['hold', { group: 4, held: false }],
		]);
		expect(screen.getByRole('row', { selected: true }).textContent).toMatch(/Workshop, late/);
		await pick('Workshop, late instructions');
		await press('Enter');
		expect(memory.history.at(-1)).toBe('/notes/not-1');
	});

	it('takes back in earnest with the next one; the last can be had again after the page is left', async () => {
		const { unmount } = await open();
		await pick('Workshop, late instructions');
		await press('Delete');
		await press('Delete');
		const before = [
			['hold', { group: 4, held: true }],
			['undo', { group: 4 }],
			['hold', { group: 5, held: true }],
		];
		expect(sent).toEqual(before);
		unmount();
		expect(sent).toEqual(before);
		await act(async () => expect(undoTakeBack()).toBe(true));
		expect(sent).toEqual([...before, ['hold', { group: 5, held: false }]]);
		// The first is gone for good: that is said, and nothing older is undone by surprise.
		await act(async () => expect(undoTakeBack()).toBe(true));
		expect(undoTakeBack()).toBe(false);
	});

	it('says first what was done, whatever else there is to say', async () => {
		await open();
		const row = screen.getAllByRole('row').find((other) => other.textContent?.includes('agenda-basel.pdf'));
		expect(row?.textContent).toContain('New file · Name: agenda-basel.pdf');
	});

	it('Alt and arrows move it within its client', async () => {
		await open();
		await pick('Workshop, late instructions');
		await press('ArrowUp', { altKey: true });
		await press('ArrowDown', { altKey: true });
		expect(sent).toEqual([
			['move', { group: 4, before: 3 }],
			['move', { group: 5, before: 4 }],
		]);
	});

	it('neither moves nor sends what may already be at the office, and says so', async () => {
		await open();
		await pick('Next visit due');
		for (const key of ['u', 's']) await press(key);
		await press('ArrowUp', { altKey: true });
		expect(sent).toEqual([]);
		expect(screen.getAllByText(/may already be at the office/).length).toBeGreaterThan(0);
		const button = screen.getByRole('button', { name: /Send alone/ });
		expect(button.getAttribute('aria-disabled')).toBe('true');
		expect(button.getAttribute('title')).toMatch(/the answer comes with the next contact/);
		await press('Delete');
		expect(screen.getByText(/so a new change undoes it/)).toBeTruthy();
	});

	it('leaves keys to the box while a word is looked for', async () => {
		await open();
		const box = screen.getByLabelText('Find a change');
		box.focus();
		await press('u');
		await press('Delete');
		expect(sent).toEqual([]);
	});
});

describe('a refused change', () => {
	it('stands first with its reason, is mended in place and sent again alone', async () => {
		await open();
		const rows = screen.getAllByRole('row').map((row) => row.textContent);
		expect(rows[1]).toContain('Refused by the office');
		expect(rows[2]).toContain('Agent fee in Japan');
		await pick('Agent fee in Japan');
		expect(screen.getByText('The server does not accept the value.')).toBeTruthy();
		const form = await screen.findByRole('form', { name: 'Mend the refused change' });
		expect(within(form).getByText('Due is not a day of the calendar.')).toBeTruthy();
		const due = within(form).getByLabelText('Due');
		fireEvent.change(due, { target: { value: '2026-11-30' } });
		fireEvent.blur(due);
		await act(async () => void fireEvent.click(within(form).getByRole('button', { name: /Send again/ })));
		await waitFor(() =>
			expect(sent).toEqual([
				['fix', { group: 7, values: { due_date: '2026-11-30', remedy: 'Credit note asked for.' } }],
			]),
		);
	});

	it('that nothing can mend is set aside, or handed on as text', async () => {
		await open();
		await pick('Ines Vogt');
		expect(screen.queryByRole('form')).toBeNull();
		expect(screen.getByText(/ask the owner of the account/)).toBeTruthy();
		expect(screen.getByRole('button', { name: /Copy as text/ })).toBeTruthy();
		await press('Delete');
		expect(sent).toEqual([['dismiss', { group: 8 }]]);
	});
});

describe('sending', () => {
	it('only what is urgent says why it cannot when nothing is', async () => {
		await open(unsent, { urgent: 0 });
		const button = screen.getByRole('button', { name: 'Send urgent' });
		expect(button.getAttribute('aria-disabled')).toBe('true');
		expect(button.getAttribute('title')).toBe('Nothing is marked urgent.');
		expect(screen.getByRole('button', { name: /Send all/ }).getAttribute('aria-disabled')).toBeNull();
	});

	it('waits while the person works offline on purpose', async () => {
		await open(unsent, { paused: true, state: 'paused' });
		expect(screen.getByRole('button', { name: /Send all/ }).getAttribute('title')).toMatch(/work offline/);
	});

	it('has nothing to say when nothing waits', async () => {
		await open([], { unsent: 0, refused: 0, urgent: 0 });
		expect(await screen.findByText('Nothing to send')).toBeTruthy();
	});
});
