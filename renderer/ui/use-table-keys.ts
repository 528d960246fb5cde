import { useCallback, useEffect, useRef } from 'react';
import type { ListState } from '../lib/list-place.ts';
import { useCommand } from '../lib/use-command.ts';

interface TableKeys<Row extends { id: string }> {
	rows: readonly (Row | undefined)[];
	list: ListState;
	selectedIndex: number;
	pageRows: number;
	show(index: number): void;
	focus(): void;
	onOpen?: (row: Row) => void;
	onTick?: (row: Row) => void;
	keys?: boolean;
}

/** Moves the selection by J, K, arrows, page and end keys; opens by Enter, ticks by Space. */
export function useTableKeys<Row extends { id: string }>(table: TableKeys<Row>) {
	const latest = useRef(table);
	useEffect(() => {
		latest.current = table;
	});
	const choose = useCallback((index: number) => {
		const { rows, list, show } = latest.current;
		const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
		if (!row) return;
		list.select(row.id);
		show(rows.indexOf(row));
	}, []);
	const open = useCallback((index: number) => {
		const row = latest.current.rows[index];
		if (row) latest.current.onOpen?.(row);
	}, []);
	const moveTo = (index: number) => {
		// Enter and Space must reach the list, not the button pressed before.
		table.focus();
		choose(index);
	};
	const on = (handler: () => void) => (table.keys === false || table.rows.length === 0 ? null : handler);
	const { selectedIndex, pageRows } = table;
	useCommand(
		'list.next',
		on(() => moveTo(selectedIndex + 1)),
	);
	useCommand(
		'list.previous',
		on(() => moveTo(selectedIndex - 1)),
	);
	useCommand(
		'list.page-next',
		on(() => moveTo(selectedIndex + pageRows)),
	);
	useCommand(
		'list.page-previous',
		on(() => moveTo(selectedIndex - pageRows)),
	);
	useCommand(
		'list.first',
		on(() => moveTo(0)),
	);
	useCommand(
		'list.last',
		on(() => moveTo(table.rows.length - 1)),
	);
	useCommand('list.open', table.onOpen ? on(() => open(selectedIndex)) : null);
	const tick = () => {
		const row = table.rows[selectedIndex];
		if (row) table.onTick?.(row);
	};
	useCommand('list.tick', table.onTick ? on(tick) : null);
	return { choose, open };
}
