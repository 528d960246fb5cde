import type { Issue } from '../../../shared/entities/issue.ts';
import { issue } from '../../../shared/entities/issue.ts';
import type { Tone } from '../../ui/StatusDot.tsx';

export const priorityTones: Record<Issue['priority'], Tone> = {
	URGENT: 'red',
	HIGH: 'amber',
	NORMAL: 'muted',
	LOW: 'muted',
};

const priorities = Object.keys(issue.fields.priority.values);

/** 0 for the most pressing. */
export function priorityRank(priority: Issue['priority']): number {
	return priorities.indexOf(priority);
}

/** Statuses that need nobody any more. */
export function isDone(status: Issue['status']): boolean {
	return status === 'RESOLVED' || status === 'CLOSED';
}

/** "Ada Lindgren" → "A. Lindgren", for a narrow column. */
export function shortName(name: string): string {
	const [first = '', ...rest] = name.split(' ');
	return rest.length > 0 ? `${first.slice(0, 1)}. ${rest.join(' ')}` : name;
}
