import { useAnswer } from '../../lib/core.ts';
import { relativeInstant } from '../../lib/dates.ts';
import { errorWords } from '../../lib/error-words.ts';
import { useNow } from '../../lib/now.ts';
import { counted } from '../../lib/numbers.ts';

/** How it stands with the backups, in one line. */
export function BackupsLine() {
	const now = useNow();
	const { data } = useAnswer('backups.list', {});
	const [newest] = data?.backups ?? [];
	if (data?.damaged) return <span className="red">{errorWords('store_damaged').title}</span>;
	if (data?.problem)
		return <span className="red">The last one could not be made: {errorWords(data.problem).title.toLowerCase()}</span>;
	if (!newest) return <span className="muted">None yet</span>;
	return (
		<span className="muted">
			{counted(data?.backups.length ?? 0, 'backup')}, the last {relativeInstant(newest.at, now)}
		</span>
	);
}
