import type { DayItem, DayLoad } from '../domain/my-day/day-item.ts';

/** A line of My day: what waits, with the name of its account. */
export interface DayRow extends DayItem {
	/** The same as long as the matter is. */
	id: string;
	account_id: string | null;
	account_name: string | null;
}

export interface DayPage {
	rows: DayRow[];
	/** How many there are; the rows are the first of them. */
	total: number;
	days: DayLoad[];
}
