import './theme.css';
import { createRoot } from 'react-dom/client';
import { applySettings } from '../lib/settings.tsx';
import { App } from './App.tsx';

// Both answers come from main without touching the store; theme and density are set before anything is drawn.
const [settings, start] = await Promise.all([window.fieldbook.settings(), window.fieldbook.startState()]);
applySettings(settings);
if (window.location.hash === '' && settings.route) window.location.replace(`#${settings.route}`);
const root = document.getElementById('root');
if (root) createRoot(root).render(<App settings={settings} start={start} />);
