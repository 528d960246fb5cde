import { lazy, Suspense, useState } from 'react';
import { useCommand } from '../lib/use-command.ts';

const Palette = lazy(async () => ({ default: (await import('./palette/Palette.tsx')).Palette }));
const KeySheet = lazy(async () => ({ default: (await import('./palette/KeySheet.tsx')).KeySheet }));

/** The palette and the sheet of keys; loaded when first asked for. */
export function Overlays() {
	const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
	const close = () => setOpen(null);
	useCommand('palette.open', () => setOpen((now) => (now === 'palette' ? null : 'palette')));
	useCommand('keys.show', () => setOpen('keys'));
	return (
		<Suspense>
			{open === 'palette' ? <Palette onClose={close} /> : null}
			{open === 'keys' ? <KeySheet onClose={close} /> : null}
		</Suspense>
	);
}
