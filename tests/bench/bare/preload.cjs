const { ipcRenderer } = require('electron');

// The same moment as the app's: the frame that holds the page has been drawn.
addEventListener('DOMContentLoaded', () => {
	requestAnimationFrame(() => setTimeout(() => ipcRenderer.send('painted')));
});
