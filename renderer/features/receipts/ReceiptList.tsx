import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { quoted } from '../../../shared/domain/quoted.ts';
import { dayOf, exactDate, relativeDay } from '../../lib/dates.ts';
import { useListState } from '../../lib/list-place.ts';
import { useToday } from '../../lib/now.ts';
import { counted } from '../../lib/numbers.ts';
import { places } from '../../lib/places.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ListBar } from '../../ui/ListBar.tsx';
import { VirtualTable } from '../../ui/VirtualTable.tsx';
import styles from './Receipts.module.css';
import { receiptColumns } from './receipt-columns.tsx';
import { useReceipts } from './use-receipts.ts';

/** Every sync of this computer by day, each with its one line; found by any word in it. */
export function ReceiptList() {
	const list = useListState('receipts');
	const { head, rows, isWhole, onRange } = useReceipts(list.text);
	const today = useToday();
	const [, go] = useLocation();
	const { select } = list;
	const first = rows[0]?.id;
	const isThere = rows.some((row) => row.id === list.selected);
	useEffect(() => {
		if (!isThere && first) select(first);
	}, [isThere, first, select]);
	const dayHead = (day: string) => (
		<>
			{exactDate(day)} <span className={styles.beside}>{relativeDay(day, today)}</span>
		</>
	);
	return (
		<>
			<ListBar
				label="Find in receipts"
				text={list.text}
				onText={list.search}
				count={rows.length > 0 ? `${counted(rows.length, 'receipt')}${isWhole ? '' : ' so far'}` : null}
			/>
			<Answer of={head}>
				{() =>
					rows.length > 0 ? (
						<VirtualTable
							label="Sync receipts"
							columns={receiptColumns}
							rows={rows}
							list={list}
							group={{ of: (row) => dayOf(row.finishedAt), head: dayHead }}
							onRange={onRange}
							onOpen={(row) => go(places.receipt(row.receipt.id))}
						/>
					) : (
						<NoReceipts text={list.text} onClear={() => list.search('')} />
					)
				}
			</Answer>
		</>
	);
}

function NoReceipts({ text, onClear }: { text: string; onClear(): void }) {
	if (text)
		return (
			<EmptyState title="No receipt matches" action={<Button onClick={onClear}>Clear the search</Button>}>
				Nothing in them holds {quoted(text)}.
			</EmptyState>
		);
	return (
		<EmptyState title="No receipts yet">
			Each contact with the office leaves one here: what was sent, received, merged and refused.
		</EmptyState>
	);
}
