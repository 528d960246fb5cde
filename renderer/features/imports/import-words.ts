import type { DateStyle, ImportProgress } from '../../../shared/contract/models.ts';
import { count } from '../../lib/numbers.ts';

export const dateStyleWords: Record<DateStyle, string> = {
	ymd: 'Year, month, day',
	dmy: 'Day, month, year',
	mdy: 'Month, day, year',
	auto: 'As each is written',
};

const delimiters: Record<string, string> = { ',': 'Comma ,', ';': 'Semicolon ;', '\t': 'Tab', '|': 'Bar |' };

/** Delimiters to choose from, with the one found when it is another. */
export function delimiterChoices(found: string | null): { value: string; label: string }[] {
	const all = found && !(found in delimiters) ? { ...delimiters, [found]: found } : delimiters;
	return Object.entries(all).map(([value, label]) => ({ value, label }));
}

const stages: Record<ImportProgress['stage'], string> = {
	reading: 'Reading',
	checking: 'Checking',
	writing: 'Writing',
	undoing: 'Removing',
	adding: 'Adding',
	fetching: 'Fetching',
	copying: 'Backing up',
	restoring: 'Restoring',
	exporting: 'Exporting',
};

/** "Writing 12,000 of 40,000 rows". */
export function progressWords(progress: ImportProgress | null): string {
	if (!progress) return 'Starting';
	if (progress.stage === 'copying') return 'Making a backup first';
	const of = progress.total === null ? '' : ` of ${count(progress.total)}`;
	return `${stages[progress.stage]} ${count(progress.done)}${of} rows`;
}

/** How sure a guess is, in a word. */
export function sureness(confidence: number): { word: string; tone: 'muted' | 'amber' } {
	if (confidence >= 0.85) return { word: 'sure', tone: 'muted' };
	return confidence >= 0.6 ? { word: 'likely', tone: 'muted' } : { word: 'a guess', tone: 'amber' };
}
