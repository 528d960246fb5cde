import type { HistoryLine } from '../../../shared/contract/models.ts';
import { exactInstant, shortInstant } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { places } from '../../lib/places.ts';
import { RecordLink } from '../../ui/RecordLink.tsx';
import styles from './History.module.css';
import { HistoryValues } from './HistoryValues.tsx';

const events: Record<string, string> = { created: 'Created', deleted: 'Deleted', restored: 'Brought back' };

/** One change: what, from what to what, by whom and when. */
export function HistoryRow({ line }: { line: HistoryLine }) {
	const now = useNow();
	const event = events[line.field];
	return (
		<li className={styles.line}>
			<p className={styles.label}>{event ?? line.label}</p>
			<div className={styles.change}>
				{event ? null : <HistoryValues line={line} />}
				<Fate line={line} />
			</div>
			<p className={styles.who}>
				{line.sent ? null : <span className={styles.unsent}>not sent yet</span>}
				<span>
					{line.by_name ?? (line.origin === 'import' ? 'Import' : 'Office')}
					{line.origin === 'remote' ? ' by sync' : null}
				</span>
				<time dateTime={line.at} title={exactInstant(line.at)}>
					{shortInstant(line.at, now)}
				</time>
			</p>
		</li>
	);
}

/** How a value came about, and what became of one that met another. */
function Fate({ line }: { line: HistoryLine }) {
	if (line.conflict === 'waiting')
		return (
			<p className={styles.fate}>
				<span className="amber">To decide.</span> It waits beside what somebody else wrote.{' '}
				<RecordLink to={places.sync}>Decide</RecordLink>
			</p>
		);
	if (line.how === 'decided') return <p className={styles.fate}>Decided in a conflict.</p>;
	if (line.how === 'put_back') return <p className={styles.fate}>An earlier value, put back.</p>;
	if (line.conflict === 'not_chosen') return <p className={styles.fate}>Not chosen in a conflict; kept here.</p>;
	return null;
}
