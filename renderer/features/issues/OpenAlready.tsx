import { useAnswer } from '../../lib/core.ts';
import { places } from '../../lib/places.ts';
import { Inspector } from '../../ui/Inspector.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { RelativeDate } from '../../ui/RelativeDate.tsx';
import { Section } from '../../ui/Section.tsx';
import styles from './OpenAlready.module.css';

/** What the client has open already, so that nothing is opened twice. */
export function OpenAlready({ accountId }: { accountId: string | null }) {
	const answer = useAnswer(
		'issues.list',
		{ account_id: accountId ?? '-', limit: 20 },
		{ enabled: accountId !== null, keep: true },
	);
	const rows = accountId ? answer.data : undefined;
	return (
		<Inspector label="Open already">
			<Section title="Open already for this client">
				{rows === undefined || rows.length === 0 ? (
					<p className="muted">{accountId ? 'Nothing.' : 'Shown when the account is chosen.'}</p>
				) : (
					<ul className={styles.lines}>
						{rows.map((row) => (
							<li key={row.id}>
								<RecordLink to={places.issue(row.id)} plain>
									{row.title}
								</RecordLink>
								<RelativeDate day={row.due_date} warnWithin={2} />
							</li>
						))}
					</ul>
				)}
			</Section>
		</Inspector>
	);
}
