import { readDateWords } from '../../../shared/domain/date-words.ts';
import { exactDate, relativeDay } from '../../lib/dates.ts';
import { useToday } from '../../lib/now.ts';
import { FormBox } from '../../ui/FormPanel.tsx';
import styles from './QuickIssue.module.css';

interface DueBoxProps {
	id: string;
	text: string;
	onText(text: string): void;
}

/** A due date in words, "fri" or "in 3 days", with the day it is taken for beside it. */
export function DueBox({ id, text, onText }: DueBoxProps) {
	const today = useToday();
	const day = readDateWords(text, today);
	const said = day ? `${exactDate(day)}, ${relativeDay(day, today)}` : 'not a day yet';
	return (
		<div className={styles.due}>
			<FormBox
				id={id}
				placeholder="fri, in 3 days, 12 dec"
				maxLength={40}
				aria-describedby={`${id}day`}
				value={text}
				onChange={(event) => onText(event.target.value)}
			/>
			<span id={`${id}day`} className={styles.day} role="status">
				{text.trim() === '' ? null : said}
			</span>
		</div>
	);
}
