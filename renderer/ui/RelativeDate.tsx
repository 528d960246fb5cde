import { daysUntil, exactDate, exactInstant, relativeDay, relativeInstant, shortDate } from '../lib/dates.ts';
import { useNow, useToday } from '../lib/now.ts';

interface RelativeDateProps {
	/** A local date, or null. */
	day: string | null;
	/** Colours the date: red when passed, amber when this many days or fewer are left. For due dates that still matter. */
	warnWithin?: number;
	/** The date before the relative words: "27 Nov in 3 days". */
	withDate?: boolean;
}

function toneOf(days: number, warnWithin: number | undefined): string {
	if (warnWithin === undefined) return '';
	if (days < 0) return 'red';
	return days <= warnWithin ? 'amber' : '';
}

/** "in 3 days", exact on hover. */
export function RelativeDate({ day, warnWithin, withDate = false }: RelativeDateProps) {
	const today = useToday();
	if (!day) return <span className="muted">none</span>;
	const tone = toneOf(daysUntil(day, today), warnWithin);
	return (
		<time dateTime={day} title={exactDate(day)} className="figures">
			{withDate ? <span className={`strong ${tone}`}>{shortDate(day, today)}</span> : null}
			{withDate ? ' ' : null}
			<span className={withDate ? 'muted' : tone}>{relativeDay(day, today)}</span>
		</time>
	);
}

/** "3 hours ago", exact on hover. */
export function RelativeTime({ at }: { at: string | null }) {
	const now = useNow();
	if (!at) return <span className="muted">never</span>;
	return (
		<time dateTime={at} title={exactInstant(at)} className="figures">
			{relativeInstant(at, now)}
		</time>
	);
}
