import { lazy, Suspense, useState } from 'react';
import { useCommand } from '../lib/use-command.ts';
import { warmLater } from '../lib/warm.ts';
import { PaletteBox } from './palette/PaletteBox.tsx';

const Palette = lazy(warmLater(async () => ({ default: (await import('./palette/Palette.tsx')).Palette })));
const KeySheet = lazy(warmLater(async () => ({ default: (await import('./palette/KeySheet.tsx')).KeySheet })));

/**
 * The palette and the sheet of keys; loaded when first asked for. The palette's box is there at once: what is typed
 * while the rest loads must land in it, not run as commands on the page behind.
 */
export function Overlays() {
	const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
	const [text, setText] = useState('');
	const close = () => setOpen(null);
	useCommand('palette.open', () => {
		setText('');
		setOpen((now) => (now === 'palette' ? null : 'palette'));
	});
	useCommand('keys.show', () => setOpen('keys'));
	const box = { text, onText: setText, onClose: close };
	return (
		<>
			{open === 'palette' ? (
				<Suspense fallback={<PaletteBox {...box} />}>
					<Palette {...box} />
				</Suspense>
			) : null}
			<Suspense>{open === 'keys' ? <KeySheet onClose={close} /> : null}</Suspense>
		</>
	);
}
