import { act, fireEvent, screen } from '@testing-library/react';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { listenForKeys } from '../../renderer/lib/keys.ts';
import { useListState } from '../../renderer/lib/list-place.ts';
import { sortRows } from '../../renderer/lib/rows.ts';
import { runCommand } from '../../renderer/lib/use-command.ts';
import { type Column, VirtualTable } from '../../renderer/ui/VirtualTable.tsx';
import { draw } from './screen.tsx';

interface Row {
	id: string;
	name: string;
	cases: number;
}

const columns: readonly Column<Row>[] = [
	{ id: 'name', header: 'Account', sort: (row) => row.name, cell: (row) => row.name },
	{ id: 'cases', header: 'Cases', width: 60, align: 'right', sort: (row) => row.cases, cell: (row) => row.cases },
];
const rows: readonly Row[] = Array.from({ length: 20_000 }, (_, index) => ({
	id: `r${index}`,
	name: `Account ${index}`,
	cases: 20_000 - index,
}));

let listName = 0;

function List({ name, onOpen }: { name: string; onOpen?: (row: Row) => void }) {
	const list = useListState(name, { selected: 'r0' });
	return (
		<>
			<VirtualTable
				label="Accounts"
				columns={columns}
				rows={sortRows(rows, columns, list.sort)}
				list={list}
				onOpen={onOpen}
			/>
			<input aria-label="Elsewhere" />
			<button type="button">Press</button>
		</>
	);
}

const selected = () => document.querySelector('[aria-selected="true"]')?.textContent;
const press = (key: string, target: Element = document.body) =>
	act(async () => void fireEvent.keyDown(target, { key }));

beforeAll(() => {
	// The simulated DOM has no layout; a list needs to know how much of it is seen.
	Object.defineProperties(window.HTMLElement.prototype, {
		clientHeight: { configurable: true, get: () => 640 },
		clientWidth: { configurable: true, get: () => 800 },
	});
	listenForKeys(runCommand, false);
});

beforeEach(() => {
	listName += 1;
});

describe('a long list', () => {
	it('draws only the rows that are seen and tells how many there are', () => {
		draw(<List name={`list${listName}`} />);
		const grid = screen.getByRole('grid', { name: 'Accounts' });
		expect(grid.getAttribute('aria-rowcount')).toBe('20001');
		expect(screen.getAllByRole('row').length).toBeLessThan(60);
		expect(screen.getAllByRole('row')[1]?.getAttribute('aria-rowindex')).toBe('2');
	});

	it('moves by J, K and arrows and opens by Enter', async () => {
		const onOpen = vi.fn();
		draw(<List name={`list${listName}`} onOpen={onOpen} />);
		await press('j');
		await press('j');
		await press('ArrowDown');
		await press('k');
		expect(selected()).toContain('Account 2');
		await press('Enter');
		expect(onOpen).toHaveBeenCalledWith(rows[2]);
	});

	it('does not move beyond its ends', async () => {
		draw(<List name={`list${listName}`} />);
		await press('k');
		expect(selected()).toContain('Account 0');
	});

	it('leaves keys to a field while typing and Enter to a button', async () => {
		const onOpen = vi.fn();
		draw(<List name={`list${listName}`} onOpen={onOpen} />);
		await press('j', screen.getByLabelText('Elsewhere'));
		expect(selected()).toContain('Account 0');
		await press('Enter', screen.getByRole('button', { name: 'Press' }));
		expect(onOpen).not.toHaveBeenCalled();
	});

	it('sorts by a press on the header, says so, and the third press takes it back', async () => {
		draw(<List name={`list${listName}`} />);
		const header = () => screen.getByRole('columnheader', { name: 'Cases' });
		const button = () => screen.getByRole('button', { name: 'Cases' });
		fireEvent.click(button());
		expect(header().getAttribute('aria-sort')).toBe('ascending');
		expect(screen.getAllByRole('row')[1]?.textContent).toContain('Account 19999');
		fireEvent.click(button());
		expect(header().getAttribute('aria-sort')).toBe('descending');
		fireEvent.click(button());
		expect(header().getAttribute('aria-sort')).toBe('none');
	});

	it('is found as it was left', async () => {
		const name = `list${listName}`;
		const first = draw(<List name={name} />);
		await press('j');
		first.unmount();
		draw(<List name={name} />);
		expect(selected()).toContain('Account 1');
	});
});
