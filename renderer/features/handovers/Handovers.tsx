import type { HandoverRow } from '../../../shared/contract/sync-models.ts';
import { useAnswer } from '../../lib/core.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Section } from '../../ui/Section.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { HandoverCard } from './HandoverCard.tsx';

/** Work that reached the office after its account had changed hands: for who has the account now, and for its author. */
export function Handovers() {
	const answer = useAnswer('handovers.list', {});
	if (answer.data?.length === 0) return null;
	return <Answer of={answer}>{(rows) => <Trays rows={rows} />}</Answer>;
}

function Trays({ rows }: { rows: readonly HandoverRow[] }) {
	const theirs = rows.filter((row) => !row.mine);
	const mine = rows.filter((row) => row.mine);
	return (
		<Stack>
			{theirs.length > 0 ? (
				<Section
					title="Hand-overs"
					note="Written by colleagues whose account it was not, or was no longer. Read each, then take it over."
				>
					<Cards rows={theirs} />
				</Section>
			) : null}
			{mine.length > 0 ? (
				<Section
					title="Your late work"
					note="It was sent after the account had gone to somebody else. Nothing of it is lost."
				>
					<Cards rows={mine} />
				</Section>
			) : null}
		</Stack>
	);
}

function Cards({ rows }: { rows: readonly HandoverRow[] }) {
	return (
		<Stack>
			{rows.map((row) => (
				<HandoverCard key={row.id} row={row} />
			))}
		</Stack>
	);
}
