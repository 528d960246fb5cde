import type { StartState } from '../../shared/contract/bridge.ts';
import { createFakeBridge } from './fake-bridge.ts';
import { syncStates, syncStatus } from './fake-sync.ts';

// `vite renderer`, then /dev/preview.html?scheme=dark&sync=brake or ?start=store_damaged&restore: screens without a core.
const asked = new URLSearchParams(window.location.search);
const scheme = asked.get('scheme');
const start = asked.get('start');

function startOf(name: string | null): StartState {
	if (!name) return { state: 'ready' };
	if (name === 'opening') return { state: 'opening' };
	if (name === 'new') return { state: 'new', why: 'first', keyring: !asked.has('no-keyring') };
	if (name === 'code') {
		const code = new TextEncoder().encode('K7WQ2-PDX4M-3HNAZ-TV9RB-6EJYS-GC2UF-8LXQ5');
		return { state: 'code', code };
	}
	if (name === 'changing-key') return { state: 'changing-key' };
	const ways = ['both', 'passphrase', 'no-keyring', 'keyring-gone', 'sample'] as const;
	const way = ways.find((known) => known === name);
	if (way) return { state: 'locked', way, hasCode: true };
	return {
		state: 'failed',
		code: name,
		path: '/home/mara/.config/Fieldbook/fieldbook.db',
		canRestore: asked.has('restore'),
	};
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
