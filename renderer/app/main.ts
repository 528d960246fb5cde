import './theme.css';
import { refuseMarkup } from '../lib/markup.ts';

refuseMarkup();

// Asked at once, while the rest of the page is still being read: main answers the first two without the store, and core
// answers the others as soon as it is open.
const { fieldbook } = window;
const settings = fieldbook.settings();
const start = fieldbook.startState();
const answers = (['accounts.list', 'sync.status', 'app.info'] as const).map((method) => ({
	method,
	answer: fieldbook.call(method, {}),
}));

const { drawApp } = await import('./draw-app.tsx');
drawApp({ settings: await settings, start: await start, answers });
