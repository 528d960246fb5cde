import type { AccountRow } from '../../../shared/contract/models.ts';
import { account as entity } from '../../../shared/entities/account.ts';
import { useAnswer } from '../../lib/core.ts';
import { timeAt } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { count } from '../../lib/numbers.ts';
import { places } from '../../lib/places.ts';
import { Inspector, InspectorHead } from '../../ui/Inspector.tsx';
import { InternalBox } from '../../ui/InternalMark.tsx';
import { KeyHints } from '../../ui/Kbd.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { RelativeDate } from '../../ui/RelativeDate.tsx';
import { Section } from '../../ui/Section.tsx';
import styles from './Account.module.css';

const hints = [
	{ id: 'list.open', word: 'open' },
	{ id: 'record.create', word: 'issue' },
	{ id: 'list.search', word: 'filter' },
] as const;

/** The selected account at a glance. Figures come with the row, the rest follows in a blink. */
export function AccountInspector({ row }: { row: AccountRow | undefined }) {
	if (!row) return <Inspector label="Account" />;
	return (
		<Inspector label={row.name} foot={<KeyHints hints={hints} />}>
			<Head row={row} />
			<NextLines row={row} />
			<IssueLines accountId={row.id} />
			<RenewalLines accountId={row.id} />
			<InternalLines accountId={row.id} />
		</Inspector>
	);
}

function Head({ row }: { row: AccountRow }) {
	const now = useNow();
	const there = row.time_zone ? timeAt(row.time_zone, now) : null;
	const tier = row.tier ? entity.fields.tier.values[row.tier] : null;
	return (
		<InspectorHead title={row.name}>
			{[row.city, there ? `${there} there` : null, tier].filter(Boolean).join(' · ')}
		</InspectorHead>
	);
}

function NextLines({ row }: { row: AccountRow }) {
	return (
		<dl className={styles.figures}>
			<dt>Next cut-off</dt>
			<dd>
				<RelativeDate day={row.next_cutoff} warnWithin={7} withDate />
			</dd>
			<dt>Undecided</dt>
			<dd className={row.undecided > 0 ? 'strong' : 'muted'}>{count(row.undecided)}</dd>
			<dt>Next visit</dt>
			<dd>
				<RelativeDate day={row.next_visit_at?.slice(0, 10) ?? null} withDate />
			</dd>
		</dl>
	);
}

function IssueLines({ accountId }: { accountId: string }) {
	const issues = useAnswer('issues.list', { account_id: accountId, limit: 4 }).data;
	if (!issues || issues.length === 0) return null;
	return (
		<Section title="Open issues">
			<ul className={styles.lines}>
				{issues.map((issue) => (
					<li key={issue.id}>
						<RecordLink to={places.issue(issue.id)} plain>
							{issue.title}
						</RecordLink>
						<RelativeDate day={issue.due_date} warnWithin={2} />
					</li>
				))}
			</ul>
		</Section>
	);
}

function RenewalLines({ accountId }: { accountId: string }) {
	const renewals = useAnswer('renewals.upcoming', { account_id: accountId, limit: 4 }).data;
	if (!renewals || renewals.length === 0) return null;
	return (
		<Section title="Next renewals">
			<ul className={styles.lines}>
				{renewals.map((renewal) => (
					<li key={renewal.id}>
						<RecordLink to={places.asset(renewal.asset_id)} plain>
							{renewal.client_ref ?? renewal.number ?? renewal.title} {renewal.country}
						</RecordLink>
						<RelativeDate day={renewal.client_cutoff} warnWithin={7} />
					</li>
				))}
			</ul>
		</Section>
	);
}

function InternalLines({ accountId }: { accountId: string }) {
	const account = useAnswer('accounts.get', { id: accountId }).data?.account;
	if (!account?.strategic_value) return null;
	return <InternalBox>{account.strategic_value}</InternalBox>;
}
