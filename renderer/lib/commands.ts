/**
 * Every command a person can give, once: the palette, the sheet of keys, the key handling and the application menu are made
 * from this list. What a command does is said by whoever is on screen, through `useCommand`.
 *
 * Keys: `mod` is Ctrl, or Cmd on a Mac; "g a" is G and then A.
 */
export interface Command {
	readonly id: string;
	readonly title: string;
	readonly group: 'Go to' | 'In a list' | 'Unsent changes' | 'On a record' | 'Anywhere';
	readonly keys: readonly string[];
	/** Works while typing in a field as well. Only for keys with a modifier. */
	readonly whileTyping?: true;
	/** Kept out of the palette: it makes sense from the keyboard only. */
	readonly keyOnly?: true;
}

export const commands = [
	{ id: 'go.my-day', title: 'My day', group: 'Go to', keys: ['g m'] },
	{ id: 'go.accounts', title: 'Accounts', group: 'Go to', keys: ['g a'] },
	{ id: 'go.issues', title: 'Issues', group: 'Go to', keys: ['g i'] },
	{ id: 'go.travel-prep', title: 'Travel prep', group: 'Go to', keys: ['g t'] },
	{ id: 'go.sync', title: 'Sync and what is to decide', group: 'Go to', keys: ['g s'] },
	{ id: 'go.unsent', title: 'Unsent changes', group: 'Go to', keys: ['g u'] },
	{ id: 'go.receipts', title: 'Sync receipts', group: 'Go to', keys: ['g e'] },
	{ id: 'go.files-waiting', title: 'Files waiting', group: 'Go to', keys: ['g f'] },
	{ id: 'go.trash', title: 'Trash', group: 'Go to', keys: ['g d'] },
	{ id: 'go.backups', title: 'Backups and export', group: 'Go to', keys: ['g b'] },
	{ id: 'go.settings', title: 'Settings', group: 'Go to', keys: ['mod+,'], whileTyping: true },
	{ id: 'go.back', title: 'Back', group: 'Go to', keys: ['Escape', 'alt+ArrowLeft'], keyOnly: true },

	{ id: 'list.search', title: 'Search here', group: 'In a list', keys: ['/'] },
	{ id: 'list.next', title: 'Next row', group: 'In a list', keys: ['j', 'ArrowDown'], keyOnly: true },
	{ id: 'list.previous', title: 'Previous row', group: 'In a list', keys: ['k', 'ArrowUp'], keyOnly: true },
	{ id: 'list.page-next', title: 'One page down', group: 'In a list', keys: ['PageDown'], keyOnly: true },
	{ id: 'list.page-previous', title: 'One page up', group: 'In a list', keys: ['PageUp'], keyOnly: true },
	{ id: 'list.first', title: 'First row', group: 'In a list', keys: ['Home'], keyOnly: true },
	{ id: 'list.last', title: 'Last row', group: 'In a list', keys: ['End'], keyOnly: true },
	{ id: 'list.open', title: 'Open', group: 'In a list', keys: ['Enter'], keyOnly: true },
	{ id: 'list.tick', title: 'Tick', group: 'In a list', keys: ['Space'], keyOnly: true },
	{ id: 'choice.first', title: 'First choice', group: 'In a list', keys: ['1'], keyOnly: true },
	{ id: 'choice.second', title: 'Second choice', group: 'In a list', keys: ['2'], keyOnly: true },
	{ id: 'choice.third', title: 'Third choice', group: 'In a list', keys: ['3'], keyOnly: true },
	{ id: 'choice.both', title: 'Keep both', group: 'In a list', keys: ['b'], keyOnly: true },
	{ id: 'outbox.urgent', title: 'Urgent, or not', group: 'Unsent changes', keys: ['u'] },
	{ id: 'outbox.undo', title: 'Take back, or set aside', group: 'Unsent changes', keys: ['Delete', 'Backspace'] },
	{ id: 'outbox.earlier', title: 'Send earlier', group: 'Unsent changes', keys: ['alt+ArrowUp'] },
	{ id: 'outbox.later', title: 'Send later', group: 'Unsent changes', keys: ['alt+ArrowDown'] },
	{ id: 'outbox.send-alone', title: 'Send this one alone', group: 'Unsent changes', keys: ['s'] },

	{ id: 'record.create', title: 'Create here', group: 'On a record', keys: ['c'] },
	{ id: 'record.edit', title: 'Edit', group: 'On a record', keys: ['e'] },
	{ id: 'record.note', title: 'New note here', group: 'On a record', keys: ['n'] },
	{ id: 'record.files', title: 'Add files here', group: 'On a record', keys: ['mod+shift+a'], whileTyping: true },
	{ id: 'record.save', title: 'Save', group: 'On a record', keys: ['mod+Enter'], whileTyping: true, keyOnly: true },
	{ id: 'record.delete', title: 'Delete', group: 'On a record', keys: ['mod+Backspace'] },
	{ id: 'record.restore', title: 'Restore from the trash', group: 'On a record', keys: ['r'] },
	{
		id: 'note.versions',
		title: 'Versions of this note',
		group: 'On a record',
		keys: ['mod+shift+h'],
		whileTyping: true,
	},
	{ id: 'import.open', title: 'Import a file', group: 'On a record', keys: ['mod+o'], whileTyping: true },
	{ id: 'text.copy', title: 'Copy as text', group: 'On a record', keys: ['mod+shift+c'] },
	{ id: 'page.print', title: 'Print', group: 'On a record', keys: ['mod+p'], whileTyping: true },

	{
		id: 'palette.open',
		title: 'Search or run a command',
		group: 'Anywhere',
		keys: ['mod+k'],
		whileTyping: true,
		keyOnly: true,
	},
	{ id: 'keys.show', title: 'Keyboard shortcuts', group: 'Anywhere', keys: ['?', 'mod+/'] },
	{ id: 'new.issue', title: 'New issue', group: 'Anywhere', keys: [] },
	{ id: 'new.visit', title: 'New visit, plan a trip', group: 'Anywhere', keys: [] },
	{ id: 'undo', title: 'Undo the last change', group: 'Anywhere', keys: ['mod+z'] },
	{ id: 'sync.now', title: 'Sync now', group: 'Anywhere', keys: ['mod+shift+s'], whileTyping: true },
	{ id: 'sync.urgent', title: 'Send urgent changes only', group: 'Anywhere', keys: [] },
	{ id: 'sync.metered', title: 'Treat this link as metered, or as free', group: 'Anywhere', keys: [] },
	{ id: 'sync.pause', title: 'Work offline, or go back online', group: 'Anywhere', keys: [] },
	{ id: 'session.signIn', title: 'Sign in, in the browser', group: 'Anywhere', keys: [] },
	{ id: 'session.signOut', title: 'Sign out', group: 'Anywhere', keys: [] },
	{ id: 'backup.now', title: 'Back up now', group: 'Anywhere', keys: [] },
	{ id: 'export.everything', title: 'Export everything, in open formats', group: 'Anywhere', keys: [] },
	{ id: 'lock', title: 'Lock now', group: 'Anywhere', keys: ['mod+l'], whileTyping: true },
	{ id: 'theme.toggle', title: 'Switch between light and dark', group: 'Anywhere', keys: [] },
	{ id: 'density.toggle', title: 'Switch between compact and comfortable rows', group: 'Anywhere', keys: [] },
] as const satisfies readonly Command[];

export type CommandId = (typeof commands)[number]['id'];

export function commandById(id: CommandId): Command {
	return commands.find((command) => command.id === id) as Command;
}

export const isMac = typeof navigator !== 'undefined' && /Mac/.test(navigator.userAgent);

const keyNames: Record<string, string> = {
	mod: isMac ? '⌘' : 'Ctrl',
	shift: isMac ? '⇧' : 'Shift',
	alt: isMac ? '⌥' : 'Alt',
	Escape: 'Esc',
	ArrowDown: '↓',
	ArrowUp: '↑',
	ArrowLeft: '←',
	Delete: 'Del',
	PageDown: 'Page Down',
	PageUp: 'Page Up',
	Backspace: isMac ? '⌫' : 'Backspace',
};

function keyName(part: string): string {
	return keyNames[part] ?? (part.length === 1 ? part.toUpperCase() : part);
}

/** Keys as a person reads them: "mod+k" → "Ctrl K", "g a" → "G then A". */
export function keyWords(keys: string): string {
	return keys
		.split(' ')
		.map((stroke) => stroke.split('+').map(keyName).join(' '))
		.join(' then ');
}
