import type { NotePage } from '../../../shared/contract/models.ts';
import { useAnswer } from '../../lib/core.ts';
import { exactInstant, shortInstant } from '../../lib/dates.ts';
import { useNow } from '../../lib/now.ts';
import { places } from '../../lib/places.ts';
import { RecordLink } from '../../ui/RecordLink.tsx';

/** What the note belongs to, who wrote it and when. */
export function NotePlace({ page }: { page: NotePage }) {
	const { note } = page;
	const now = useNow();
	const author = useAnswer('users.list', {}).data?.find((user) => user.id === note.author_id);
	return (
		<>
			<RecordLink to={places.account(note.account_id)} plain>
				{page.account_name}
			</RecordLink>
			<Parent type={note.parent_type} id={note.parent_id} />
			{author ? ` · ${author.name}` : null}
			{' · '}
			<time dateTime={note.at} title={exactInstant(note.at)}>
				{shortInstant(note.at, now)}
			</time>
			{note.deleted_at ? <span className="red"> · deleted</span> : null}
		</>
	);
}

function Parent({ type, id }: { type: string | null; id: string | null }) {
	const visit = useAnswer('visits.get', { id: id ?? '-' }, { enabled: type === 'visit' && id !== null }).data?.visit;
	const issue = useAnswer('issues.get', { id: id ?? '-' }, { enabled: type === 'issue' && id !== null }).data?.issue;
	const named = visit
		? { to: places.visit(visit.id), name: visit.purpose }
		: issue && { to: places.issue(issue.id), name: issue.title };
	if (!named) return null;
	return (
		<>
			{' · '}
			<RecordLink to={named.to} plain>
				{named.name}
			</RecordLink>
		</>
	);
}
