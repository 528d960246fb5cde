import { IconBan, IconClockPause, IconFlag, IconSend } from '@tabler/icons-react';
import { exactInstant, shortInstant } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { counted } from '../../lib/numbers.ts';
import { NameCell } from '../../ui/NameCell.tsx';
import type { Column } from '../../ui/VirtualTable.tsx';
import styles from './Outbox.module.css';
import type { OutboxRow } from './outbox-rows.ts';
import { changeLine, stateWords } from './outbox-words.ts';

function iconOf(row: OutboxRow) {
	if (row.refused !== null) return IconBan;
	if (row.handedOver) return IconSend;
	return row.waitsFor === 'server' ? IconClockPause : IconFlag;
}

/** What sets a change apart, by a shape and a word. */
export function OutboxState({ row }: { row: OutboxRow }) {
	const words = stateWords(row);
	if (!words) return null;
	const Icon = iconOf(row);
	const tone = row.refused !== null ? 'red' : row.urgent && !row.handedOver ? styles.urgent : 'muted';
	return (
		<span className={`${styles.state} ${tone}`}>
			<Icon size={14} stroke={1.6} aria-hidden /> {words}
		</span>
	);
}

function When({ at }: { at: string }) {
	const now = useNow();
	return (
		<time dateTime={at} title={exactInstant(at)}>
			{shortInstant(at, now)}
		</time>
	);
}

/** What was done first: it must be read however little room there is. */
function What({ row }: { row: OutboxRow }) {
	const more = [row.count > 1 ? counted(row.count, 'record') : null, changeLine(row)].filter(Boolean);
	return (
		<>
			{row.label}
			{more.length > 0 ? <span className="muted"> · {more.join(' · ')}</span> : null}
		</>
	);
}

export const outboxColumns: readonly Column<OutboxRow>[] = [
	{ id: 'record', header: 'Change', cell: (row) => <NameCell name={row.title} /> },
	{ id: 'what', header: 'In words', cell: (row) => <What row={row} /> },
	{ id: 'state', header: 'State', width: 206, cell: (row) => <OutboxState row={row} /> },
	{ id: 'at', header: 'Made', width: 92, align: 'right', cell: (row) => <When at={row.at} /> },
];
