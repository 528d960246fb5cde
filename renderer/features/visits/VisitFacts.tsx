import type { VisitPage } from '../../../shared/contract/models.ts';
import { visit as entity } from '../../../shared/entities/visit.ts';
import { useAnswer, useSend } from '../../lib/core.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { Fields, type OnPatch } from '../../ui/Fields.tsx';
import styles from './Visit.module.css';
import { VisitTime } from './VisitTime.tsx';
import { VisitTimeFields } from './VisitTimeFields.tsx';

/** Where and when, each changed in place; moving the start moves the end with it. */
export function VisitFacts({ page }: { page: VisitPage }) {
	const { visit } = page;
	const { send } = useSend('visits.update');
	const onlyReads = useOnlyReads(visit.account_id, 'visit');
	const users = useAnswer('users.list', {}).data ?? [];
	const onPatch: OnPatch = (patch, seen) => send({ id: visit.id, patch, ...(seen ? { seen } : {}) });
	return (
		<>
			<div className={styles.facts}>
				<p className="strong">{visit.place ?? <span className="muted">No place yet</span>}</p>
				<VisitTime visit={visit} />
			</div>
			<div className={styles.fields}>
				{onlyReads ? null : <VisitTimeFields visit={visit} onPatch={onPatch} />}
				<Fields
					entity={entity}
					names={['place', 'type', 'status', 'owner_id']}
					record={visit}
					options={{ owner_id: users.map((user) => ({ value: user.id, label: user.name })) }}
					onPatch={onPatch}
				/>
			</div>
		</>
	);
}
