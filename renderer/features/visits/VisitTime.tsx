import { useHomeZone } from './use-home-zone.ts';
import styles from './Visit.module.css';
import { homeTime, siteHours, siteTime, zoneCity, zoneOffset } from './visit-time.ts';

interface VisitTimeProps {
	visit: { local_start: string; local_end: string; starts_at: string; ends_at: string; time_zone: string };
	/** Hours only, where the day stands beside it. */
	hours?: boolean;
}

/** Site time with its zone named, home time small beneath it. */
export function VisitTime({ visit, hours = false }: VisitTimeProps) {
	const home = useHomeZone();
	const there = homeTime(visit, home);
	const zone = `${zoneCity(visit.time_zone)} time`;
	return (
		<span className={hours ? `${styles.time} ${styles.hours}` : styles.time}>
			<time dateTime={visit.starts_at} title={`${siteTime(visit)}, ${zone} (${visit.time_zone})`}>
				{hours ? siteHours(visit) : siteTime(visit)}{' '}
				<span className="muted">
					{hours ? zoneCity(visit.time_zone) : `${zone} ${zoneOffset(visit.time_zone, visit.starts_at)}`}
				</span>
			</time>
			<small className={styles.home}>{there ?? 'the same at home'}</small>
		</span>
	);
}
