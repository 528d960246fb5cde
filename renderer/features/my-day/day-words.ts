import type { DayRow } from '../../../shared/contract/day-models.ts';
import type { DayFact } from '../../../shared/domain/my-day/day-item.ts';
import { counted } from '../../lib/numbers.ts';
import { places } from '../../lib/places.ts';

const kinds: Readonly<Record<DayFact['kind'], string>> = {
	issue: 'Issue',
	task: 'Task',
	renewals: 'Renewals',
	visit: 'Visit',
	conflicts: 'Sync',
	refused: 'Sync',
};

export function kindWord({ fact }: DayRow): string {
	return kinds[fact.kind];
}

/** What a line is about, in one line. */
export function titleOf({ fact }: DayRow): string {
	switch (fact.kind) {
		case 'renewals':
			return fact.undecided > 0
				? `${counted(fact.undecided, 'case')} to decide`
				: `${counted(fact.pastCutoff, 'case')} past our cut-off`;
		case 'conflicts':
			return 'Decide between two versions';
		case 'refused':
			return 'Mend what the office refused';
		default:
			return fact.title;
	}
}

/** Why it stands where it stands. What the title says already is not said twice. */
export function whyWords(row: DayRow): string {
	const title = titleOf(row);
	return row.reasons
		.map(({ words }) => words)
		.filter((words) => words !== title)
		.join(' · ');
}

/** Where a line is done. */
export function placeOfDay({ fact }: DayRow): string {
	switch (fact.kind) {
		case 'issue':
			return places.issue(fact.id);
		case 'visit':
			return places.visit(fact.id);
		case 'renewals':
			return places.account(fact.accountId);
		case 'task':
			return fact.accountId ? places.account(fact.accountId) : places.accounts;
		case 'conflicts':
			return places.sync;
		case 'refused':
			return places.unsent;
	}
}
