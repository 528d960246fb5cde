import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../../shared/contract/bridge.ts';

const listen = <T>(channel: string, listener: (value: T) => void) => {
	const hear = (_event: unknown, value: T) => listener(value);
	ipcRenderer.on(channel, hear);
	return () => void ipcRenderer.off(channel, hear);
};

/** The channels are main/channels.ts's; preload imports nothing but Electron. */
const bridge: Bridge = {
	call: (method, input) => ipcRenderer.invoke('fieldbook:call', method, input),
	onEvent: (listener) => listen('fieldbook:event', listener),
	startState: () => ipcRenderer.invoke('fieldbook:start-state'),
	onStartState: (listener) => listen('fieldbook:start-state-changed', listener),
	vault: (ask) => ipcRenderer.invoke('fieldbook:vault', ask),
	onLeave: (listener) => listen('fieldbook:leave', listener),
	left: (unsaved) => void ipcRenderer.invoke('fieldbook:left', unsaved),
	signIn: (step) => ipcRenderer.invoke('fieldbook:sign-in', step),
	chooseFile: (purpose, suggestedName) => ipcRenderer.invoke('fieldbook:choose-file', purpose, suggestedName),
	chooseFiles: () => ipcRenderer.invoke('fieldbook:choose-files'),
	dropFile: (file) => ipcRenderer.invoke('fieldbook:drop-file', webUtils.getPathForFile(file as File)),
	settings: () => ipcRenderer.invoke('fieldbook:settings'),
	saveSettings: (patch) => ipcRenderer.invoke('fieldbook:save-settings', patch),
	onMenu: (listener) => listen('fieldbook:menu', listener),
	tellLink: (link) => void ipcRenderer.invoke('fieldbook:tell-link', link),
	painted: () => void ipcRenderer.invoke('fieldbook:painted'),
};

// Main overwrites the memory that messages went through: it says zeros, and hears them again.
ipcRenderer.on('fieldbook:nothing', (_event, zeros) => ipcRenderer.send('fieldbook:nothing', zeros));

contextBridge.exposeInMainWorld('fieldbook', bridge);
