import { IconFileImport, IconMessage2, IconNote, IconPlaneTilt } from '@tabler/icons-react';
import type { TimelineLine } from '../../../shared/contract/models.ts';
import { useAnswer } from '../../lib/core.ts';
import { exactInstant, shortInstant } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { placeOf } from '../../lib/places.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { InternalMark } from '../../ui/InternalMark.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { Panel, Section } from '../../ui/Section.tsx';
import styles from './Timeline.module.css';

const icons = { note: IconNote, issue: IconMessage2, visit: IconPlaneTilt, import: IconFileImport };

interface TimelineProps {
	accountId: string;
	limit?: number;
	onAll?: () => void;
}

/** What happened at this client, newest first: notes, issues, visits and imports. `onAll` leads from the short form to the long one. */
export function Timeline({ accountId, limit = 500, onAll }: TimelineProps) {
	const answer = useAnswer('accounts.timeline', { id: accountId, limit });
	return (
		<Section
			title="Timeline"
			action={
				onAll ? (
					<Button look="quiet" onClick={onAll}>
						Whole timeline
					</Button>
				) : null
			}
		>
			<Answer of={answer} lines={4}>
				{(lines) => <Lines lines={lines} accountId={accountId} />}
			</Answer>
		</Section>
	);
}

function Lines({ lines, accountId }: { lines: readonly TimelineLine[]; accountId: string }) {
	return (
		<Panel flush>
			{lines.length > 0 ? (
				<ul>
					{lines.map((line) => (
						<Line key={`${line.kind}${line.id}`} line={line} accountId={accountId} />
					))}
				</ul>
			) : (
				<EmptyState title="Nothing has happened yet">
					Notes, issues, visits and imports of this client line up here.
				</EmptyState>
			)}
		</Panel>
	);
}

function Line({ line, accountId }: { line: TimelineLine; accountId: string }) {
	const Icon = icons[line.kind];
	const now = useNow();
	const place = line.kind === 'import' ? null : placeOf({ entity: line.kind, id: line.id, account_id: accountId });
	return (
		<li className={line.internal ? `${styles.line} ${styles.internal}` : styles.line}>
			<Icon size={16} stroke={1.5} aria-hidden />
			<div className={styles.words}>
				<p className={styles.title}>
					{place ? <RecordLink to={place}>{line.title}</RecordLink> : <span className="strong">{line.title}</span>}{' '}
					{line.internal ? <InternalMark /> : null}
				</p>
				<p className={styles.detail}>{line.detail}</p>
			</div>
			<p className={styles.when}>
				<time dateTime={line.at} title={exactInstant(line.at)}>
					{shortInstant(line.at, now)}
				</time>
				<span>{line.who}</span>
			</p>
		</li>
	);
}
