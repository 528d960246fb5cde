import { app, BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { TELL } from './channels.ts';

type Item = MenuItemConstructorOptions;

/** The application menu by the platform's convention. Items of ours send the id of a command of the renderer's registry. */
export function setMenu(packaged: boolean): void {
	const mac = process.platform === 'darwin';
	const template: Item[] = [
		...(mac ? [macMenu()] : []),
		fileMenu(mac),
		editMenu(),
		viewMenu(packaged),
		goMenu(),
		{ role: 'windowMenu' },
		helpMenu(mac),
	];
	Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/**
 * Away from macOS the page hears the keys itself and knows what is being typed into, so the menu only shows them.
 */
function command(label: string, id: string, accelerator?: string): Item {
	const key: Item = accelerator ? { accelerator, registerAccelerator: process.platform === 'darwin' } : {};
	return { label, ...key, click: (_item, window) => send(id, window) };
}

function send(id: string, window: Electron.BaseWindow | undefined): void {
	const target = window instanceof BrowserWindow ? window : BrowserWindow.getAllWindows()[0];
	target?.webContents.send(TELL.menu, id);
}

const line: Item = { type: 'separator' };

function macMenu(): Item {
	return {
		label: app.name,
		submenu: [
			{ role: 'about' },
			line,
			command('Settings…', 'settings.open', 'Cmd+,'),
			line,
			{ role: 'services' },
			line,
			{ role: 'hide' },
			{ role: 'hideOthers' },
			{ role: 'unhide' },
			line,
			{ role: 'quit' },
		],
	};
}

function fileMenu(mac: boolean): Item {
	const items: Item[] = [
		command('New issue', 'issue.create', 'CmdOrCtrl+N'),
		command('New visit', 'visit.create'),
		command('New note', 'note.create', 'CmdOrCtrl+Shift+N'),
		line,
		command('Import a file…', 'import.start', 'CmdOrCtrl+O'),
		line,
		command('Send and receive now', 'sync.now'),
		command('Unsent changes', 'sync.unsent'),
		line,
	];
	if (mac) return { label: 'File', submenu: [...items, { role: 'close' }] };
	return { label: 'File', submenu: [...items, command('Settings', 'settings.open', 'Ctrl+,'), line, { role: 'quit', label: 'Exit' }] };
}

function editMenu(): Item {
	return {
		label: 'Edit',
		submenu: [
			command('Undo', 'undo', 'CmdOrCtrl+Z'),
			line,
			{ role: 'cut' },
			{ role: 'copy' },
			{ role: 'paste' },
			{ role: 'pasteAndMatchStyle' },
			{ role: 'selectAll' },
			line,
			command('Find', 'search.focus', 'CmdOrCtrl+F'),
		],
	};
}

function viewMenu(packaged: boolean): Item {
	const zoom: Item[] = [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, line, { role: 'togglefullscreen' }];
	const development: Item[] = packaged ? [] : [line, { role: 'reload' }, { role: 'toggleDevTools' }];
	return { label: 'View', submenu: [command('Command palette', 'palette.open', 'CmdOrCtrl+K'), line, ...zoom, ...development] };
}

function goMenu(): Item {
	return {
		label: 'Go',
		submenu: [
			command('Accounts', 'go.accounts'),
			command('Issues', 'go.issues'),
			command('Travel prep', 'go.travel-prep'),
		],
	};
}

function helpMenu(mac: boolean): Item {
	const items: Item[] = [command('Keyboard shortcuts', 'shortcuts.show', 'CmdOrCtrl+/')];
	return { role: 'help', submenu: mac ? items : [...items, line, { role: 'about', label: 'About Fieldbook' }] };
}
