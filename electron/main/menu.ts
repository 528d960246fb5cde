import { app, BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { TELL } from './channels.ts';
import { MENU_COMMANDS, type MenuCommand } from './menu-commands.ts';

type Item = MenuItemConstructorOptions;

const line: Item = { type: 'separator' };
const roles = (...names: NonNullable<Item['role']>[]): Item[] => names.map((role) => ({ role }));

/** The application menu by the platform's convention; it changes nothing itself, its commands go to the page. */
export function setMenu(packaged: boolean): void {
	const mac = process.platform === 'darwin';
	const { file, edit, view, go, help } = MENU_COMMANDS;
	const leave = mac ? roles('close') : [...commands(MENU_COMMANDS.app), line, { role: 'quit', label: 'Exit' } as Item];
	const development = packaged ? [] : [line, ...roles('reload', 'toggleDevTools')];
	const about: Item[] = mac ? [] : [line, { role: 'about', label: 'About Fieldbook' }];
	const template: Item[] = [
		...(mac ? [macMenu()] : []),
		{ label: 'File', submenu: [...commands(file), line, ...leave] },
		{
			label: 'Edit',
			submenu: [...roles('undo', 'redo'), line, ...roles('cut', 'copy', 'paste', 'selectAll'), line, ...commands(edit)],
		},
		{
			label: 'View',
			submenu: [
				...commands(view),
				line,
				...roles('resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen'),
				...development,
			],
		},
		{ label: 'Go', submenu: commands(go) },
		{ role: 'windowMenu' },
		{ role: 'help', submenu: [...commands(help), ...about] },
	];
	Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function macMenu(): Item {
	const rest = [line, ...roles('services'), line, ...roles('hide', 'hideOthers', 'unhide'), line, ...roles('quit')];
	return { label: app.name, submenu: [...roles('about'), line, ...commands(MENU_COMMANDS.app), ...rest] };
}

function commands(list: (MenuCommand | null)[]): Item[] {
	return list.map((entry) => (entry ? commandItem(entry) : line));
}

function commandItem({ label, id, key }: MenuCommand): Item {
	// The page hears the keys itself and knows what is being typed into; away from macOS the menu only shows them.
	const accelerator: Item = key ? { accelerator: key, registerAccelerator: process.platform === 'darwin' } : {};
	return { label, ...accelerator, click: (_item, window) => send(id, window) };
}

function send(id: string, window: Electron.BaseWindow | undefined): void {
	const target = window instanceof BrowserWindow ? window : BrowserWindow.getAllWindows()[0];
	target?.webContents.send(TELL.menu, id);
}
