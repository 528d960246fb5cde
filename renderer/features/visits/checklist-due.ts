import { addDays } from '../../../shared/domain/days.ts';

/** The day an item is due: so many days before the day the visit starts at the site; null when it has none. */
export function dueDay(item: { due_days: number | null }, visit: { local_start: string }): string | null {
	return item.due_days === null ? null : addDays(visit.local_start.slice(0, 10), -item.due_days);
}

/** "T-7", "T", "T+2": the way the field writes days around a visit. */
export function dueWords(days: number): string {
	if (days === 0) return 'T';
	return days > 0 ? `T-${days}` : `T+${-days}`;
}

/** "Book the hotel T-14" → the item and its days; without such an end the item has no day. */
export function readItem(text: string): { text: string; due_days: number | null } {
	const parts = /^(.*\S)\s+t\s?([+-])\s?(\d{1,3})$/i.exec(text.trim());
	if (!parts) return { text: text.trim(), due_days: null };
	const days = Number(parts[3]);
	return { text: parts[1] ?? '', due_days: parts[2] === '-' ? days : -days };
}
