import { act, fireEvent, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { useDeleteVisit } from '../../renderer/features/visits/use-delete-visit.tsx';
import { Toasts } from '../../renderer/ui/Toasts.tsx';
import type { DeletionReach } from '../../shared/contract/kept-models.ts';
import type { VisitPage } from '../../shared/contract/models.ts';
import { draw } from './screen.tsx';

const page = { visit: { id: 'vis-1', purpose: 'Review in Basel' }, account_name: 'Halden Pharma AG' } as VisitPage;

function Deleting() {
	const { ask, dialog } = useDeleteVisit(page);
	return (
		<>
			<button type="button" onClick={ask}>
				Delete
			</button>
			{dialog}
			<Toasts />
		</>
	);
}

async function open(reach: DeletionReach): Promise<unknown[]> {
	const sent: unknown[] = [];
	const answers = { 'trash.before': () => reach, 'visits.delete': (input: unknown) => void sent.push(input) };
	draw(<Deleting />, { answers });
	await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Delete' })));
	return sent;
}

const press = (name: string) =>
	act(async () => void fireEvent.click(screen.getByRole('button', { name, hidden: true })));

const full: DeletionReach = {
	along: [
		{ label: 'attendees', count: 6 },
		{ label: 'checklist items', count: 9 },
	],
	stays: [{ label: 'note', count: 1 }],
};

it('says what goes with a visit and what stays before anything is deleted', async () => {
	const sent = await open(full);
	const words = document.querySelector('dialog')?.textContent ?? '';
	expect(words).toContain('6 attendees and 9 checklist items go with it.');
	expect(words).toContain('1 note stays with Halden Pharma AG.');
	expect(words).toContain('restored from the trash');
	expect(sent).toEqual([]);
	await press('Keep it');
	expect(document.querySelector('dialog')).toBeNull();
	expect(sent).toEqual([]);
});

it('names what went with it afterwards, with the way back', async () => {
	const sent = await open(full);
	await press('Delete visit');
	expect(sent).toEqual([{ id: 'vis-1' }]);
	expect(await screen.findByText('Visit deleted, with 6 attendees and 9 checklist items')).toBeTruthy();
});

it('asks nothing when nothing hangs on it', async () => {
	expect(await open({ along: [], stays: [] })).toEqual([{ id: 'vis-1' }]);
});
