import { type Command, commands } from '../../lib/commands.ts';
import { Kbd } from '../../ui/Kbd.tsx';
import { Overlay } from '../../ui/Overlay.tsx';
import styles from './Palette.module.css';

const groups: readonly Command['group'][] = ['Go to', 'In a list', 'Unsent changes', 'On a record', 'Anywhere'];

/** The sheet of keys, made from the registry. */
export function KeySheet({ onClose }: { onClose(): void }) {
	return (
		<Overlay label="Keyboard shortcuts" onClose={onClose}>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
			<section className={styles.sheet} tabIndex={0} aria-label="Keys">
				<h2 className={styles.head}>Keyboard shortcuts</h2>
				<div className={styles.columns}>
					{groups.map((group) => (
						<section key={group} className={styles.part}>
							<h3>{group}</h3>
							{commands
								.filter((command) => command.group === group && command.keys.length > 0)
								.map((command) => (
									<div key={command.id} className={styles.key}>
										{command.title}
										<span className={styles.caps}>
											{command.keys.map((keys) => (
												<Kbd key={keys} keys={keys} />
											))}
										</span>
									</div>
								))}
						</section>
					))}
				</div>
			</section>
		</Overlay>
	);
}
