import { IconCalendar } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { readDateWords } from '../../shared/domain/date-words.ts';
import { exactDate, plainDate } from '../lib/dates.ts';
import { useToday } from '../lib/now.ts';
import styles from './DayInput.module.css';

interface DayInputProps {
	id: string;
	/** A local date, or null. */
	day: string | null;
	/** Called when a day is chosen or the box is left with another day in it, null when it was emptied; with the day that stood there when the typing began. */
	onDay(day: string | null, seen?: string | null): void;
	/** Told whenever what stands in the box stops or starts being a day: a form must not be saved over it. */
	onUnclear?: ((unclear: boolean) => void) | undefined;
	invalid?: boolean;
	placeholder?: string;
}

/** A day typed in words ("1 Feb", "fri", "+7") or picked from the calendar. What was understood is shown while typing. */
export function DayInput({ id, day, onDay, onUnclear, invalid = false, placeholder = 'none' }: DayInputProps) {
	const today = useToday();
	const [typed, setTyped] = useState<string | null>(null);
	const seen = useRef<string | null>(day);
	const picker = useRef<HTMLInputElement>(null);
	const parsed = typed ? readDateWords(typed, today) : null;
	const unclear = typed !== null && typed.trim() !== '' && parsed === null;
	useEffect(() => onUnclear?.(unclear), [unclear, onUnclear]);
	const leave = () => {
		if (typed === null || unclear) return;
		if (parsed !== day) onDay(parsed, seen.current);
		setTyped(null);
	};
	const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
		if (event.key === 'Enter') {
			leave();
			// Ctrl+Enter goes on and saves the whole form.
			if (event.ctrlKey || event.metaKey) return;
		} else if (event.key === 'Escape') {
			setTyped(null);
			event.currentTarget.blur();
		} else return;
		event.preventDefault();
		event.stopPropagation();
	};
	return (
		<div className={styles.day}>
			<input
				id={id}
				type="text"
				data-own-field
				autoComplete="off"
				className={styles.box}
				placeholder={placeholder}
				aria-invalid={invalid || unclear}
				aria-describedby={`${id}-heard`}
				value={typed ?? (day ? plainDate(day) : '')}
				onChange={(event) => {
					if (typed === null) seen.current = day;
					setTyped(event.target.value);
				}}
				onBlur={leave}
				onKeyDown={onKeyDown}
			/>
			<span id={`${id}-heard`} className={unclear ? `${styles.heard} red` : styles.heard}>
				{unclear ? 'Write it like 1 Feb 2027' : parsed ? exactDate(parsed) : null}
			</span>
			<button
				type="button"
				className={styles.open}
				aria-label="Open the calendar"
				onClick={() => picker.current?.showPicker()}
			>
				<IconCalendar size={15} stroke={1.5} aria-hidden />
			</button>
			<input
				ref={picker}
				type="date"
				tabIndex={-1}
				aria-hidden
				className={styles.picker}
				value={day ?? ''}
				onChange={(event) => {
					setTyped(null);
					onDay(event.target.value || null);
				}}
			/>
		</div>
	);
}
