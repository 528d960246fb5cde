import type { VisitPage } from '../../../shared/contract/models.ts';
import { visit as entity } from '../../../shared/entities/visit.ts';
import { useSend } from '../../lib/core.ts';
import { Fields } from '../../ui/Fields.tsx';
import { Panel } from '../../ui/Section.tsx';

/** What the visit is for; what came of it is asked once it has begun. */
export function VisitNarrative({ page, begun }: { page: VisitPage; begun: boolean }) {
	const { send } = useSend('visits.update');
	const { visit } = page;
	const names = begun || visit.outcome ? ['objectives', 'outcome'] : ['objectives'];
	return (
		<Panel>
			<div style={{ display: 'flex', flexDirection: 'column', gap: 8 }}>
				<Fields
					entity={entity}
					names={names}
					record={visit}
					onPatch={(patch, seen) => send({ id: visit.id, patch, seen })}
				/>
			</div>
		</Panel>
	);
}
