import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { createFakeBridge } from '../../renderer/dev/fake-bridge.ts';
import { createQueryClient } from '../../renderer/lib/core.ts';
import { SettingsProvider } from '../../renderer/lib/settings.tsx';

/** Draws a part the way the app does: with a bridge, settings, Mantine and a query client. */
export function draw(part: ReactNode, options: Parameters<typeof createFakeBridge>[0] = {}) {
	Object.defineProperty(window, 'fieldbook', { value: createFakeBridge(options), configurable: true });
	const settings = { colorScheme: 'light', density: 'compact', route: '', homeTimeZone: null, autoLock: 10 } as const;
	return render(
		<SettingsProvider initial={settings}>
			<QueryClientProvider client={createQueryClient()}>
				<MantineProvider env="test">{part}</MantineProvider>
			</QueryClientProvider>
		</SettingsProvider>,
	);
}
