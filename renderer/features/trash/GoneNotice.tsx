import { IconArrowRight } from '@tabler/icons-react';
import { copyText } from '../../lib/copy-text.ts';
import { useAnswer } from '../../lib/core.ts';
import { places } from '../../lib/places.ts';
import { Button } from '../../ui/Button.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import styles from './Trash.module.css';

interface GoneNoticeProps {
	/** What has gone, within a sentence: "note". */
	kind: string;
	accountId: string;
	accountName: string;
	/** All its words as text, where the page is one text. */
	words?: () => string;
	/** The last of them are on this screen only. */
	isUnsaved?: boolean;
	flush?: boolean;
}

const onlyHere = 'Your last words are on this screen only: copy them before you leave this page.';
const nothingHere = 'Nothing you typed is on this screen only.';
const fields = 'A field that could not be saved says so beside it and keeps your words.';

/** On the page of a record that has left this computer while it was open: what happened, where its words are, and a way to take them along. */
export function GoneNotice({ kind, accountId, accountName, words, isUnsaved = false, flush = false }: GoneNoticeProps) {
	const account = useAnswer('accounts.get', { id: accountId });
	const hasLeft = account.failure?.code === 'not_found';
	const why = hasLeft
		? `${accountName} belongs to somebody else now and has left this computer, this ${kind} with it.`
		: `This ${kind} is no longer on this computer.`;
	return (
		<div className={flush ? `${styles.notice} ${styles.flush}` : styles.notice} role="alert">
			<IconArrowRight size={16} stroke={1.6} aria-hidden />
			<p className={styles.noticeText}>
				<span className="strong">{why}</span> What was saved here went to the office first; what it did not take is
				under <RecordLink to={places.sync}>Sync</RecordLink>. {words ? (isUnsaved ? onlyHere : nothingHere) : fields}
			</p>
			{words ? (
				<Button look={isUnsaved ? 'primary' : 'plain'} onClick={() => void copyText(words(), 'Copied as text')}>
					Copy as text
				</Button>
			) : null}
		</div>
	);
}
