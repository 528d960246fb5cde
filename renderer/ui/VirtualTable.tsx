import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, memo, type ReactNode, type RefObject, useEffect, useId, useLayoutEffect, useRef } from 'react';
import type { ListState } from '../lib/list-place.ts';
import { useRowHeight } from '../lib/settings.tsx';
import { TableHead } from './TableHead.tsx';
import { useTableKeys } from './use-table-keys.ts';
import styles from './VirtualTable.module.css';

export interface Column<Row> {
	readonly id: string;
	readonly header: string;
	/** The header in full, on hover. */
	readonly hint?: string;
	/** Pixels; the one column without a width takes what is left. */
	readonly width?: number;
	/** Numbers, amounts and dates. */
	readonly align?: 'right';
	readonly cell: (row: Row) => ReactNode;
	/** What to sort by; without it the header is plain text. Use with `sortRows`, or let core sort by the column's id. */
	readonly sort?: (row: Row) => string | number | null;
	/** The first press on the header sorts from the greatest. */
	readonly descendingFirst?: true;
}

interface VirtualTableProps<Row extends { id: string }> {
	/** Names the table for a screen reader. */
	label: string;
	columns: readonly Column<Row>[];
	/** A hole is a row that has not been read yet. */
	rows: readonly (Row | undefined)[];
	list: ListState;
	onOpen?: (row: Row) => void;
	onTick?: (row: Row) => void;
	/** First and last row on screen, for lists that read page by page. */
	onRange?: (first: number, last: number) => void;
	/** False for a second list on the page, which leaves J and K to the first. */
	keys?: boolean;
	/** Rows of one group stand together under a head; give the rows in that order. */
	group?: RowGroups<Row>;
}

interface RowGroups<Row> {
	of: (row: Row) => string;
	head: (group: string) => ReactNode;
}

/** The group that begins with this row, or null. */
function groupAt<Row>(rows: readonly (Row | undefined)[], index: number, groups: RowGroups<Row> | undefined) {
	const row = rows[index];
	if (!groups || row === undefined) return null;
	const before = rows[index - 1];
	const group = groups.of(row);
	return before !== undefined && groups.of(before) === group ? null : group;
}

const headHeight = 32;
const groupHeight = 36;

/** The house's list: sticky header, sort by header, selection by J and K, only the rows on screen in the document. */
export function VirtualTable<Row extends { id: string }>(props: VirtualTableProps<Row>) {
	// The virtualizer changes inside one object; the compiler must not remember what it answered.
	'use no memo';
	const { label, columns, rows, list, group } = props;
	const scroller = useRef<HTMLDivElement>(null);
	const grid = useRef<HTMLTableElement>(null);
	const rowHeight = useRowHeight();
	const prefix = useId();
	const virtual = useVirtualizer({
		count: rows.length,
		getScrollElement: () => scroller.current,
		estimateSize: (index) => (groupAt(rows, index, group) === null ? rowHeight : rowHeight + groupHeight),
		overscan: 12,
		paddingStart: headHeight,
		scrollPaddingStart: headHeight,
		initialOffset: list.scroll,
		initialRect: { width: 800, height: 800 },
	});
	// biome-ignore lint/correctness/useExhaustiveDependencies: another density, and another head, make another height
	useLayoutEffect(() => virtual.measure(), [virtual, rowHeight, group ? rows : null]);
	useRememberedScroll(scroller, list);
	const selectedIndex = rows.findIndex((row) => row !== undefined && row.id === list.selected);
	const move = useTableKeys({
		...props,
		selectedIndex,
		pageRows: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 600) / rowHeight) - 2),
		show: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
		focus: () => grid.current?.focus({ preventScroll: true }),
	});
	const items = virtual.getVirtualItems();
	const first = items[0]?.index ?? 0;
	const last = items.at(-1)?.index ?? 0;
	const { onRange } = props;
	useEffect(() => onRange?.(first, last), [onRange, first, last]);
	const before = (items[0]?.start ?? headHeight) - headHeight;
	const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
	const fixed = columns.reduce((sum, column) => sum + (column.width ?? 150), 0);
	return (
		<div ref={scroller} className={styles.scroller}>
			<table
				ref={grid}
				// biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows can be chosen is a grid
				role="grid"
				aria-label={label}
				aria-rowcount={rows.length + 1}
				aria-colcount={columns.length}
				aria-activedescendant={
					selectedIndex >= first && selectedIndex <= last ? `${prefix}${selectedIndex}` : undefined
				}
				className={styles.table}
				style={{ minWidth: fixed }}
				tabIndex={0}
			>
				<colgroup>
					{columns.map((column) => (
						<col key={column.id} style={{ width: column.width }} />
					))}
				</colgroup>
				<TableHead columns={columns} list={list} />
				<tbody>
					<Spacer height={before} span={columns.length} />
					{items.map((item) => (
						<Fragment key={item.key}>
							<GroupHead group={groupAt(rows, item.index, group)} head={group?.head} span={columns.length} />
							<TableRow
								id={`${prefix}${item.index}`}
								index={item.index}
								row={rows[item.index]}
								columns={columns as readonly Column<{ id: string }>[]}
								selected={item.index === selectedIndex}
								onSelect={move.choose}
								onOpen={move.open}
							/>
						</Fragment>
					))}
					<Spacer height={after} span={columns.length} />
				</tbody>
			</table>
		</div>
	);
}

function useRememberedScroll(scroller: RefObject<HTMLDivElement | null>, list: ListState): void {
	const { keepScroll } = list;
	useEffect(() => {
		const element = scroller.current;
		const keep = () => keepScroll(element?.scrollTop ?? 0);
		element?.addEventListener('scroll', keep, { passive: true });
		return () => element?.removeEventListener('scroll', keep);
	}, [scroller, keepScroll]);
}

function Spacer({ height, span }: { height: number; span: number }) {
	if (height <= 0) return null;
	return (
		<tr aria-hidden>
			<td colSpan={span} className={styles.spacer} style={{ height }} />
		</tr>
	);
}

interface GroupHeadProps {
	group: string | null;
	head: ((group: string) => ReactNode) | undefined;
	span: number;
}

function GroupHead({ group, head, span }: GroupHeadProps) {
	if (group === null) return null;
	return (
		<tr>
			<th colSpan={span} scope="rowgroup" className={styles.group} style={{ height: groupHeight }}>
				{head?.(group)}
			</th>
		</tr>
	);
}

interface TableRowProps {
	id: string;
	index: number;
	row: { id: string } | undefined;
	columns: readonly Column<{ id: string }>[];
	selected: boolean;
	onSelect(index: number): void;
	onOpen(index: number): void;
}

const TableRow = memo(function TableRow({ id, index, row, columns, selected, onSelect, onOpen }: TableRowProps) {
	return (
		<tr
			id={id}
			aria-rowindex={index + 2}
			aria-selected={selected}
			className={selected ? `${styles.row} ${styles.selected}` : styles.row}
			onMouseDown={() => onSelect(index)}
			onDoubleClick={() => onOpen(index)}
		>
			{columns.map((column) => (
				<td key={column.id} className={column.align === 'right' ? styles.right : undefined}>
					{row ? column.cell(row) : null}
				</td>
			))}
		</tr>
	);
});
