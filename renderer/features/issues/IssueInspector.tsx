import type { IssueRow } from '../../../shared/contract/models.ts';
import { issue as entity } from '../../../shared/entities/issue.ts';
import { useAnswer, useSend } from '../../lib/core.ts';
import { places } from '../../lib/places.ts';
import { Fields } from '../../ui/Fields.tsx';
import { Inspector, InspectorHead } from '../../ui/Inspector.tsx';
import { InternalBox } from '../../ui/InternalMark.tsx';
import { KeyHints } from '../../ui/Kbd.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { Section } from '../../ui/Section.tsx';
import { ConflictNotice } from './ConflictNotice.tsx';
import styles from './Issue.module.css';
import { useOwnerOptions } from './use-owner-options.ts';

const hints = [
	{ id: 'list.open', word: 'open' },
	{ id: 'record.edit', word: 'edit' },
	{ id: 'record.create', word: 'new' },
	{ id: 'list.search', word: 'filter' },
] as const;

const names = ['status', 'priority', 'type', 'owner_id', 'due_date'];

/** The selected issue, its working fields ready to change. */
export function IssueInspector({ row }: { row: IssueRow | undefined }) {
	const owners = useOwnerOptions();
	const { send } = useSend('issues.update');
	if (!row) return <Inspector label="Issue" />;
	return (
		<Inspector label={row.title} foot={<KeyHints hints={hints} />}>
			<InspectorHead title={row.title}>
				<span className="figures">{row.ref_no}</span> ·{' '}
				<RecordLink to={places.account(row.account_id)} plain>
					{row.account_name}
				</RecordLink>
				{row.unsent ? ' · not sent yet' : null}
			</InspectorHead>
			<ConflictNotice count={row.conflicts} />
			<div key={row.id} className={styles.fields}>
				<Fields
					entity={entity}
					names={names}
					record={row}
					options={{ owner_id: owners }}
					onPatch={(patch, seen) => send({ id: row.id, patch, seen })}
				/>
			</div>
			<Words id={row.id} />
		</Inspector>
	);
}

/** What was written about it: for the client, and for us alone. */
function Words({ id }: { id: string }) {
	const issue = useAnswer('issues.get', { id }, { keep: true }).data?.issue;
	if (issue?.id !== id) return null;
	const internal = [issue.root_cause, issue.remedy].filter(Boolean).join('\n');
	return (
		<>
			{issue.client_summary ? (
				<Section title={entity.fields.client_summary.label}>
					<p className={styles.words}>{issue.client_summary}</p>
				</Section>
			) : null}
			{internal ? <InternalBox>{internal}</InternalBox> : null}
		</>
	);
}
