import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { History } from '../../renderer/features/history/History.tsx';
import { DeletedGate } from '../../renderer/features/trash/DeletedGate.tsx';
import { listenForKeys } from '../../renderer/lib/keys.ts';
import { runCommand } from '../../renderer/lib/use-command.ts';
import { Toasts } from '../../renderer/ui/Toasts.tsx';
import { TrashView } from '../../renderer/views/trash/TrashView.tsx';
import type { Deletion, TrashRow } from '../../shared/contract/kept-models.ts';
import type { HistoryLine } from '../../shared/contract/models.ts';
import { draw } from './screen.tsx';

const line = (more: Partial<HistoryLine>): HistoryLine => ({
	id: '7',
	at: '2026-11-24T09:00:00.000Z',
	by: 'usr-2',
	by_name: 'Jonas Keller',
	entity: 'issue',
	row_id: 'iss-1',
	field: 'due_date',
	label: 'Due',
	before: '2026-12-01',
	after: '2026-12-05',
	origin: 'remote',
	sent: true,
	conflict: null,
	how: null,
	long: false,
	restorable: { before: true, after: false },
	...more,
});

let stop: () => void = () => undefined;
afterEach(() => stop());

describe('the history of a record', () => {
	async function open(lines: HistoryLine[]) {
		const sent: Record<string, unknown>[] = [];
		const answers = {
			'history.list': () => lines,
			'history.restore': (input: Record<string, unknown>) => void sent.push(input),
		};
		draw(<History entity="issue" id="iss-1" />, { answers });
		await screen.findByRole('list');
		return sent;
	}

	it('gives any value back that does not stand', async () => {
		const sent = await open([line({})]);
		expect(screen.queryByRole('button', { name: /5 Dec/ })).toBeNull();
		await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Restore this value: Tue 1 Dec 2026' })));
		expect(sent).toEqual([{ id: '7', side: 'before' }]);
	});

	it('marks the words of a long text and says what was not chosen', async () => {
		const sent = await open([
			line({
				...{ id: 'conflict:c-1:mine', field: 'root_cause', label: 'Root cause', long: true, conflict: 'not_chosen' },
				...{ before: 'The file was blank.', after: 'The file was blank in column H.' },
				restorable: { before: false, after: true },
			}),
		]);
		expect(document.querySelector('ins')?.textContent).toBe(' in column H');
		expect(screen.getByText(/Not chosen in a conflict/)).toBeTruthy();
		await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Restore this text' })));
		expect(sent).toEqual([{ id: 'conflict:c-1:mine', side: 'after' }]);
	});

	it('says in words what came by sync, was decided in a conflict or put back', async () => {
		await open([
			line({ id: '9', how: 'put_back', origin: 'local' }),
			line({ id: '8', how: 'decided' }),
			line({ id: '7', origin: 'local' }),
		]);
		const rows = screen.getAllByRole('listitem').map((row) => row.textContent ?? '');
		expect(rows[0]).toContain('An earlier value, put back.');
		expect(rows[1]).toContain('Decided in a conflict.');
		expect(rows.map((row) => row.includes('by sync'))).toEqual([false, true, false]);
	});

	it('sends a waiting value on to be decided', async () => {
		await open([line({ conflict: 'waiting' })]);
		expect(screen.getByRole('link', { name: 'Decide' })).toBeTruthy();
	});
});

