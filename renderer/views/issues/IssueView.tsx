import type { IssuePage } from '../../../shared/contract/models.ts';
import { issue as entity } from '../../../shared/entities/issue.ts';
import { Files } from '../../features/files/Files.tsx';
import { History } from '../../features/history/History.tsx';
import { ConflictNotice } from '../../features/issues/ConflictNotice.tsx';
import { IssueFacts, IssueNarrative } from '../../features/issues/IssueFacts.tsx';
import { NoteList } from '../../features/notes/NoteList.tsx';
import { type NoteParent, useNewNote } from '../../features/notes/use-new-note.ts';
import { DeletedGate } from '../../features/trash/DeletedGate.tsx';
import { GoneNotice } from '../../features/trash/GoneNotice.tsx';
import { useAnswer, useSend } from '../../lib/core.ts';
import { focusFirstField } from '../../lib/focus-field.ts';
import { usePainted } from '../../lib/painted.ts';
import { places } from '../../lib/places.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { useCommand } from '../../lib/use-command.ts';
import { useRemove } from '../../lib/use-remove.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Inspector } from '../../ui/Inspector.tsx';
import { InternalMark } from '../../ui/InternalMark.tsx';
import { KeyHints } from '../../ui/Kbd.tsx';
import { Page, PageBody } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { Section } from '../../ui/Section.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { TitleEdit } from '../../ui/TitleEdit.tsx';

const hints = [
	{ id: 'record.edit', word: 'edit' },
	{ id: 'record.note', word: 'note' },
	{ id: 'go.back', word: 'back' },
] as const;

/** One issue whole: what the client reads, what we know, what was noted, and every change. */
export function IssueView({ id }: { id: string }) {
	const answer = useAnswer('issues.get', { id });
	const page = answer.data;
	const parent: NoteParent | undefined = page && {
		account_id: page.issue.account_id,
		parent_type: 'issue',
		parent_id: id,
	};
	const newNote = useNewNote(parent);
	const remove = useRemove('issues.delete', id, 'Issue deleted');
	usePainted(page !== undefined);
	useCommand('record.edit', focusFirstField);
	const noNotes = useOnlyReads(page?.issue.account_id, 'note') || Boolean(page?.issue.deleted_at);
	useCommand('record.note', noNotes ? null : newNote);
	useCommand('record.delete', page?.issue.deleted_at ? null : remove);
	const aside = page ? (
		<Inspector label="Facts" wide foot={<KeyHints hints={hints} />}>
			<div inert={page.issue.deleted_at !== null}>
				<IssueFacts page={page} />
			</div>
		</Inspector>
	) : null;
	return (
		<Page header={<IssueHeader page={page} onRemove={remove} />} aside={aside}>
			<Answer of={answer}>
				{(found) => (
					<PageBody wide>
						<Stack>
							{answer.failure?.code === 'not_found' ? (
								<GoneNotice kind="issue" accountId={found.issue.account_id} accountName={found.account_name} />
							) : null}
							<DeletedGate
								entity="issue"
								id={id}
								deletedAt={found.issue.deleted_at}
								words={[found.issue.client_summary, found.issue.root_cause, found.issue.remedy]}
								fields={
									<>
										<ConflictNotice count={found.conflicts.length} />
										<Section title="For the client">
											<IssueNarrative page={found} side="client" />
										</Section>
										<Section title={<InternalMark word />}>
											<IssueNarrative page={found} side="internal" />
										</Section>
									</>
								}
							>
								{parent ? (
									<NoteList
										parent={parent}
										onNew={noNotes ? undefined : newNote}
										purpose="What was said about it, and what was promised."
									/>
								) : null}
								<Files
									parent={{ parent_type: 'issue', parent_id: id }}
									purpose="Mails, invoices, official letters: what the issue is about."
								/>
								<History entity={entity.name} id={id} />
							</DeletedGate>
						</Stack>
					</PageBody>
				)}
			</Answer>
		</Page>
	);
}

function IssueHeader({ page, onRemove }: { page: IssuePage | undefined; onRemove(): void }) {
	const { send } = useSend('issues.update');
	if (!page) return <PageHeader place="Issues" title=" " />;
	const { issue } = page;
	const place = (
		<>
			<RecordLink to={places.issues} plain>
				Issues
			</RecordLink>
			{' · '}
			<RecordLink to={places.account(issue.account_id)} plain>
				{page.account_name}
			</RecordLink>
			{` · ${issue.ref_no}`}
			{issue.deleted_at ? <span className="red"> · deleted</span> : null}
			{page.unsent ? ' · not sent yet' : null}
		</>
	);
	const title = issue.deleted_at ? (
		issue.title
	) : (
		<TitleEdit
			key={issue.id}
			label={entity.fields.title.label}
			value={issue.title}
			onSave={(value, seen) => send({ id: issue.id, patch: { title: value }, seen: { title: seen } })}
		/>
	);
	const remove = issue.deleted_at ? null : <Button onClick={onRemove}>Delete</Button>;
	return <PageHeader place={place} title={title} tools={remove} />;
}
