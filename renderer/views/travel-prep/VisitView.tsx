import type { VisitPage } from '../../../shared/contract/models.ts';
import { visit as entity } from '../../../shared/entities/visit.ts';
import { OnlyReadLine } from '../../features/accounts/OnlyReadLine.tsx';
import { Files } from '../../features/files/Files.tsx';
import { History } from '../../features/history/History.tsx';
import { NoteList } from '../../features/notes/NoteList.tsx';
import { type NoteParent, useNewNote } from '../../features/notes/use-new-note.ts';
import { DeletedGate } from '../../features/trash/DeletedGate.tsx';
import { GoneNotice } from '../../features/trash/GoneNotice.tsx';
import { Attendees } from '../../features/visits/Attendees.tsx';
import { Checklist } from '../../features/visits/Checklist.tsx';
import { TakeAlong } from '../../features/visits/TakeAlong.tsx';
import { useDeleteVisit } from '../../features/visits/use-delete-visit.tsx';
import { VisitFacts } from '../../features/visits/VisitFacts.tsx';
import { VisitNarrative } from '../../features/visits/VisitNarrative.tsx';
import { useAnswer, useSend } from '../../lib/core.ts';
import { relativeDay } from '../../lib/dates.ts';
import { focusFirstField } from '../../lib/focus-field.ts';
import { useNow, useToday } from '../../lib/now.ts';
import { usePainted } from '../../lib/painted.ts';
import { places } from '../../lib/places.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { useCommand } from '../../lib/use-command.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Inspector } from '../../ui/Inspector.tsx';
import { CommandKbd, KeyHints } from '../../ui/Kbd.tsx';
import { Page, PageBody } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { RecordLink } from '../../ui/RecordLink.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { TitleEdit } from '../../ui/TitleEdit.tsx';

const hints = [
	{ id: 'list.next', word: 'checklist' },
	{ id: 'list.tick', word: 'tick' },
	{ id: 'record.note', word: 'note' },
	{ id: 'go.back', word: 'back' },
] as const;

/** One visit: what must be ready, who will be there, what to take along, and what was noted. */
export function VisitView({ id }: { id: string }) {
	const answer = useAnswer('visits.get', { id });
	const page = answer.data;
	const now = useNow();
	const parent: NoteParent | undefined = page && {
		account_id: page.visit.account_id,
		parent_type: 'visit',
		parent_id: id,
	};
	const newNote = useNewNote(parent);
	const removal = useDeleteVisit(page);
	usePainted(page !== undefined);
	useCommand('record.edit', focusFirstField);
	const noNotes = useOnlyReads(page?.visit.account_id, 'note') || Boolean(page?.visit.deleted_at);
	const onlyReads = useOnlyReads(page?.visit.account_id, 'visit');
	useCommand('record.note', noNotes ? null : newNote);
	useCommand('record.delete', page?.visit.deleted_at || onlyReads ? null : removal.ask);
	const aside = page ? (
		<Inspector label="Where, when and who" wide foot={<KeyHints hints={hints} />}>
			<div inert={page.visit.deleted_at !== null}>
				<Stack>
					<VisitFacts page={page} />
					<Attendees page={page} />
				</Stack>
			</div>
		</Inspector>
	) : null;
	return (
		<Page
			header={
				<>
					<VisitHeader
						page={page}
						onNote={noNotes ? undefined : newNote}
						onRemove={onlyReads ? undefined : removal.ask}
					/>
					{page ? <OnlyReadLine accountId={page.visit.account_id} /> : null}
				</>
			}
			aside={aside}
		>
			<Answer of={answer}>
				{(found) => (
					<PageBody wide>
						<Stack>
							{answer.failure?.code === 'not_found' ? (
								<GoneNotice kind="visit" accountId={found.visit.account_id} accountName={found.account_name} />
							) : null}
							<DeletedGate
								entity="visit"
								id={id}
								deletedAt={found.visit.deleted_at}
								words={[found.visit.objectives, found.visit.outcome]}
								fields={
									<>
										<VisitNarrative page={found} begun={now.toISOString() >= found.visit.starts_at} />
										<Checklist page={found} />
									</>
								}
							>
								{parent ? (
									<NoteList
										parent={parent}
										onNew={noNotes ? undefined : newNote}
										purpose="Minutes, promises and what was heard. They are saved as you type, without a network too."
									/>
								) : null}
								<Files
									parent={{ parent_type: 'visit', parent_id: id }}
									onlyRead={onlyReads}
									keep={{ kind: 'visit', id }}
									purpose="Slides, agendas, badges, what the client hands over: here without a network too."
								/>
								<TakeAlong page={found} />
								<History entity={entity.name} id={id} />
							</DeletedGate>
						</Stack>
					</PageBody>
				)}
			</Answer>
			{removal.dialog}
		</Page>
	);
}

interface VisitHeaderProps {
	page: VisitPage | undefined;
	/** Left out where this person only reads. */
	onNote: (() => void) | undefined;
	onRemove: (() => void) | undefined;
}

function VisitHeader({ page, onNote, onRemove }: VisitHeaderProps) {
	const { send } = useSend('visits.update');
	const today = useToday();
	if (!page) return <PageHeader place="Travel prep" title=" " />;
	const { visit } = page;
	const place = (
		<>
			<RecordLink to={places.travelPrep} plain>
				Travel prep
			</RecordLink>
			{' · '}
			<RecordLink to={places.account(visit.account_id)} plain>
				{page.account_name}
			</RecordLink>
			{` · ${relativeDay(visit.local_start.slice(0, 10), today)}`}
			{visit.deleted_at ? <span className="red"> · deleted</span> : null}
		</>
	);
	const title =
		visit.deleted_at || !onRemove ? (
			visit.purpose
		) : (
			<TitleEdit
				key={visit.id}
				label={entity.fields.purpose.label}
				value={visit.purpose}
				onSave={(value, seen) => send({ id: visit.id, patch: { purpose: value }, seen: { purpose: seen } })}
			/>
		);
	const add = onNote ? (
		<Button look="primary" onClick={onNote} hint={<CommandKbd id="record.note" />}>
			New note
		</Button>
	) : null;
	if (visit.deleted_at) return <PageHeader place={place} title={title} />;
	return (
		<PageHeader
			place={place}
			title={title}
			tools={onRemove ? <Button onClick={onRemove}>Delete</Button> : null}
			action={add}
		/>
	);
}
