// The floor of the start and memory benchmarks: one window of the same runtime with one line of text.
import path from 'node:path';
import { app, BrowserWindow, ipcMain } from 'electron';

app.setPath('userData', process.env.BARE_USER_DATA);
ipcMain.on('painted', () => {
	const createdAt = process.getCreationTime() ?? performance.timeOrigin;
	const painted = performance.timeOrigin + performance.now() - createdAt;
	process.stdout.write(`TIMING ${JSON.stringify({ createdAt, painted })}\n`);
});
app.on('window-all-closed', () => app.quit());
app.whenReady().then(() => {
	const window = new BrowserWindow({
		width: 1440,
		height: 900,
		show: false,
		webPreferences: { preload: path.join(import.meta.dirname, 'preload.cjs'), sandbox: true },
	});
	window.once('ready-to-show', () => window.show());
	window.loadFile(path.join(import.meta.dirname, 'index.html'));
});
