import { useAnswer } from '../../lib/core.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Section } from '../../ui/Section.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { HomelessCard } from './HomelessCard.tsx';

/** Records whose visit or issue has gone. They stay with their client, and with nobody else's, until a person says where. */
export function Homeless({ keys }: { keys: boolean }) {
	const answer = useAnswer('homeless.list', {});
	if (answer.data?.length === 0) return null;
	return (
		<Section
			title="Without a home"
			note="What they belonged to has gone. They stay with their client until you say where."
		>
			<Answer of={answer}>
				{(records) => (
					<Stack>
						{records.map((record, index) => (
							<HomelessCard key={record.id} record={record} keys={keys && index === 0} />
						))}
					</Stack>
				)}
			</Answer>
		</Section>
	);
}
