import { type CommandId, commandById, keyWords } from '../lib/commands.ts';
import styles from './Kbd.module.css';

/** Keys as caps: "mod+k" → Ctrl K. */
export function Kbd({ keys }: { keys: string }) {
	return <kbd className={styles.kbd}>{keyWords(keys)}</kbd>;
}

/** The first keys of a command, straight from the registry; nothing when it has none. */
export function CommandKbd({ id }: { id: CommandId }) {
	const keys = commandById(id).keys[0];
	return keys ? <Kbd keys={keys} /> : null;
}

/** A row of key hints at the foot of an inspector: "Enter open  C issue". */
export function KeyHints({ hints }: { hints: readonly { id: CommandId; word: string }[] }) {
	return (
		<p className={styles.hints}>
			{hints.map((hint) => (
				<span key={hint.id} className={styles.hint}>
					<CommandKbd id={hint.id} /> {hint.word}
				</span>
			))}
		</p>
	);
}
