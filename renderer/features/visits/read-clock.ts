/** "9", "9:30", "0930", "9.30", "2pm" → "09:30" and the like; null for no time of the clock. */
export function readClock(text: string): string | null {
	const parts = /^(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm)?$/i.exec(text.trim());
	if (!parts) return null;
	const half = parts[3]?.toLowerCase();
	let hour = Number(parts[1]);
	const minute = Number(parts[2] ?? 0);
	if (half && (hour < 1 || hour > 12)) return null;
	if (half) hour = (hour % 12) + (half === 'pm' ? 12 : 0);
	if (hour > 23 || minute > 59) return null;
	return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
