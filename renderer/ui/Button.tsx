import type { ButtonHTMLAttributes, MouseEvent, ReactNode, Ref } from 'react';
import { showToast } from '../lib/toasts.ts';
import styles from './Button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
	/** `primary` once per page; `plain` for the rest; `quiet` inside text and rows; `red` for what destroys. */
	look?: 'primary' | 'plain' | 'quiet' | 'red';
	/** Key hint shown after the label. */
	hint?: ReactNode;
	/** Why it cannot be pressed now: told on hover, to a screen reader, and by pressing it. */
	why?: string | null;
	ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = 'plain', hint, why, className = '', type = 'button', children, ...rest }: ButtonProps) {
	const held = why
		? {
				'aria-disabled': true,
				title: why,
				onClick: (event: MouseEvent) => {
					event.preventDefault();
					showToast(why);
				},
			}
		: {};
	return (
		<button type={type} className={`${styles.button} ${styles[look]} ${className}`} {...rest} {...held}>
			{children}
			{hint}
		</button>
	);
}
