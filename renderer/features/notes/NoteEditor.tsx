import { Collaboration } from '@tiptap/extension-collaboration';
import { Placeholder } from '@tiptap/extension-placeholder';
import { type Editor, EditorContent, useEditor } from '@tiptap/react';
import { type RefObject, useEffect } from 'react';
import styles from './NoteEditor.module.css';
import { NoteToolbar } from './NoteToolbar.tsx';
import { noteShape } from './note-shape.ts';
import type { OpenNote } from './open-notes.ts';
import { tablesAsLines } from './paste-tables.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;

interface NoteEditorProps {
	note: OpenNote;
	editable: boolean;
	internal: boolean;
	/** Starts with the cursor in the text. */
	focus: boolean;
	/** Given the editor, so that the title can hand the cursor on. */
	handle: RefObject<Editor | null>;
}

/** The page one writes on. Its document is the note's own, made outside React; nothing is ever put in from here. */
export function NoteEditor({ note, editable, internal, focus, handle }: NoteEditorProps) {
	'use no memo';
	const editor = useEditor(
		{
			editable,
			injectNonce: nonce,
			autofocus: focus && editable ? 'end' : false,
			extensions: [
				noteShape,
				Collaboration.configure({ document: note.doc }),
				Placeholder.configure({ placeholder: 'Write. It is saved as you type.' }),
			],
			editorProps: {
				transformPastedHTML: tablesAsLines,
				attributes: { class: styles.text ?? '', 'aria-label': 'Text of the note', spellcheck: 'true' },
				handleKeyDown: (view, event) => {
					if (event.key === 'Escape') view.dom.blur();
					else if (!(event.key === 's' && (event.ctrlKey || event.metaKey))) return false;
					void note.saver.flush();
					event.preventDefault();
					event.stopPropagation();
					return true;
				},
			},
			onBlur: () => void note.saver.flush(),
		},
		[note],
	);
	useEffect(() => {
		handle.current = editor;
	}, [editor, handle]);
	useEffect(() => {
		editor.setEditable(editable);
	}, [editor, editable]);
	return (
		<div className={internal ? `${styles.surface} ${styles.internal}` : styles.surface}>
			{editable ? <NoteToolbar editor={editor} /> : null}
			{/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: a press below the text goes to its end */}
			<div
				className={styles.page}
				onClick={(event) => event.target === event.currentTarget && editor.commands.focus('end')}
			>
				<EditorContent editor={editor} className={styles.content} />
			</div>
		</div>
	);
}
