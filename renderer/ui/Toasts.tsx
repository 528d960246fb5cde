import { IconX } from '@tabler/icons-react';
import { Link } from 'wouter';
import { closeToast, useToasts } from '../lib/toasts.ts';
import { runCommand } from '../lib/use-command.ts';
import { Button } from './Button.tsx';
import { CommandKbd } from './Kbd.tsx';
import styles from './Toasts.module.css';

/** Short answers at the foot of the window; read aloud, never in the way. */
export function Toasts() {
	const toasts = useToasts();
	const undo = (id: number) => {
		closeToast(id);
		runCommand('undo');
	};
	return (
		<div className={styles.toasts} role="status" aria-live="polite" data-screen-only>
			{toasts.map((toast) => (
				<div key={toast.id} className={styles.toast}>
					<span className={toast.tone === 'red' ? 'red' : undefined}>{toast.text}</span>
					{toast.link ? (
						<Link href={toast.link.to} className={styles.link} onClick={() => closeToast(toast.id)}>
							{toast.link.word}
						</Link>
					) : null}
					{toast.undo ? (
						<Button look="quiet" onClick={() => undo(toast.id)} hint={<CommandKbd id="undo" />}>
							Undo
						</Button>
					) : null}
					<button type="button" className={styles.close} aria-label="Dismiss" onClick={() => closeToast(toast.id)}>
						<IconX size={14} aria-hidden />
					</button>
				</div>
			))}
		</div>
	);
}
