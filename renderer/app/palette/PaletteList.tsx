import { useEffect, useRef } from 'react';
import { CommandKbd } from '../../ui/Kbd.tsx';
import styles from './Palette.module.css';
import type { PaletteItem } from './palette-items.ts';

interface PaletteListProps {
	id: string;
	items: readonly PaletteItem[];
	chosen: number;
	/** False while too little is typed to look for records. */
	isAsked: boolean;
	onRun(item: PaletteItem): void;
}

export function PaletteList({ id, items, chosen, isAsked, onRun }: PaletteListProps) {
	const current = useRef<HTMLDivElement>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the chosen line moves with `chosen`
	useEffect(() => current.current?.scrollIntoView({ block: 'nearest' }), [chosen]);
	if (items.length === 0)
		return (
			<p className={styles.none}>
				{isAsked
					? 'Nothing here is called that. Try part of a name or number.'
					: 'Records are found from two characters on.'}
			</p>
		);
	return (
		<div id={`${id}list`} role="listbox" aria-label="Results" className={styles.list}>
			{items.map((item, index) => (
				<div key={item.id} role="presentation">
					{items[index - 1]?.group === item.group ? null : (
						<p className={styles.group} role="presentation">
							{item.group}
						</p>
					)}
					{/* biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the keys */}
					<div
						id={`${id}${index}`}
						ref={index === chosen ? current : null}
						role="option"
						tabIndex={-1}
						aria-selected={index === chosen}
						className={index === chosen ? `${styles.item} ${styles.chosen}` : styles.item}
						onClick={() => onRun(item)}
					>
						<span className={styles.title}>{item.title}</span>
						{item.kind === 'record' ? <span className={styles.detail}>{item.detail}</span> : null}
						{item.kind === 'command' ? (
							<span className={styles.keys}>
								<CommandKbd id={item.command.id} />
							</span>
						) : null}
					</div>
				</div>
			))}
		</div>
	);
}
