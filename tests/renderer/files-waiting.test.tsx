import { act, fireEvent, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { syncStatus, waitingFiles } from '../../renderer/dev/fake-sync.ts';
import { FilesWaiting } from '../../renderer/features/files/FilesWaiting.tsx';
import { waitingWords } from '../../renderer/features/files/file-words.ts';
import type { WaitingFile } from '../../shared/contract/file-models.ts';
import { draw } from './screen.tsx';

const now = new Date(2026, 10, 24, 14, 0);
const [sending, , kept] = waitingFiles as [WaitingFile, WaitingFile, WaitingFile];
const nextAt = new Date(2026, 10, 24, 14, 5).toISOString();

it('says how far a file is, why it waits and when it is tried again', () => {
	expect(waitingWords(sending, now).words).toBe('sending · 43 % there');
	expect(waitingWords({ ...kept, nextAt }, now).words).toBe(
		'waits: the colleague who added it has not sent it yet · tried again at 14:05 · kept on this laptop',
	);
	const waits = { ...sending, state: 'waiting', percent: null } as const;
	expect(waitingWords({ ...waits, problem: 'unreachable', nextAt }, now)).toEqual({
		words: 'waits: the office cannot be reached · tried again at 14:05',
		tone: 'muted',
	});
	expect(waitingWords({ ...waits, problem: 'refused' }, now).tone).toBe('amber');
	expect(waitingWords({ ...waits, unsent: true }, now).words).toBe('goes after the words it belongs to');
	expect(waitingWords(waits, now).words).toBe('goes next');
});

it('names each file with its size and record, and tries one or all now', async () => {
	const asked: [string, unknown][] = [];
	draw(<FilesWaiting status={{ ...syncStatus, problem: null }} />, {
		answers: {
			'files.now': (input: unknown) => void asked.push(['all', input]),
			'attachments.fetch': (input: Record<string, unknown>) => void asked.push(['fetch', input['id']]),
		},
	});
	const line = (await screen.findByText('Fee schedule Korea 2027.xlsx')).closest('li') as HTMLElement;
	expect(line.textContent).toMatch(/13 MB.*Late receipt from the agent in Korea · Halden Pharma AG/);
	expect(screen.getByText('whiteboard.jpg')).toBeTruthy();
	await act(async () => void fireEvent.click(within(line).getByRole('button', { name: /^Try Fee schedule/ })));
	await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Try agenda-basel.pdf now' })));
	await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Try all now' })));
	expect(asked).toEqual([
		['fetch', 'att-4'],
		['all', {}],
		['all', {}],
	]);
});

it('says why nothing can go, and nothing when nothing waits', async () => {
	const { unmount } = draw(<FilesWaiting status={{ ...syncStatus, paused: true }} />);
	expect(await screen.findByText(/You work offline\. Go back online first\./)).toBeTruthy();
	unmount();
	draw(<FilesWaiting status={syncStatus} />, { answers: { 'files.waiting': () => [] } });
	expect(await screen.findByText('No file waits')).toBeTruthy();
});
