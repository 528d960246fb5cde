import {
	type Icon,
	IconBlockquote,
	IconBold,
	IconH1,
	IconH2,
	IconItalic,
	IconList,
	IconListNumbers,
} from '@tabler/icons-react';
import { type Editor, useEditorState } from '@tiptap/react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { keyWords } from '../../lib/commands.ts';
import styles from './NoteEditor.module.css';

interface Tool {
	word: string;
	keys: string;
	icon: Icon;
	isOn(editor: Editor): boolean;
	run(editor: Editor): void;
}

const tools: readonly Tool[] = [
	{
		word: 'Bold',
		keys: 'mod+b',
		icon: IconBold,
		isOn: (editor) => editor.isActive('bold'),
		run: (editor) => editor.chain().focus().toggleBold().run(),
	},
	{
		word: 'Italic',
		keys: 'mod+i',
		icon: IconItalic,
		isOn: (editor) => editor.isActive('italic'),
		run: (editor) => editor.chain().focus().toggleItalic().run(),
	},
	{
		word: 'Heading',
		keys: 'mod+alt+1',
		icon: IconH1,
		isOn: (editor) => editor.isActive('heading', { level: 1 }),
		run: (editor) => editor.chain().focus().toggleHeading({ level: 1 }).run(),
	},
	{
		word: 'Subheading',
		keys: 'mod+alt+2',
		icon: IconH2,
		isOn: (editor) => editor.isActive('heading', { level: 2 }),
		run: (editor) => editor.chain().focus().toggleHeading({ level: 2 }).run(),
	},
	{
		word: 'List',
		keys: 'mod+shift+8',
		icon: IconList,
		isOn: (editor) => editor.isActive('bulletList'),
		run: (editor) => editor.chain().focus().toggleBulletList().run(),
	},
	{
		word: 'Numbered list',
		keys: 'mod+shift+7',
		icon: IconListNumbers,
		isOn: (editor) => editor.isActive('orderedList'),
		run: (editor) => editor.chain().focus().toggleOrderedList().run(),
	},
	{
		word: 'Quote',
		keys: 'mod+shift+b',
		icon: IconBlockquote,
		isOn: (editor) => editor.isActive('blockquote'),
		run: (editor) => editor.chain().focus().toggleBlockquote().run(),
	},
];

/** The few ways to shape text. One stop for Tab, then the arrow keys. */
export function NoteToolbar({ editor }: { editor: Editor }) {
	'use no memo';
	const [at, setAt] = useState(0);
	const bar = useRef<HTMLDivElement>(null);
	const on = useEditorState({ editor, selector: ({ editor: now }) => tools.map((tool) => tool.isOn(now)) });
	const onKeyDown = (event: KeyboardEvent) => {
		const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
		if (!step) return;
		const next = (at + step + tools.length) % tools.length;
		setAt(next);
		bar.current?.querySelectorAll('button')[next]?.focus();
		event.preventDefault();
	};
	return (
		<div className={styles.tools}>
			<div ref={bar} role="toolbar" aria-label="Shape of the text" className={styles.toolbar} onKeyDown={onKeyDown}>
				{tools.map(({ word, keys, icon: ToolIcon, run }, index) => (
					<button
						key={word}
						type="button"
						tabIndex={index === at ? 0 : -1}
						aria-label={word}
						aria-pressed={on[index] ?? false}
						title={`${word} (${keyWords(keys)})`}
						className={on[index] ? `${styles.tool} ${styles.on}` : styles.tool}
						// The cursor stays in the text.
						onMouseDown={(event) => event.preventDefault()}
						onClick={() => run(editor)}
					>
						<ToolIcon size={17} stroke={1.6} aria-hidden />
					</button>
				))}
			</div>
		</div>
	);
}
