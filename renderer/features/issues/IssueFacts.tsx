import type { IssuePage } from '../../../shared/contract/models.ts';
import { issue as entity } from '../../../shared/entities/issue.ts';
import { useAnswer, useSend } from '../../lib/core.ts';
import { Fields, type OnPatch } from '../../ui/Fields.tsx';
import { AssetField } from './AssetField.tsx';
import styles from './Issue.module.css';
import { useOwnerOptions } from './use-owner-options.ts';

const names = ['status', 'priority', 'type', 'owner_id', 'due_date', 'contact_id'];

/** The facts of an issue, each changed in place. */
export function IssueFacts({ page }: { page: IssuePage }) {
	const { issue } = page;
	const { send } = useSend('issues.update');
	const owners = useOwnerOptions();
	const contacts = useAnswer('contacts.list', { account_id: issue.account_id }).data ?? [];
	const people = contacts.map((row) => ({ value: row.id, label: row.full_name }));
	const onPatch: OnPatch = (patch, seen) => send({ id: issue.id, patch, ...(seen ? { seen } : {}) });
	return (
		<div className={`${styles.fields} ${styles.facts}`}>
			<Fields
				entity={entity}
				names={names}
				record={issue}
				options={{ owner_id: owners, contact_id: people }}
				onPatch={onPatch}
			/>
			<AssetField page={page} onSave={(value) => onPatch({ asset_id: value })} />
			<Fields entity={entity} names={['received_at', ...(issue.resolved_at ? ['resolved_at'] : [])]} record={issue} />
		</div>
	);
}

/** What was written: the words the client may see on one sheet, ours on another, so that the two are never taken for one. */
export function IssueNarrative({ page, side }: { page: IssuePage; side: 'client' | 'internal' }) {
	const { send } = useSend('issues.update');
	const shown = side === 'client' ? ['client_summary'] : ['root_cause', 'remedy'];
	return (
		<div className={side === 'client' ? styles.narrative : `${styles.narrative} ${styles.internal}`}>
			<Fields
				entity={entity}
				names={shown}
				record={page.issue}
				onPatch={(patch, seen) => send({ id: page.issue.id, patch, seen })}
				labels={{ client_summary: 'Summary' }}
			/>
		</div>
	);
}
