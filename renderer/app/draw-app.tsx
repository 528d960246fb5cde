import { createRoot } from 'react-dom/client';
import type { StartState, UiSettings } from '../../shared/contract/bridge.ts';
import { createQueryClient, type EarlyAnswer, takeEarlyAnswers } from '../lib/core.ts';
import { applySettings } from '../lib/settings.tsx';
import { App } from './App.tsx';
import { saveOnLeave } from './save-on-leave.ts';

interface FirstAnswers {
	settings: UiSettings;
	start: StartState;
	answers: readonly EarlyAnswer[];
}

/** Draws the app for the first time; theme, density and place are set before, so nothing flashes or jumps. */
export function drawApp({ settings, start, answers }: FirstAnswers): void {
	applySettings(settings);
	if (window.location.hash === '' && settings.route) window.location.replace(`#${settings.route}`);
	const client = createQueryClient();
	takeEarlyAnswers(client, answers);
	saveOnLeave();
	const root = document.getElementById('root');
	if (root) createRoot(root).render(<App client={client} settings={settings} start={start} />);
}
