import { useAnswer } from '../../lib/core.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Section } from '../../ui/Section.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { ConflictCard } from './ConflictCard.tsx';

/** Everything that waits for a person to decide; nothing when nothing does. */
export function Conflicts() {
	const answer = useAnswer('conflicts.list', {});
	if (answer.data?.length === 0) return null;
	return (
		<Section title="To decide" note="Two people changed the same field. Both texts are kept until you choose.">
			<Answer of={answer}>
				{(rows) => (
					<Stack>
						{rows.map((row, index) => (
							<ConflictCard
								key={row.id}
								row={row}
								first={index === 0}
								alone={rows.filter((other) => other.row_id === row.row_id).length === 1}
							/>
						))}
					</Stack>
				)}
			</Answer>
		</Section>
	);
}
