import type { HistoryLine } from '../../shared/contract/models.ts';
import type { Conflict } from '../../shared/entities/conflict.ts';

/** A decision and its edit are of one transaction; on other laptops their times may be read from different clocks. */
const TOGETHER_MS = 60_000;

/**
 * Says of each line, the newest first, how its value came about where that is more than somebody typing it: by the
 * decision of a conflict, or because an earlier value was put back. Both are read from what is there, so that every
 * laptop says the same.
 */
export function markLines(lines: readonly HistoryLine[], conflicts: readonly Conflict[]): void {
	for (const [index, line] of lines.entries()) {
		if (line.conflict !== null) continue;
		if (conflicts.some((conflict) => isDecisionOf(conflict, line))) line.how = 'decided';
		else if (isPutBack(line, lines.slice(index + 1))) line.how = 'put_back';
	}
}

function isDecisionOf(conflict: Conflict, { field, by, at }: HistoryLine): boolean {
	if (conflict.decided_at === null || conflict.field !== field || conflict.decided_by !== by) return false;
	return Math.abs(Date.parse(conflict.decided_at) - Date.parse(at)) < TOGETHER_MS;
}

/** True when the field has had this value before. */
function isPutBack({ field, before, after }: HistoryLine, older: readonly HistoryLine[]): boolean {
	if (after === null || after === before) return false;
	return older.some((line) => line.field === field && [line.before, line.after].includes(after));
}
