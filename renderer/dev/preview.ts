import type { StartState } from '../../shared/contract/bridge.ts';
import { createFakeBridge } from './fake-bridge.ts';
import { syncStates, syncStatus } from './fake-sync.ts';

// `vite renderer`, then /dev/preview.html?scheme=dark&sync=brake or ?start=wrong_key: screens without a core.
const asked = new URLSearchParams(window.location.search);
const scheme = asked.get('scheme');
const start = asked.get('start');

function startOf(name: string | null): StartState {
	if (!name) return { state: 'ready' };
	if (name === 'opening') return { state: 'opening' };
	const reason = 'This computer has no protected place for keys, so the workbook is opened by a passphrase.';
	if (name === 'unlock' || name === 'create')
		return { state: 'passphrase', create: name === 'create', reason, wrong: asked.has('wrong'), minLength: 12 };
	return { state: 'failed', code: name, path: '/home/mara/.config/Fieldbook/fieldbook.db' };
}

Object.defineProperty(window, 'fieldbook', {
	value: createFakeBridge({
		start: startOf(start),
		answers: { 'sync.status': () => ({ ...syncStatus, ...syncStates[asked.get('sync') ?? 'offline'] }) },
		settings: {
			...(scheme === 'dark' || scheme === 'light' ? { colorScheme: scheme } : {}),
			...(asked.get('density') === 'comfortable' ? { density: 'comfortable' } : {}),
		},
	}),
});
await import('../app/main.ts');
