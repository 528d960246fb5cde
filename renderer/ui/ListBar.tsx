import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { useCommand } from '../lib/use-command.ts';
import { CommandKbd } from './Kbd.tsx';
import styles from './ListBar.module.css';

interface ListBarProps {
	/** "Filter accounts". */
	label: string;
	text: string;
	onText(text: string): void;
	/** Switches and menus after the box. */
	children?: ReactNode;
	/** "12 of 15", at the right. */
	count?: ReactNode;
	/** Enter and arrow down leave the box for the list. */
	onLeave?: () => void;
}

/** The line above a list: filter box (key /), switches, and how many are shown. */
export function ListBar({ label, text, onText, children, count, onLeave }: ListBarProps) {
	const box = useRef<HTMLInputElement>(null);
	useCommand('list.search', () => box.current?.select());
	const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
		if (event.key === 'Escape' && text) onText('');
		else if (['Escape', 'Enter', 'ArrowDown'].includes(event.key)) {
			event.currentTarget.blur();
			onLeave?.();
		} else return;
		event.preventDefault();
		event.stopPropagation();
	};
	return (
		<search className={styles.bar}>
			<label className={styles.box}>
				<IconSearch size={14} stroke={1.6} aria-hidden />
				<input
					ref={box}
					type="text"
					aria-label={label}
					placeholder={label}
					value={text}
					onChange={(event) => onText(event.target.value)}
					onKeyDown={onKeyDown}
				/>
				{text ? null : <CommandKbd id="list.search" />}
			</label>
			{children}
			<span className={styles.count}>{count}</span>
		</search>
	);
}
