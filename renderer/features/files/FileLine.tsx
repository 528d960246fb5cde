import { IconFile, IconFileText, IconPhoto } from '@tabler/icons-react';
import type { AttachmentRow } from '../../../shared/contract/file-models.ts';
import { fileSize } from '../../lib/numbers.ts';
import { useProgress } from '../../lib/progress.ts';
import { Button } from '../../ui/Button.tsx';
import { InternalMark } from '../../ui/InternalMark.tsx';
import styles from './Files.module.css';
import { cancelFetch, fetchFile, useFetch } from './fetches.ts';
import { stateWords } from './file-words.ts';

/** One file: its name opens it, and where its bytes are is said in words. */
export function FileLine({ row, onOpen }: { row: AttachmentRow; onOpen(): void }) {
	const internal = row.internal !== false;
	return (
		<li className={internal ? `${styles.line} ${styles.internal}` : styles.line}>
			<span className={styles.icon}>
				<KindIcon mediaType={row.media_type} />
			</span>
			<button type="button" className={styles.name} title={row.file_name} onClick={onOpen}>
				{row.file_name}
			</button>
			<span className={styles.mark}>{internal ? <InternalMark /> : null}</span>
			<span className={`${styles.size} figures`}>{fileSize(row.size)}</span>
			<FileState row={row} />
		</li>
	);
}

function KindIcon({ mediaType }: { mediaType: string | null }) {
	const size = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;
	if (mediaType?.startsWith('image/')) return <IconPhoto {...size} />;
	return mediaType === null ? <IconFile {...size} /> : <IconFileText {...size} />;
}

/** "at the office · Fetch", "fetching 12 % · Cancel". */
export function FileState({ row }: { row: AttachmentRow }) {
	const fetching = useFetch(row.id);
	const progress = useProgress(fetching);
	const percent = progress?.total ? Math.floor((progress.done / progress.total) * 100) : row.percent;
	const { words, tone, offer } = stateWords(fetching ? { state: 'fetching', percent, problem: null } : row);
	return (
		<span className={styles.state}>
			<span className={`${tone} figures`}>{words}</span>
			{fetching ? (
				<Button look="quiet" aria-label={`Stop fetching ${row.file_name}`} onClick={() => cancelFetch(row.id)}>
					Cancel
				</Button>
			) : offer ? (
				<Button look="quiet" aria-label={`Fetch ${row.file_name}`} onClick={() => void fetchFile(row.id)}>
					Fetch
				</Button>
			) : null}
			{row.unsent && row.state === 'here' ? <span className="amber">not sent yet</span> : null}
		</span>
	);
}
