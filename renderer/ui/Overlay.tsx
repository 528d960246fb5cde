import { type ReactNode, useEffect, useRef } from 'react';
import styles from './Overlay.module.css';

interface OverlayProps {
	label: string;
	onClose(): void;
	/** `top` near the top edge for the palette, `middle` for reading, `wide` for working beside a page. */
	place?: 'top' | 'middle' | 'wide';
	children: ReactNode;
}

/** A native modal dialog: traps focus, closes by Esc or a press outside, and gives focus back where it was. */
export function Overlay({ label, onClose, place = 'middle', children }: OverlayProps) {
	const dialog = useRef<HTMLDialogElement>(null);
	useEffect(() => {
		const element = dialog.current;
		const before = document.activeElement;
		if (!element?.open) element?.showModal?.();
		// A dialog that is taken off the page instead of closed does not give the cursor back by itself.
		return () => {
			const isNowhere = document.activeElement === document.body || document.activeElement === null;
			if (isNowhere && before instanceof HTMLElement && before.isConnected) before.focus();
		};
	}, []);
	return (
		// biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a native dialog
		<dialog
			ref={dialog}
			aria-label={label}
			className={`${styles.overlay} ${styles[place]}`}
			onClose={onClose}
			onClick={(event) => event.target === event.currentTarget && onClose()}
		>
			{children}
		</dialog>
	);
}
