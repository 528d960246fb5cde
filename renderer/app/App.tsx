import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Router, useLocation } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import type { StartState, UiSettings } from '../../shared/contract/bridge.ts';
import { SettingsProvider } from '../lib/settings.tsx';
import { Frame } from './Frame.tsx';
import { followLink } from './follow-link.ts';
import { LeaseGate } from './LeaseGate.tsx';
import { followCore } from './live-updates.ts';
import { Routes } from './routes.tsx';
import { StartScreen } from './start/StartScreen.tsx';

interface AppProps {
	client: QueryClient;
	settings: UiSettings;
	start: StartState;
}

/** The whole window: a start screen until the store is open, then the frame with its pages. */
export function App({ client, settings, start }: AppProps) {
	const [state, setState] = useState(start);
	useEffect(() => window.fieldbook.onStartState(setState), []);
	useEffect(() => followCore(client), [client]);
	useEffect(followLink, []);
	return (
		<SettingsProvider initial={settings}>
			<QueryClientProvider client={client}>
				{state.state === 'ready' ? (
					<Router hook={useHashLocation}>
						<LeaseGate>
							<RouteKeeper />
							<Frame>
								<Routes />
							</Frame>
						</LeaseGate>
					</Router>
				) : (
					<StartScreen state={state} />
				)}
			</QueryClientProvider>
		</SettingsProvider>
	);
}

/** Remembers where the person is, for the next start. */
function RouteKeeper() {
	const [location] = useLocation();
	useEffect(() => {
		const timer = setTimeout(() => void window.fieldbook.saveSettings({ route: location }), 400);
		return () => clearTimeout(timer);
	}, [location]);
	return null;
}
