import type { NotePage } from '../../../shared/contract/models.ts';
import { Files } from '../../features/files/Files.tsx';
import { VisitBrief } from '../../features/visits/VisitInspector.tsx';
import { VisitTime } from '../../features/visits/VisitTime.tsx';
import { useAnswer } from '../../lib/core.ts';
import { places } from '../../lib/places.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { Inspector, InspectorHead } from '../../ui/Inspector.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';

/** Beside a note: its files, and for one written at a visit what the visit is for and who is there. */
export function NoteAside({ page }: { page: NotePage }) {
	const { parent_type, parent_id } = page.note;
	const onlyReads = useOnlyReads(page.note.account_id, 'note');
	const visit = useAnswer('visits.get', { id: parent_id ?? '-' }, { enabled: parent_type === 'visit' }).data;
	const files = (
		<Files
			parent={{ parent_type: 'note', parent_id: page.note.id }}
			onlyRead={onlyReads}
			purpose="Photos of the whiteboard, handouts. The note never waits for them."
		/>
	);
	if (!visit)
		return (
			<Inspector label="About the note" wide>
				{files}
			</Inspector>
		);
	return (
		<Inspector label={visit.visit.purpose} wide>
			<InspectorHead title={<RecordLink to={places.visit(visit.visit.id)}>{visit.visit.purpose}</RecordLink>} />
			<VisitTime visit={visit.visit} />
			{files}
			<VisitBrief page={visit} />
		</Inspector>
	);
}
