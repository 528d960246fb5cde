import '@mantine/core/styles.layer.css';
import { MantineProvider } from '@mantine/core';
import { setNonce } from 'get-nonce';
import type { ReactNode } from 'react';
import { useScheme } from '../lib/settings.tsx';
import { mantineTheme } from './mantine-theme.ts';

/** The page's style nonce; the content policy lets no other inline style in. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
setNonce(nonce);

/** Mantine with our theme. Loaded with the first part that needs it, so the accounts list starts without it. */
export function MantineRoot({ children }: { children: ReactNode }) {
	return (
		<MantineProvider
			theme={mantineTheme}
			forceColorScheme={useScheme()}
			getStyleNonce={() => nonce}
			classNamesPrefix="m"
		>
			{children}
		</MantineProvider>
	);
}