describe('the trash', () => {
	const row = (id: string, more: Partial<TrashRow> = {}): TrashRow => ({
		entity: 'issue',
		id,
		entity_label: 'Issue',
		title: `Issue ${id}`,
		excerpt: '',
		account_id: 'acc-2',
		account_name: 'Halden Pharma AG',
		parent: null,
		deleted_at: '2026-11-24T09:00:00.000Z',
		deleted_by: 'usr-2',
		deleted_by_name: 'Jonas Keller',
		stays_until: '2026-12-24T09:00:00.000Z',
		along: [],
		...more,
	});

	async function open(rows: TrashRow[]) {
		const sent: Record<string, unknown>[] = [];
		const restore = (input: Record<string, unknown>) => {
			sent.push(input);
			return { restored: (input['items'] as unknown[]).length };
		};
		draw(<TrashView />, { answers: { 'trash.list': () => ({ rows, total: rows.length }), 'trash.restore': restore } });
		stop = listenForKeys(runCommand, false);
		await screen.findByRole('grid', { name: 'Trash' });
		return sent;
	}
	const press = (key: string) =>
		act(async () => void fireEvent.keyDown(document.activeElement ?? document.body, { key }));

	it('gives a marked selection back by keys', async () => {
		const sent = await open([row('a'), row('b'), row('c')]);
		await press(' ');
		await press('j');
		await press('j');
		await press(' ');
		expect(screen.getByRole('button', { name: /^Restore 2/ })).toBeTruthy();
		await press('r');
		const items = ['a', 'c'].map((id) => ({ entity: 'issue', id }));
		expect(sent).toEqual([{ items, parents: false }]);
	});

	it('offers what a record belonged to when that has gone too', async () => {
		const parent = { entity: 'visit', id: 'v-1', title: 'Annual review', deleted: true };
		const sent = await open([row('n', { entity: 'note', title: 'Minutes', parent })]);
		await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Restore only this' })));
		await press('r');
		expect(sent.map((input) => input['parents'])).toEqual([false, true]);
	});
});

describe('the page of a deleted record', () => {
	const deletion: Deletion = {
		at: '2026-11-24T09:00:00.000Z',
		by_name: 'Jonas Keller',
		mine: false,
		stays_until: '2026-12-24T09:00:00.000Z',
		parent: null,
		along: [],
		stays: [],
		mayRestore: true,
	};

	async function open(about: Deletion) {
		const sent: Record<string, unknown>[] = [];
		const restore = (input: Record<string, unknown>) => {
			sent.push(input);
			return { restored: 1 };
		};
		draw(
			<>
				<DeletedGate entity="issue" id="iss-1" deletedAt={about.at} fields={<input aria-label="Title" />}>
					<p>Notes</p>
				</DeletedGate>
				<Toasts />
			</>,
			{ answers: { 'trash.about': () => about, 'trash.restore': restore } },
		);
		await screen.findByText(/^Deleted/);
		return sent;
	}

	it('says who deleted it, holds its fields, and gives it back', async () => {
		const sent = await open(deletion);
		expect(screen.getByText(/Deleted by Jonas Keller on Tue 24 Nov 2026/)).toBeTruthy();
		expect(screen.getByLabelText('Title').closest('[inert]')).not.toBeNull();
		await act(async () => fireEvent.click(screen.getByRole('button', { name: /^Restore/ })));
		expect(sent).toEqual([{ items: [{ entity: 'issue', id: 'iss-1' }], parents: false }]);
	});

	it('names what went with it and what stays, and says what came back', async () => {
		const along = [
			{ label: 'attendees', count: 6 },
			{ label: 'checklist items', count: 9 },
		];
		await open({ ...deletion, along, stays: [{ label: 'note', count: 1 }] });
		expect(screen.getByText(/6 attendees and 9 checklist items went with it and come back with it\./)).toBeTruthy();
		expect(screen.getByText(/1 note that belongs to it is still here\./)).toBeTruthy();
		await act(async () => fireEvent.click(screen.getByRole('button', { name: /^Restore/ })));
		expect(await screen.findByText('Restored, with 6 attendees and 9 checklist items')).toBeTruthy();
	});

	it('offers nothing that would be refused to who only reads the account', async () => {
		await open({ ...deletion, mayRestore: false });
		expect(screen.getByText(/Whoever looks after the client can restore it until/)).toBeTruthy();
		expect(screen.queryByRole('button', { name: /^Restore/ })).toBeNull();
	});

	it('is empty once it has left the trash', async () => {
		await open({ ...deletion, stays_until: null });
		expect(screen.queryByLabelText('Title')).toBeNull();
		expect(screen.queryByText('Notes')).toBeNull();
		expect(screen.queryByRole('button', { name: /Restore/ })).toBeNull();
	});
});
