import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './Button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
	/** `primary` once per page; `plain` for the rest; `quiet` inside text and rows; `red` for what destroys. */
	look?: 'primary' | 'plain' | 'quiet' | 'red';
	/** Key hint shown after the label. */
	hint?: ReactNode;
}

export function Button({ look = 'plain', hint, className = '', type = 'button', children, ...rest }: ButtonProps) {
	return (
		<button type={type} className={`${styles.button} ${styles[look]} ${className}`} {...rest}>
			{children}
			{hint}
		</button>
	);
}
