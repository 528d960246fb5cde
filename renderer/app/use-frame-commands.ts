import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { backUpNow } from '../features/backups/use-backup-now.ts';
import { exportEverything } from '../features/export/use-export.ts';
import { undoTakeBack } from '../features/outbox/held-change.ts';
import { expectNews, useSyncNews } from '../features/receipts/use-sync-news.ts';
import { signInByBrowser, signOut } from '../features/sync/sign-in.ts';
import { type CommandId, isMac } from '../lib/commands.ts';
import { call, useAnswer } from '../lib/core.ts';
import { errorLine } from '../lib/error-words.ts';
import { listenForKeys } from '../lib/keys.ts';
import { listOf, placeOf, places } from '../lib/places.ts';
import { useScheme, useSettings } from '../lib/settings.tsx';
import { showToast } from '../lib/toasts.ts';
import { runCommand, useCommand } from '../lib/use-command.ts';
import { askVault, vaultWords } from '../lib/vault.ts';

/** The commands that work everywhere: going places, undo, sync, theme. Listens for keys and for the application menu. */
export function useFrameCommands(): void {
	const [location, go] = useLocation();
	useCommand('go.my-day', () => go(places.myDay));
	useCommand('go.accounts', () => go(places.accounts));
	useCommand('go.issues', () => go(places.issues));
	useCommand('go.travel-prep', () => go(places.travelPrep));
	useCommand('go.sync', () => go(places.sync));
	useCommand('go.unsent', () => go(places.unsent));
	useCommand('go.receipts', () => go(places.receipts));
	useCommand('go.files-waiting', () => go(places.filesWaiting));
	useCommand('go.trash', () => go(places.trash));
	useCommand('go.backups', () => go(places.backups));
	useCommand('go.settings', () => go(places.settings));
	useCommand('backup.now', () => void backUpNow());
	useCommand('export.everything', () => void exportEverything({ account: null, files: true }));
	const top = location.split('/').length <= 2 || /^\/sync\/[a-z]+$/.test(location);
	// A page restored at start has nothing behind it; its list is the way back then.
	useCommand(
		'go.back',
		top ? null : () => (window.navigation.canGoBack ? window.history.back() : go(listOf(location))),
	);
	useCommand('record.create', () => go(places.newIssue()));
	useCommand('new.issue', () => go(places.newIssue()));
	useCommand('new.visit', () => go(places.newVisit()));
	useCommand('undo', () => {
		if (!undoTakeBack()) void undoLast(go);
	});
	useCommand('lock', () => void lock());
	useSyncCommands();
	useSessionCommands();
	useSyncNews();
	useLookCommands();
	useEffect(() => listenForKeys(runCommand, isMac), []);
	useEffect(() => window.fieldbook.onMenu((id) => void runCommand(id as CommandId)), []);
}

/** Main asks the page to save first, and ends it. Only a refusal is ever heard of here. */
async function lock(): Promise<void> {
	const answer = await askVault({ ask: 'lock' });
	if (!answer.ok) showToast(vaultWords(answer));
}

async function undoLast(go: (to: string) => void): Promise<void> {
	const result = await call('undo.last', {});
	if (!result.ok) return showToast(errorLine(result.error));
	const { label, entity, row_id } = result.value;
	showToast(`Undone: ${label}`, { undone: true });
	const place = entity && row_id ? placeOf({ entity, id: row_id }) : null;
	// On a decision's page one sees at once that it is open again.
	if (place && !label.endsWith('created') && label !== 'Conflict decided') go(place);
}

function useSyncCommands(): void {
	const syncNow = async (what: 'all' | 'urgent') => {
		expectNews();
		const result = await call('sync.now', { what });
		if (!result.ok) showToast(errorLine(result.error));
	};
	useCommand('sync.now', () => void syncNow('all'));
	useCommand('sync.urgent', () => void syncNow('urgent'));
	useCommand('sync.metered', async () => {
		const status = await call('sync.status', {});
		if (!status.ok) return;
		const result = await call('sync.metered', { choice: status.value.metered ? 'no' : 'yes' });
		const said =
			result.ok && result.value.metered ? 'Metered link: only urgent changes are sent' : 'Everything is sent';
		showToast(result.ok ? said : errorLine(result.error));
	});
	useCommand('sync.pause', async () => {
		const status = await call('sync.status', {});
		if (!status.ok) return;
		const result = await call('sync.pause', { paused: !status.value.paused });
		showToast(result.ok ? (result.value.paused ? 'Working offline' : 'Back online') : errorLine(result.error));
	});
}

function useSessionCommands(): void {
	const state = useAnswer('session.status', {}).data?.state;
	const isOut = state === 'signed_out' || state === 'expired';
	useCommand('session.signIn', isOut ? () => void signInByBrowser() : null);
	useCommand('session.signOut', state === 'signed_in' ? () => void signOut() : null);
}

function useLookCommands(): void {
	const { settings, change } = useSettings();
	const scheme = useScheme();
	useCommand('theme.toggle', () => change({ colorScheme: scheme === 'dark' ? 'light' : 'dark' }));
	useCommand('density.toggle', () => change({ density: settings.density === 'compact' ? 'comfortable' : 'compact' }));
}
