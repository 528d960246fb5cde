import { useMemo, useRef, useState } from 'react';
import type { ConflictRow } from '../../../shared/contract/sync-models.ts';
import { useAnswer } from '../../lib/core.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { KeyHints } from '../../ui/Kbd.tsx';
import { Section } from '../../ui/Section.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { ConflictCard } from './ConflictCard.tsx';

const hints = [
	{ id: 'list.next', word: 'next' },
	{ id: 'list.previous', word: 'previous' },
	{ id: 'record.save', word: 'decide' },
	{ id: 'undo', word: 'take back' },
] as const;

const none: ConflictRow[] = [];

/** Everything that waits for a person to decide; nothing when nothing does. Worked through from the keyboard, one after the other. */
export function Conflicts() {
	const answer = useAnswer('conflicts.list', {});
	const me = useAnswer('app.info', {}).data?.user?.id ?? null;
	const rows = useMemo(() => byRecord(answer.data ?? none), [answer.data]);
	const { at, choose, leave } = useQueue(rows);
	if (answer.data?.length === 0) return null;
	const note = 'Two people changed the same field. Both values are kept until somebody chooses.';
	return (
		<Section
			title={rows.length > 1 ? `To decide, ${at + 1} of ${rows.length}` : 'To decide'}
			note={note}
			action={rows.length > 1 ? <KeyHints hints={hints} /> : null}
		>
			<Answer of={answer}>
				{() => (
					<Stack>
						{rows.map((row, index) => (
							<ConflictCard
								key={row.id}
								row={row}
								me={me}
								current={index === at}
								alone={rows.filter((other) => other.row_id === row.row_id).length === 1}
								onCurrent={() => choose(index, false)}
								onDecided={leave}
							/>
						))}
					</Stack>
				)}
			</Answer>
		</Section>
	);
}

/** What waits on one record stands together. */
function byRecord(rows: readonly ConflictRow[]): ConflictRow[] {
	const records = [...new Set(rows.map((row) => row.row_id))];
	return records.flatMap((id) => rows.filter((row) => row.row_id === id));
}

/** Which of the conflicts the keys belong to; after a decision the next one. */
function useQueue(rows: readonly ConflictRow[]) {
	const [id, setId] = useState<string | null>(null);
	const last = useRef(0);
	const found = rows.findIndex((row) => row.id === id);
	// The one decided last has gone: what stands in its place is next.
	const at = found === -1 ? Math.min(last.current, Math.max(rows.length - 1, 0)) : found;
	const choose = (index: number, focus: boolean) => {
		const row = rows[index];
		if (!row) return;
		last.current = index;
		setId(row.id);
		if (focus) cardOf(row.id)?.focus();
	};
	const move = (step: number) => choose(Math.min(Math.max(at + step, 0), rows.length - 1), true);
	useCommand('list.next', rows.length > 0 ? () => move(1) : null);
	useCommand('list.previous', rows.length > 0 ? () => move(-1) : null);
	const leave = () => {
		last.current = at;
		const next = rows[at + 1] ?? rows[at - 1];
		setId(next?.id ?? null);
		if (next) cardOf(next.id)?.focus();
	};
	return { at, choose, leave };
}

function cardOf(id: string): HTMLElement | null {
	return document.getElementById(`conflict-${id}`);
}
