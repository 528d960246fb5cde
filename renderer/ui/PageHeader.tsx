import { IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { runCommand } from '../lib/use-command.ts';
import { CommandKbd } from './Kbd.tsx';
import styles from './PageHeader.module.css';

interface PageHeaderProps {
	/** The line above the title: where this is, or what it sums up to. */
	place: ReactNode;
	title: ReactNode;
	/** Filters or switches of the page. */
	tools?: ReactNode;
	/** The one primary action. */
	action?: ReactNode;
}

export function PageHeader({ place, title, tools, action }: PageHeaderProps) {
	return (
		<header className={styles.header}>
			<div className={styles.names}>
				<p className={styles.place}>{place}</p>
				<h1 className={styles.title} title={typeof title === 'string' ? title : undefined}>
					{title}
				</h1>
			</div>
			{tools}
			<button type="button" className={styles.search} onClick={() => runCommand('palette.open')}>
				<IconSearch size={15} stroke={1.6} aria-hidden />
				<span className={styles.words}>Search or run a command</span>
				<CommandKbd id="palette.open" />
			</button>
			{action}
		</header>
	);
}
