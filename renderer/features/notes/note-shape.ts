import { StarterKit } from '@tiptap/starter-kit';

/** By part, the keys it would take and the application needs for itself: Sync now, and Save. */
const givenUp: Record<string, readonly string[]> = {
	strike: ['Mod-Shift-s'],
	hardBreak: ['Mod-Enter'],
};

/**
 * How the text of a note may be shaped. A part gives up a key, never its shape: text that was struck through elsewhere
 * must not be dropped when it is read here.
 */
export const noteShape = StarterKit.extend({
	addExtensions() {
		return (this.parent?.() ?? []).map((part) => {
			const keys = givenUp[part.name];
			if (!keys) return part;
			return part.extend({
				addKeyboardShortcuts() {
					const all = this.parent?.() ?? {};
					return Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key)));
				},
			});
		});
	},
}).configure({
	// Undo is the document's own: it takes back what was typed here and nobody else's words.
	undoRedo: false,
	heading: { levels: [1, 2, 3] },
	link: { openOnClick: false },
});
