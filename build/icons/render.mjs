// Runs in Electron: draws an SVG at several sizes and writes `SIZE.png` files. `electron render.mjs SVG FOLDER SIZES`.
import fs from 'node:fs';
import path from 'node:path';
import { app, BrowserWindow } from 'electron';

const [svgFile = '', folder = '', sizes = ''] = process.argv.slice(-3);
app.disableHardwareAcceleration();
app.on('window-all-closed', () => undefined);
void app
	.whenReady()
	.then(renderAll)
	.then(
		() => app.exit(0),
		(error) => {
			console.error(error);
			app.exit(1);
		},
	);

async function renderAll() {
	const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
	await window.loadURL('data:text/html,<!doctype html>');
	const svg = `data:image/svg+xml;base64,${fs.readFileSync(svgFile).toString('base64')}`;
	for (const size of sizes.split(',').map(Number)) {
		const url = await window.webContents.executeJavaScript(`(${drawInPage})(${JSON.stringify(svg)}, ${size})`);
		fs.writeFileSync(path.join(folder, `${size}x${size}.png`), Buffer.from(String(url).split(',')[1] ?? '', 'base64'));
	}
}

/** Source text for the page: it has a canvas, this process has not. */
const drawInPage = `async (source, size) => {
	const image = new Image();
	image.src = source;
	await image.decode();
	const canvas = document.createElement('canvas');
	canvas.width = canvas.height = size;
	const context = canvas.getContext('2d');
	context.imageSmoothingQuality = 'high';
	context.drawImage(image, 0, 0, size, size);
	return canvas.toDataURL('image/png');
}`;
