import { addDays, daysBetween } from '../days.ts';
import { visitChecklist } from '../visit-checklist.ts';
import { instantOf } from '../zoned-time.ts';
import { sampleClients } from './sample-clients.ts';
import type { SamplePerson } from './sample-people.ts';

export interface SampleRecord {
	t: 'visit' | 'attendee' | 'checklist_item' | 'task';
	id: string;
	v: Record<string, unknown>;
}

/** Client, type, status, days from today, start and length in hours, purpose, place, objectives. */
type Row = [
	client: string,
	kind: string,
	when: [day: number, start: string, hours: number],
	purpose: string,
	place: string,
	objectives: string,
];

const rows: Row[] = [
	[
		'halden',
		'ONSITE/CONFIRMED',
		[1, '09:00', 3],
		'Workshop “Late instructions”',
		'Halden Pharma, Rheinstrasse 14, Basel',
		'Find where instructions come late; agree a weekly list of undecided cases.',
	],
	[
		'halden',
		'ONSITE/CONFIRMED',
		[2, '10:00', 2],
		'Review of open complaints',
		'Halden Pharma, Rheinstrasse 14, Basel',
		'Close I-504 with corrected invoices; explain the Korea receipt.',
	],
	[
		'lindqvist',
		'REMOTE/PLANNED',
		[4, '13:30', 1],
		'Transfer project, gate 2',
		'Video call',
		'Agree who supplies the missing priority data.',
	],
	[
		'brandt',
		'ONSITE/PLANNED',
		[9, '09:30', 4],
		'Quarterly review with docketing',
		'Brandt & Hale, 200 Lakeside Plaza, Chicago',
		'Undecided cases; training of the new clerk; small entity status.',
	],
	[
		'tanaka',
		'ONSITE/PLANNED',
		[15, '10:00', 3],
		'Annual review',
		'Tanaka Optics, 3-8 Kawabata, Osaka',
		'Agent fees; Korean claims count; plan for next year.',
	],
	[
		'hanseong',
		'ONSITE/PLANNED',
		[17, '14:00', 3],
		'Annual data verification and review',
		'Hanseong Display, 88 Seorae-ro, Seoul',
		'Agree the findings of the verification; grace periods.',
	],
	[
		'orsett',
		'USER_GROUP/PLANNED',
		[24, '09:00', 6],
		'User group: instructing by file',
		'Orsett Marine, Dock House, Southampton',
		'Show instruction files; hear what is missing.',
	],
	[
		'nordvik',
		'FORUM/PLANNED',
		[37, '11:00', 2],
		'Energy forum: fees and forecasts',
		'Nordvik Energi, Havnegata 5, Stavanger',
		'Forecast of the next three years; Brazil.',
	],
];

/** Eight visits in the coming weeks, with who takes part and the standard checklist, and a few tasks. */
export function sampleVisits({ today, people }: { today: string; people: readonly SamplePerson[] }): SampleRecord[] {
	return [
		...rows.flatMap((row, index) => makeVisit(row, `vis-${index + 1}`, { today, people })),
		...sampleTasks(today),
	];
}

function makeVisit(
	row: Row,
	id: string,
	{ today, people }: { today: string; people: readonly SamplePerson[] },
): SampleRecord[] {
	const [client, kind, [days, start, hours], purpose, place, objectives] = row;
	const [type = '', status = ''] = kind.split('/');
	const account_id = `acc-${client}`;
	const zone = sampleClients.find((each) => each.id === account_id)?.zone ?? 'UTC';
	const day = workday(addDays(today, days));
	const local = (hour: number) => `${day}T${String(hour).padStart(2, '0')}:${start.slice(3)}`;
	const [from, to] = [local(Number(start.slice(0, 2))), local(Number(start.slice(0, 2)) + hours)];
	const times = {
		local_start: from,
		local_end: to,
		time_zone: zone,
		starts_at: instantOf(from, zone),
		ends_at: instantOf(to, zone),
	};
	const visit: SampleRecord = {
		t: 'visit',
		id,
		v: { account_id, purpose, type, status, place, ...times, objectives, owner_id: 'u-sam' },
	};
	const guests = people.filter((person) => person.clientId === account_id).slice(0, 6);
	const attendees = guests.map((person, index): SampleRecord => {
		const answer = index < 4 ? 'ACCEPTED' : 'INVITED';
		return {
			t: 'attendee',
			id: `${id}-att-${index + 1}`,
			v: { account_id, visit_id: id, contact_id: person.id, name: person.name, side: 'CLIENT', status: answer },
		};
	});
	const own: SampleRecord = {
		t: 'attendee',
		id: `${id}-att-own`,
		v: { account_id, visit_id: id, name: 'Ada Lindgren', side: 'OWN', status: 'ACCEPTED' },
	};
	const left = daysBetween(today, day);
	const checklist = visitChecklist(type).map(({ text, dueDays }, index): SampleRecord => {
		const done = dueDays > left ? { done_at: `${addDays(today, -1)}T16:00:00.000Z`, done_by: 'u-sam' } : {};
		return {
			t: 'checklist_item',
			id: `${id}-chk-${index + 1}`,
			v: {
				account_id,
				visit_id: id,
				text,
				sort_key: `a${String.fromCharCode(97 + index)}`,
				due_days: dueDays,
				...done,
			},
		};
	});
	return [visit, ...attendees, own, ...checklist];
}

/** Nobody visits on a Saturday or Sunday. */
function workday(day: string): string {
	const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
	return addDays(day, weekday === 6 ? 2 : weekday === 0 ? 1 : 0);
}

const tasks: [client: string, title: string, due: number, priority: string, assignee: string, status: string][] = [
	['halden', 'Send the Korea receipt to the head of IP', 2, 'HIGH', 'u-specialist', 'WAITING'],
	['halden', 'Draft the weekly list with the columns they already use', 5, 'NORMAL', 'u-sam', 'TODO'],
	['halden', 'Corrected invoices for the 14 cases', 1, 'URGENT', 'u-specialist', 'DOING'],
	['brandt', 'Training plan for the new docketing clerk', 7, 'NORMAL', 'u-sam', 'TODO'],
	['brandt', 'Call Marcus Bell about the undecided list', 1, 'HIGH', 'u-sam', 'TODO'],
	['kestrel', 'Explain the fee forecast in two slides', 10, 'NORMAL', 'u-sam', 'TODO'],
	['tanaka', 'Ask the agent for the October fee note', 0, 'HIGH', 'u-specialist', 'DOING'],
	['lindqvist', 'Chase priority data of 18 families', 3, 'HIGH', 'u-project', 'WAITING'],
	['orsett', 'Ring Philippa Grant', 2, 'NORMAL', 'u-sam', 'TODO'],
	['hanseong', 'First narrative of the annual review', 18, 'NORMAL', 'u-sam', 'TODO'],
	['nordvik', 'Correct the Brazilian invoice', 1, 'HIGH', 'u-processing', 'DOING'],
	['weidental', 'Check reduced fees for universities', 12, 'LOW', 'u-specialist', 'TODO'],
];

function sampleTasks(today: string): SampleRecord[] {
	return tasks.map(([client, title, due, priority, assignee_id, status], index) => {
		const account_id = `acc-${client}`;
		const v = {
			account_id,
			parent_type: 'account',
			parent_id: account_id,
			title,
			priority,
			due_date: addDays(today, due),
			status,
			assignee_id,
		};
		return { t: 'task', id: `tsk-${index + 1}`, v };
	});
}
