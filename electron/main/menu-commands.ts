/** A menu item of ours: its words, the id of a command in the renderer's registry, and the key shown beside it. */
export interface MenuCommand {
	label: string;
	id: string;
	key?: string;
}

/** The commands of the application menu, by menu; null draws a line. Standard items (copy, zoom, quit) are roles. */
export const MENU_COMMANDS = {
	app: [{ label: 'Settings…', id: 'go.settings', key: 'CmdOrCtrl+,' }],
	file: [
		{ label: 'Create here', id: 'record.create' },
		{ label: 'New note here', id: 'record.note' },
		null,
		{ label: 'Import a file…', id: 'import.open', key: 'CmdOrCtrl+O' },
		null,
		{ label: 'Print', id: 'page.print', key: 'CmdOrCtrl+P' },
		null,
		{ label: 'Sync now', id: 'sync.now', key: 'CmdOrCtrl+Shift+S' },
		{ label: 'Send urgent changes only', id: 'sync.urgent' },
		{ label: 'Work offline, or go back online', id: 'sync.pause' },
		null,
		{ label: 'Back up now', id: 'backup.now' },
		{ label: 'Export everything…', id: 'export.everything' },
		null,
		{ label: 'Lock now', id: 'lock', key: 'CmdOrCtrl+L' },
	],
	edit: [
		{ label: 'Undo the last change', id: 'undo' },
		{ label: 'Search here', id: 'list.search' },
	],
	view: [
		{ label: 'Search or run a command', id: 'palette.open', key: 'CmdOrCtrl+K' },
		{ label: 'Switch between light and dark', id: 'theme.toggle' },
		{ label: 'Switch between compact and comfortable rows', id: 'density.toggle' },
	],
	go: [
		{ label: 'Accounts', id: 'go.accounts' },
		{ label: 'Issues', id: 'go.issues' },
		{ label: 'Travel prep', id: 'go.travel-prep' },
		null,
		{ label: 'Sync and what is to decide', id: 'go.sync' },
		{ label: 'Unsent changes', id: 'go.unsent' },
		{ label: 'Sync receipts', id: 'go.receipts' },
		{ label: 'Files waiting', id: 'go.files-waiting' },
	],
	help: [{ label: 'Keyboard shortcuts', id: 'keys.show', key: 'CmdOrCtrl+/' }],
} satisfies Record<string, (MenuCommand | null)[]>;
