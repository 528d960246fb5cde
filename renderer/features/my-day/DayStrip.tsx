import type { DayLoad } from '../../../shared/domain/my-day/day-item.ts';
import { exactDate } from '../../lib/dates.ts';
import { counted } from '../../lib/numbers.ts';
import styles from './MyDay.module.css';

/** The next working days: what falls on each, and where the person is then. */
export function DayStrip({ days }: { days: readonly DayLoad[] }) {
	return (
		<ol className={styles.strip} aria-label="The next working days">
			{days.map((load) => (
				<li key={load.day} className={load.away.length > 0 ? `${styles.cell} ${styles.away}` : styles.cell}>
					<p className={styles.date}>
						<time dateTime={load.day} title={exactDate(load.day)}>
							{exactDate(load.day).slice(0, -5)}
						</time>
					</p>
					<p className={load.warning ? 'amber' : load.due > 0 ? '' : 'muted'} title={warningWords(load)}>
						{load.due > 0 ? `${load.due} due` : load.away.length > 0 ? 'away' : 'free'}
						{load.warning === 'much' || load.warning === 'two visits' ? `, ${load.warning}` : null}
					</p>
					<p className={styles.place} title={load.away.join(', ')}>
						{load.away.join(', ')}
					</p>
				</li>
			))}
		</ol>
	);
}

function warningWords({ due, warning }: DayLoad): string | undefined {
	switch (warning) {
		case 'due while away':
			return `${counted(due, 'thing')} due on a day when you are at a client's site`;
		case 'two visits':
			return 'Two visits on one day';
		case 'much':
			return 'More than a day usually holds';
		default:
			return undefined;
	}
}
