import styles from './Choices.module.css';

interface ChoicesProps<V extends string> {
	label: string;
	options: readonly { value: V; word: string }[];
	value: V;
	onChange(value: V): void;
}

/** A few words of which one holds. */
export function Choices<V extends string>({ label, options, value, onChange }: ChoicesProps<V>) {
	return (
		<div className={styles.choices} role="radiogroup" aria-label={label}>
			{options.map((option) => (
				<label key={option.value} className={option.value === value ? `${styles.choice} ${styles.on}` : styles.choice}>
					<input
						type="radio"
						className="hidden-text"
						name={label}
						checked={option.value === value}
						onChange={() => onChange(option.value)}
					/>
					{option.word}
				</label>
			))}
		</div>
	);
}
