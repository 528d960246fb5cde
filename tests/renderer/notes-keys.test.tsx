import { type AnyExtension, Editor } from '@tiptap/core';
import { afterEach, expect, it } from 'vitest';
import { noteShape } from '../../renderer/features/notes/note-shape.ts';
import { type Command, commands } from '../../renderer/lib/commands.ts';

let editor: Editor | undefined;
afterEach(() => editor?.destroy());

function openEditor(content = ''): Editor {
	editor = new Editor({ element: document.createElement('div'), extensions: [noteShape], content });
	return editor;
}

/** "mod+shift+s" and "Shift-Mod-s" are the same stroke. */
const stroke = (keys: string) => keys.toLowerCase().split(/[+-]/).sort().join(' ');

/** The strokes that the parts of the editor answer. The frame's own are left out: they only ever leave a block of code. */
function strokesOf(of: Editor): string[] {
	const parts = of.extensionManager.extensions.filter(({ name }) => name !== 'keymap');
	return parts.flatMap((part: AnyExtension) => {
		const add = part.config.addKeyboardShortcuts as ((this: unknown) => object) | null | undefined;
		const parent = part.parent?.config.addKeyboardShortcuts as ((this: unknown) => object) | null | undefined;
		const self = { name: part.name, options: part.options, storage: part.storage, editor: of };
		return Object.keys(add?.call({ ...self, parent: parent?.bind(self) }) ?? {}).map(stroke);
	});
}

it('answers no key of a command that works while typing', () => {
	const list: readonly Command[] = commands;
	const taken = list.filter(({ whileTyping }) => whileTyping).flatMap(({ keys }) => keys.map(stroke));
	const own = strokesOf(openEditor());
	expect(own).toContain(stroke('mod+b'));
	expect(own.filter((keys) => taken.includes(keys))).toEqual([]);
});

it('Ctrl Shift S strikes nothing through; what was struck through stays so', () => {
	const now = openEditor('<p>plain <s>struck</s></p>');
	now.commands.selectAll();
	now.view.someProp('handleKeyDown', (handle) =>
		handle(now.view, new KeyboardEvent('keydown', { key: 'S', keyCode: 83, ctrlKey: true, shiftKey: true })),
	);
	expect(now.getHTML()).toBe('<p>plain <s>struck</s></p>');
});
