import { useEffect, useState } from 'react';
import { DayInput } from '../../ui/DayInput.tsx';
import { FormBox } from '../../ui/FormPanel.tsx';
import styles from './MomentInput.module.css';
import { readClock } from './read-clock.ts';

interface MomentInputProps {
	id: string;
	label: string;
	/** Wall time at the site, "2026-11-24T09:00". */
	value: string;
	onChange(value: string): void;
	onUnclear?: (unclear: boolean) => void;
	invalid?: boolean;
}

/** A day and a time of the clock, both typed in the way people write them. */
export function MomentInput({ id, label, value, onChange, onUnclear, invalid = false }: MomentInputProps) {
	const [typed, setTyped] = useState<string | null>(null);
	const [dayUnclear, setDayUnclear] = useState(false);
	const [day = '', clock = ''] = value.split('T');
	const heard = typed === null ? clock : readClock(typed);
	const unclear = dayUnclear || heard === null;
	useEffect(() => onUnclear?.(unclear), [unclear, onUnclear]);
	const leave = () => {
		if (heard === null) return;
		setTyped(null);
		if (heard !== clock) onChange(`${day}T${heard}`);
	};
	return (
		<div className={styles.moment}>
			<DayInput
				id={id}
				day={day}
				onDay={(next) => next && onChange(`${next}T${clock}`)}
				onUnclear={setDayUnclear}
				invalid={invalid}
			/>
			<FormBox
				className={styles.clock}
				aria-label={`${label}, time`}
				aria-invalid={invalid || heard === null}
				maxLength={8}
				value={typed ?? clock}
				onChange={(event) => setTyped(event.target.value)}
				onBlur={leave}
				onKeyDown={(event) => {
					if (event.key === 'Enter') leave();
				}}
			/>
		</div>
	);
}
