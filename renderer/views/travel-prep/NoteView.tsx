import type { Editor } from '@tiptap/react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { NotePage } from '../../../shared/contract/models.ts';
import { note as entity } from '../../../shared/entities/note.ts';
import { OnlyReadLine } from '../../features/accounts/OnlyReadLine.tsx';
import { InternalSwitch } from '../../features/notes/InternalSwitch.tsx';
import { NoteEditor } from '../../features/notes/NoteEditor.tsx';
import { holdNote, type OpenNote, openNote } from '../../features/notes/open-notes.ts';
import { SaveLine, SaveTrouble } from '../../features/notes/SaveLine.tsx';
import { wordsOf } from '../../features/notes/words-of.ts';
import { DeletedNotice } from '../../features/trash/DeletedNotice.tsx';
import { GoneNotice } from '../../features/trash/GoneNotice.tsx';
import { useLeftTrash } from '../../features/trash/use-left-trash.ts';
import { Versions } from '../../features/versions/Versions.tsx';
import { keyWords } from '../../lib/commands.ts';
import { useAnswer, useSend } from '../../lib/core.ts';
import { usePainted } from '../../lib/painted.ts';
import { useOnlyReads } from '../../lib/rights.ts';
import { useCommand } from '../../lib/use-command.ts';
import { useRemove } from '../../lib/use-remove.ts';
import { Answer } from '../../ui/Answer.tsx';
import { Button } from '../../ui/Button.tsx';
import { Page } from '../../ui/Page.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { TitleEdit } from '../../ui/TitleEdit.tsx';
import { NoteAside } from './NoteAside.tsx';
import { NotePlace } from './NotePlace.tsx';
import styles from './NoteView.module.css';

/** A note being written: the whole height for the words, the truth about saving above them. */
export function NoteView({ id }: { id: string }) {
	const answer = useAnswer('notes.get', { id });
	const [note] = useState(() => openNote(id));
	const editor = useRef<Editor | null>(null);
	const page = answer.data;
	const stored = page?.state;
	useEffect(() => holdNote(note), [note]);
	useEffect(() => {
		if (stored !== undefined) note.receive(stored);
	}, [note, stored]);
	usePainted(page !== undefined);
	const write = () => {
		// At once: the editor's own command waits for a frame, and a key pressed within it would be lost.
		editor.current?.view.focus();
		editor.current?.commands.focus();
	};
	useCommand('record.edit', write);
	const onlyReads = useOnlyReads(page?.note.account_id, 'note');
	const remove = useRemove('notes.delete', id, 'Note deleted');
	useCommand('record.delete', onlyReads ? null : remove);
	const isGone = useLeftTrash({ entity: 'note', id }, page?.note.deleted_at);
	const [versions, setVersions] = useState(false);
	const showVersions = () => setVersions(true);
	useCommand('note.versions', page && !isGone ? showVersions : null);
	const locked = page ? onlyReads || page.damaged || page.note.deleted_at !== null : true;
	return (
		<Page
			header={
				<>
					<NoteHeader page={page} note={note} onlyRead={onlyReads} onEnter={write} onVersions={showVersions} />
					{page ? <OnlyReadLine accountId={page.note.account_id} /> : null}
				</>
			}
			aside={page ? <NoteAside page={page} /> : null}
		>
			<Answer of={answer}>
				{(found) => (
					<>
						<SaveTrouble note={note} />
						{answer.failure?.code === 'not_found' ? <NoteGone page={found} note={note} /> : null}
						{found.note.deleted_at ? (
							<DeletedNotice entity="note" id={id} words={() => wordsOf(note.doc)} flush />
						) : null}
						{found.damaged ? <Damaged onVersions={showVersions} /> : null}
						{isGone ? null : (
							<NoteEditor
								note={note}
								editable={!locked}
								internal={found.note.internal === true}
								focus={found.note.title !== null}
								handle={editor}
							/>
						)}
					</>
				)}
			</Answer>
			{versions ? <Versions id={id} onBefore={() => note.saver.flush()} onClose={() => setVersions(false)} /> : null}
		</Page>
	);
}

/** The note has left this computer while it was open; its words stay here until the page is left. */
function NoteGone({ page, note }: { page: NotePage; note: OpenNote }) {
	const state = useSyncExternalStore(note.subscribe, note.state);
	return (
		<GoneNotice
			kind="note"
			accountId={page.note.account_id}
			accountName={page.account_name}
			words={() => wordsOf(note.doc)}
			isUnsaved={state.at === 'failed' || state.at === 'saving'}
			flush
		/>
	);
}

function Damaged({ onVersions }: { onVersions(): void }) {
	return (
		<div className={styles.damaged} role="alert">
			<p>
				<span className="strong">Part of this note cannot be read.</span> It was set aside, not deleted. What can be
				read stands below; it cannot be changed here, so that nothing is written over it. Go on in a new note.{' '}
				<Button look="quiet" onClick={onVersions}>
					Versions that can be read
				</Button>
			</p>
		</div>
	);
}

interface NoteHeaderProps {
	page: NotePage | undefined;
	note: OpenNote;
	onlyRead: boolean;
	onEnter(): void;
	onVersions(): void;
}

function NoteHeader({ page, note, onlyRead, onEnter, onVersions }: NoteHeaderProps) {
	const { send } = useSend('notes.update');
	if (!page) return <PageHeader place="Note" title=" " />;
	const { id, title } = page.note;
	if (onlyRead)
		return (
			<PageHeader
				place={<NotePlace page={page} />}
				title={title ?? 'Note without a title'}
				tools={<Button onClick={onVersions}>Versions</Button>}
			/>
		);
	return (
		<PageHeader
			place={<NotePlace page={page} />}
			title={
				<TitleEdit
					label={entity.fields.title.label}
					value={title ?? ''}
					placeholder="Title of the note"
					autoFocus={title === null}
					onSave={(value, seen) => send({ id, patch: { title: value || null }, seen: { title: seen || null } })}
					onEnter={onEnter}
				/>
			}
			tools={
				<>
					<SaveLine note={note} />
					<Button title={`Versions of this note (${keyWords('mod+shift+h')})`} onClick={onVersions}>
						Versions
					</Button>
					<InternalSwitch note={page.note} />
				</>
			}
		/>
	);
}
