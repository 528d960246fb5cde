import { IconGitMerge } from '@tabler/icons-react';
import { counted } from '../../lib/numbers.ts';
import { places } from '../../lib/places.ts';
import { RecordLink } from '../../ui/RecordLink.tsx';
import styles from './Issue.module.css';

/** Two people wrote the same field: both texts are kept until one is chosen. */
export function ConflictNotice({ count }: { count: number }) {
	if (count === 0) return null;
	return (
		<div className={styles.conflict} role="status">
			<IconGitMerge size={16} stroke={1.6} aria-hidden />
			<p>
				<span className="strong">{counted(count, 'field')} to decide.</span> You and somebody else wrote different
				words; both are kept. <RecordLink to={places.sync}>Decide</RecordLink>
			</p>
		</div>
	);
}
