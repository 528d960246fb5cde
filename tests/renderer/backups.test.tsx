import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { BackupsSection } from '../../renderer/features/backups/BackupsSection.tsx';
import { holdsWords, progressWords, resultWords, sinceWords } from '../../renderer/features/backups/backup-words.ts';
import { DamageBar } from '../../renderer/features/backups/DamageBar.tsx';
import { ExportSection } from '../../renderer/features/export/ExportSection.tsx';
import type { BackupFacts, BackupList } from '../../shared/contract/backup-models.ts';
import { draw } from './screen.tsx';

const at = '2026-11-23T08:00:00.000Z';
const line = { name: '20261123T080000000Z-daily.db', kind: 'daily' as const, at, bytes: 84_000_000 };
const before = { ...line, name: '20261124T080000000Z-restore.db', kind: 'restore' as const };
const list: BackupList = { backups: [line], folder: '/x', busy: false, problem: null, checkedAt: at, damaged: false };
const facts: BackupFacts = {
	holds: [
		{ label: 'accounts', count: 15 },
		{ label: 'cases', count: 25_641 },
	],
	changedSince: 14,
	importedSince: 0,
	unsentSince: [{ at, label: 'Issue created', title: 'Fee query', account_name: 'Halden Pharma AG' }],
};

describe('the backups', () => {
	it('say what one holds and what would differ, and go back to it with or without unsent changes', async () => {
		const restore = vi.fn((_: Record<string, unknown>) => ({
			before: before.name,
			keptAside: null,
			taken: 0,
			left: 1,
			unread: 0,
		}));
		const answers = {
			'backups.list': () => ({ ...list, backups: [before, line] }),
			'backups.about': () => facts,
			'backups.restore': restore,
		};
		draw(<BackupsSection />, { answers });
		const rows = await screen.findAllByRole('row');
		fireEvent.click(within(rows[2] as HTMLElement).getByRole('button', { name: /^Go back to/ }));
		expect(await screen.findByText('15 accounts, 25,641 cases')).toBeTruthy();
		expect(screen.getByText(/14 records changed\. What the office has/)).toBeTruthy();
		expect(screen.getByText(/Issue created: Fee query/)).toBeTruthy();
		fireEvent.click(screen.getByRole('radio', { name: /Leave them out/ }));
		fireEvent.click(screen.getByRole('button', { name: 'Go back to it' }));
		await waitFor(() => expect(restore).toHaveBeenCalledTimes(1));
		expect(restore.mock.calls[0]?.[0]).toMatchObject({ name: line.name, keepUnsent: false });
		expect(await screen.findByText(/1 unsent change left out/)).toBeTruthy();
		fireEvent.click(screen.getByRole('button', { name: /^Undo/ }));
		fireEvent.click(await screen.findByRole('button', { name: 'Go back to it' }));
		await waitFor(() => expect(restore.mock.calls[1]?.[0]).toMatchObject({ name: before.name, keepUnsent: true }));
	});

	it('say why the last one could not be made, and that the workbook is as it was', async () => {
		draw(<BackupsSection />, { answers: { 'backups.list': () => ({ ...list, problem: 'disk_full' }) } });
		expect(
			await screen.findByText(/could not be made: the disk is full. The workbook itself is as it was/),
		).toBeTruthy();
	});

	it('are shown the way to from every page once the workbook is damaged, and not before', async () => {
		const { unmount } = draw(<DamageBar />, { answers: { 'backups.list': () => list } });
		await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
		unmount();
		draw(<DamageBar />, { answers: { 'backups.list': () => ({ ...list, damaged: true }) } });
		expect(await screen.findByText(/has stopped writing to it/)).toBeTruthy();
	});

	it('have words for everything', () => {
		expect(holdsWords([])).toBe('No records yet');
		expect(sinceWords({ ...facts, changedSince: 0 })).toBe('Nothing has changed since.');
		expect(sinceWords({ ...facts, changedSince: null })).toMatch(/cannot be read/);
		expect(progressWords({ stage: 'copying', done: 1e6, total: 4e6 })).toBe('Copying, 1.0 MB of 4.0 MB');
		expect(resultWords({ before: null, keptAside: '/x', taken: 2, left: 0, unread: null })).toBe(
			'2 unsent changes taken along. What had not been sent could not be read from the damaged workbook. The damaged file was put aside, beside the workbook.',
		);
	});
});

describe('an export', () => {
	it('asks where, says that it is not protected, and what came of it', async () => {
		const result = {
			name: 'x.zip',
			rows: 1240,
			files: 0,
			filesElsewhere: 1,
			unreadable: [],
			bytes: 6_100_000,
			ms: 4000,
		};
		const everything = vi.fn((_: Record<string, unknown>) => result);
		draw(<ExportSection />, { answers: { 'export.everything': everything } });
		const chooseFile = vi.fn(async () => ({ token: 't', name: 'x.zip', sizeBytes: 0 }));
		Object.defineProperty(window, 'fieldbook', { value: { ...window.fieldbook, chooseFile }, configurable: true });
		fireEvent.click(await screen.findByRole('checkbox', { name: /With the files/ }));
		fireEvent.click(screen.getByRole('button', { name: 'Export…' }));
		expect(await screen.findByText(/^1,240 records, 6.1 MB in 4.0 s. 1 file at the office only/)).toBeTruthy();
		expect(chooseFile).toHaveBeenCalledWith('export', expect.stringMatching(/^Fieldbook everything .*\.zip$/));
		expect(everything.mock.calls[0]?.[0]).toMatchObject({ target: 't', account_id: null, files: false });
		expect(screen.getByText(/not encrypted any more/)).toBeTruthy();
	});
});
