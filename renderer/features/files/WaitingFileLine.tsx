import type { WaitingFile } from '../../../shared/contract/file-models.ts';
import { useNow } from '../../lib/now.ts';
import { fileSize } from '../../lib/numbers.ts';
import { placeOf } from '../../lib/places.ts';
import { Button } from '../../ui/Button.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import styles from './Files.module.css';
import { cancelFetch, fetchFile, useFetch } from './fetches.ts';
import { waitingWords } from './file-words.ts';

interface WaitingFileLineProps {
	file: WaitingFile;
	/** Why nothing can go now; null when it can be tried. */
	why: string | null;
	/** Tries to send it now. */
	onTry(): void;
}

/** One file on its way: its name and size, what it belongs to, how far it is, and why it waits. */
export function WaitingFileLine({ file, why, onTry }: WaitingFileLineProps) {
	const now = useNow();
	const fetching = useFetch(file.id);
	const { words, tone } = waitingWords(fetching ? { ...file, state: 'fetching', problem: null } : file, now);
	const place = placeOf({ entity: file.parent_type, id: file.parent_id, account_id: file.account_id });
	const about = file.parent_title === file.account_name ? null : file.account_name;
	return (
		<li className={styles.waiting}>
			<span className="strong">{file.file_name}</span>
			<span className={`${styles.waitingSize} figures muted`}>{fileSize(file.size)}</span>
			<span className={styles.waitingAbout}>
				{place ? <RecordLink to={place}>{file.parent_title}</RecordLink> : file.parent_title}
				{about ? <span className="muted"> · {about}</span> : null}
			</span>
			<span className={`${styles.waitingState} ${tone} figures`}>{words}</span>
			<span className={styles.waitingAct}>
				{fetching ? (
					<Button look="quiet" aria-label={`Stop fetching ${file.file_name}`} onClick={() => cancelFetch(file.id)}>
						Cancel
					</Button>
				) : (
					<Button
						look="quiet"
						why={why}
						aria-label={`Try ${file.file_name} now`}
						onClick={() => (file.direction === 'down' ? void fetchFile(file.id) : onTry())}
					>
						Try now
					</Button>
				)}
			</span>
		</li>
	);
}
