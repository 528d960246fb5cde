/** One standard item of a visit's checklist; `dueDays` counts days before the visit. */
export interface StandardItem {
	text: string;
	dueDays: number;
}

const always: StandardItem[] = [
	{ text: 'Agree objectives with the client', dueDays: 14 },
	{ text: 'Read open issues and promises', dueDays: 3 },
	{ text: 'Check renewals undecided before the next cut-off', dueDays: 3 },
	{ text: 'Sync and see that everything is acknowledged', dueDays: 0 },
	{ text: 'Send minutes and actions', dueDays: -2 },
];

const byType: Record<string, StandardItem[]> = {
	ONSITE: [
		{ text: 'Book travel and hotel', dueDays: 21 },
		{ text: 'Send agenda and attendee list for site access', dueDays: 7 },
		{ text: 'Print the agenda', dueDays: 1 },
	],
	REMOTE: [{ text: 'Send the meeting link and agenda', dueDays: 5 }],
	USER_GROUP: [
		{ text: 'Book travel and hotel', dueDays: 21 },
		{ text: 'Confirm speakers and hand-outs', dueDays: 10 },
	],
	FORUM: [
		{ text: 'Book travel and hotel', dueDays: 21 },
		{ text: 'Agree who takes notes for which client', dueDays: 5 },
	],
};

/** The standard checklist for a type of visit, earliest item first. */
export function visitChecklist(type: string): StandardItem[] {
	return [...always, ...(byType[type] ?? [])].sort((a, b) => b.dueDays - a.dueDays);
}
