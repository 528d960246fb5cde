import { IconTrash } from '@tabler/icons-react';
import type { Deletion } from '../../../shared/contract/kept-models.ts';
import { copyText } from '../../lib/copy-text.ts';
import { useAnswer } from '../../lib/core.ts';
import { countedWords, isOne } from '../../lib/counted-words.ts';
import { dayOf, exactDate, exactInstant } from '../../lib/dates.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Button } from '../../ui/Button.tsx';
import { CommandKbd } from '../../ui/Kbd.tsx';
import styles from './Trash.module.css';
import { type TrashItem, useBringBack } from './use-bring-back.ts';

interface DeletedNoticeProps extends TrashItem {
	/** Its words as text, where they can be copied. */
	words?: (() => string) | undefined;
	flush?: boolean;
}

/** On the page of a deleted record: who deleted it and when, and the way back. */
export function DeletedNotice({ entity, id, words, flush = false }: DeletedNoticeProps) {
	const deletion = useAnswer('trash.about', { entity, id }).data;
	const isUnsent = useAnswer('sync.unsent', {}).data?.some((change) => change.row_id === id) ?? false;
	const { bringBack, pending } = useBringBack();
	const isHere = Boolean(deletion?.stays_until) && deletion?.mayRestore === true;
	const withParent = deletion?.parent?.deleted === true;
	const restore = (parents: boolean) => void bringBack([{ entity, id }], { parents, along: deletion?.along ?? [] });
	useCommand('record.restore', isHere && !pending ? () => restore(withParent) : null);
	if (!deletion) return null;
	return (
		<div className={flush ? `${styles.notice} ${styles.flush}` : styles.notice} role="status">
			<IconTrash size={16} stroke={1.6} aria-hidden />
			<p className={styles.noticeText}>
				<span className="strong">{deletedBy(deletion)}</span> {afterwards(deletion)}
				{words && !deletion.mine ? ` ${yourWords(isUnsent)}` : null}
			</p>
			{words ? <Button onClick={() => void copyText(words(), 'Copied as text')}>Copy as text</Button> : null}
			{isHere && withParent ? (
				<Button disabled={pending} onClick={() => restore(false)}>
					Restore only this
				</Button>
			) : null}
			{isHere ? (
				<Button
					look="primary"
					disabled={pending}
					onClick={() => restore(withParent)}
					hint={<CommandKbd id="record.restore" />}
				>
					{withParent ? 'Restore both' : 'Restore'}
				</Button>
			) : null}
		</div>
	);
}

/** What becomes of words that were being typed while a colleague deleted it. */
function yourWords(isUnsent: boolean): string {
	return isUnsent
		? 'Your last words are saved here and not sent yet; with them it comes back at the next contact.'
		: 'All you typed is in it and comes back with it.';
}

function deletedBy({ mine, by_name, at }: Deletion): string {
	const who = mine ? ' by you' : by_name ? ` by ${by_name}` : '';
	return `Deleted${who} on ${exactInstant(at)}.`;
}

function afterwards({ stays_until, parent, along, stays, mayRestore }: Deletion): string {
	if (!stays_until) return 'That is more than 30 days ago, so it has left the trash.';
	const both = parent?.deleted ? `What it belongs to, ${parent.title}, was deleted as well. ` : '';
	const went =
		along.length > 0 ? `${countedWords(along)} went with it and ${isOne(along) ? 'comes' : 'come'} back with it. ` : '';
	const still =
		stays.length > 0
			? `${countedWords(stays)} that ${isOne(stays) ? 'belongs' : 'belong'} to it ${isOne(stays) ? 'is' : 'are'} still here. `
			: '';
	const until = exactDate(dayOf(stays_until));
	const way = mayRestore
		? `It can be restored until ${until}.`
		: `Whoever looks after the client can restore it until ${until}.`;
	return `${both}${went}${still}${way}`;
}
