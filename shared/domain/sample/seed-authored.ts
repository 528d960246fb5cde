import { addDays } from '../days.ts';
import { visitChecklist } from '../visit-checklist.ts';
import { instantOf } from '../zoned-time.ts';
import type { Random } from './random.ts';
import type { SampleClient } from './sample-clients.ts';
import type { SeedRow } from './seed-rows.ts';

export interface AuthoredOptions {
	clients: readonly SampleClient[];
	/** Rows wanted; the number made is that or a few less. */
	count: number;
	random: Random;
	newId(): string;
	today: string;
}

interface Author extends AuthoredOptions {
	client: SampleClient;
	contacts: string[];
	issueNo: number;
}

const YEARS_BACK = 5;

/** What SAMs wrote in five years: people, issues, visits, tasks and notes, client by client in proportion to their cases. */
export function* seedAuthored(options: AuthoredOptions): Generator<SeedRow> {
	const total = options.clients.reduce((sum, client) => sum + client.cases, 0);
	let issueNo = 1000;
	for (const client of options.clients) {
		const author: Author = { ...options, client, contacts: [], issueNo };
		const share = Math.max(12, Math.floor((client.cases / total) * options.count));
		let left = share;
		for (const row of authorRows(author, share)) {
			if (left-- <= 0) break;
			yield row;
		}
		issueNo = author.issueNo;
	}
}

function* authorRows(author: Author, share: number): Generator<SeedRow> {
	const people = Math.max(4, Math.round(share * 0.05));
	for (let i = 0; i < people; i++) yield contactRow(author);
	for (;;) {
		const kind = author.random.weighted([
			['issue', 30],
			['visit', 4],
			['task', 22],
			['note', 24],
		]);
		if (kind === 'visit') yield* visitRows(author);
		else if (kind === 'issue') yield issueRow(author);
		else if (kind === 'task') yield taskRow(author);
		else yield noteRow(author);
	}
}

const GIVEN = [
	'Anna',
	'Ben',
	'Chen',
	'Divya',
	'Elif',
	'Farid',
	'Grace',
	'Hugo',
	'Ines',
	'Jonas',
	'Keiko',
	'Liam',
	'Marta',
	'Nils',
	'Olga',
	'Paul',
	'Rosa',
	'Sven',
	'Tara',
	'Viktor',
] as const;
const FAMILY = [
	'Abbott',
	'Braun',
	'Costa',
	'Doyle',
	'Eriksen',
	'Fontaine',
	'Gallo',
	'Hassan',
	'Ivanova',
	'Jensen',
	'Kaya',
	'Lopez',
	'Meier',
	'Novak',
	'Ono',
	'Patel',
	'Quist',
	'Rossi',
	'Schmidt',
	'Tanner',
] as const;

function contactRow({ random, client, contacts, newId }: Author): SeedRow {
	const id = newId();
	contacts.push(id);
	const [given, family] = [random.pick(GIVEN), random.pick(FAMILY)];
	const role = random.pick(['INSTRUCTIONS', 'INVOICES', 'TECHNICAL', 'LEGAL', 'OTHER']);
	const email = `${given}.${family}@${client.id.slice(4)}.example`.toLowerCase();
	const phone = `+${random.int(1, 98)} 555 ${random.int(1000, 9999)}`;
	const job = random.pick(['Patent paralegal', 'Portfolio analyst', 'Counsel', 'Accounts payable', 'Patent engineer']);
	const place = { language: client.language, time_zone: client.zone, status: random.chance(0.1) ? 'LEFT' : 'ACTIVE' };
	return {
		t: 'contact',
		id,
		v: {
			account_id: client.id,
			full_name: `${given} ${family}`,
			job_title: job,
			role,
			email,
			phone,
			authorised_to_instruct: role === 'INSTRUCTIONS',
			...place,
		},
	};
}

const TOPICS = [
	'Proof of payment',
	'Invoice without cost centre',
	'Late receipt from the agent',
	'Entity status',
	'Surcharge to be explained',
	'Grant date differs from the register',
	'Owner name after renaming',
	'Instruction not found',
	'Fee higher than forecast',
	'Portal access',
] as const;
const SCOPES = [
	'for one family',
	'in Korea',
	'in Brazil',
	'for twelve cases',
	'since September',
	'after the transfer',
	'on the last invoice',
	'for a licensed patent',
	'in two offices',
	'for the subsidiary',
] as const;

function issueRow(author: Author): SeedRow {
	const { random, client, contacts, newId, today } = author;
	const age = random.int(1, YEARS_BACK * 365);
	const received = addDays(today, -age);
	const open = random.chance(age < 60 ? 0.5 : age < 200 ? 0.08 : 0);
	const status = open
		? random.pick(['OPEN', 'IN_PROGRESS', 'WAITING_CLIENT', 'WAITING_INTERNAL'])
		: random.pick(['RESOLVED', 'CLOSED']);
	const v: Record<string, unknown> = {
		account_id: client.id,
		ref_no: `I-${++author.issueNo}`,
		title: `${random.pick(TOPICS)} ${random.pick(SCOPES)}`,
		type: random.weighted([
			['QUERY', 60],
			['CONCERN', 12],
			['COMPLAINT', 10],
			['ESCALATION', 6],
			['AUDIT', 6],
			['TREND', 6],
		]),
		status,
		priority: random.weighted([
			['NORMAL', 70],
			['HIGH', 18],
			['LOW', 8],
			['URGENT', 4],
		]),
		owner_id: random.chance(0.7) ? 'u-sam' : 'u-specialist',
		contact_id: random.pick(contacts),
		received_at: `${received}T${random.int(10, 19)}:15:00.000Z`,
		due_date: addDays(received, random.int(2, 30)),
		client_summary: sentences(random, 2),
	};
	if (!open)
		Object.assign(v, {
			root_cause: sentences(random, 1),
			remedy: sentences(random, 1),
			resolved_at: `${addDays(received, Math.min(age, random.int(1, 25)))}T16:00:00.000Z`,
		});
	return { t: 'issue', id: newId(), v };
}

function* visitRows({ random, client, contacts, newId, today }: Author): Generator<SeedRow> {
	const days = random.int(-YEARS_BACK * 365, 60);
	const day = addDays(today, days);
	const visit_id = newId();
	const [from, to] = [`${day}T09:00`, `${day}T12:00`];
	const zone = client.zone;
	const type = random.weighted([
		['ONSITE', 50],
		['REMOTE', 40],
		['USER_GROUP', 6],
		['FORUM', 4],
	]);
	const times = {
		local_start: from,
		local_end: to,
		time_zone: zone,
		starts_at: instantOf(from, zone),
		ends_at: instantOf(to, zone),
	};
	const status = days < 0 ? 'DONE' : random.pick(['PLANNED', 'CONFIRMED']);
	const own = { account_id: client.id, visit_id };
	yield {
		t: 'visit',
		id: visit_id,
		v: {
			account_id: client.id,
			purpose: random.pick(['Quarterly review', 'Annual review', 'Workshop', 'Data verification']),
			type,
			status,
			place: client.city,
			...times,
			objectives: sentences(random, 2),
			owner_id: 'u-sam',
		},
	};
	for (let i = random.int(2, 5); i > 0; i--) {
		const answer = days < 0 ? 'ATTENDED' : 'INVITED';
		yield {
			t: 'attendee',
			id: newId(),
			v: {
				...own,
				contact_id: random.pick(contacts),
				name: `${random.pick(GIVEN)} ${random.pick(FAMILY)}`,
				side: 'CLIENT',
				status: answer,
			},
		};
	}
	for (const [index, { text, dueDays }] of visitChecklist(type).entries()) {
		const done = days < dueDays ? { done_at: `${addDays(day, -dueDays)}T15:00:00.000Z`, done_by: 'u-sam' } : {};
		yield {
			t: 'checklist_item',
			id: newId(),
			v: { ...own, text, sort_key: `a${String.fromCharCode(97 + index)}`, due_days: dueDays, ...done },
		};
	}
}

function taskRow({ random, client, newId, today }: Author): SeedRow {
	const due = random.int(-YEARS_BACK * 365, 45);
	const status =
		due < -10
			? random.weighted([
					['DONE', 96],
					['DROPPED', 4],
				])
			: random.pick(['TODO', 'DOING', 'WAITING', 'DONE']);
	const title = `${random.pick(['Chase', 'Draft', 'Check', 'Send', 'Explain'])} ${random.pick(TOPICS).toLowerCase()} ${random.pick(SCOPES)}`;
	const who = random.pick(['u-sam', 'u-sam', 'u-specialist']);
	return {
		t: 'task',
		id: newId(),
		v: {
			account_id: client.id,
			parent_type: 'account',
			parent_id: client.id,
			title,
			priority: random.pick(['NORMAL', 'HIGH', 'LOW']),
			due_date: addDays(today, due),
			status,
			assignee_id: who,
		},
	};
}

function noteRow({ random, client, newId, today }: Author): SeedRow {
	const day = addDays(today, -random.int(0, YEARS_BACK * 365));
	const v = {
		account_id: client.id,
		parent_type: 'account',
		parent_id: client.id,
		title: `${random.pick(['Call', 'Visit', 'Mail', 'Review'])}: ${random.pick(TOPICS).toLowerCase()}`,
		at: `${day}T${random.int(10, 19)}:30:00.000Z`,
		author_id: random.chance(0.8) ? 'u-sam' : 'u-specialist',
		internal: random.chance(0.3),
	};
	const paragraphs = Array.from({ length: random.int(1, 5) }, () => sentences(random, random.int(1, 4)));
	return { t: 'note', id: newId(), v, paragraphs };
}

const CLAUSES = [
	'The client asked for a list of undecided cases every Monday.',
	'The agent confirmed the payment and sends the receipt by the end of the month.',
	'Finance wants one invoice per cost centre, and the currency of the entity on it.',
	'We agreed to look at the forecast again when the fee tables of January are out.',
	'Two families may be given up; the inventors are asked first.',
	'The register shows another owner since the merger.',
	'Training for the new paralegal is planned before the next cut-off.',
	'They are content with the pace of answers and less so with the portal.',
	'The surcharge was ours; the credit note is on its way.',
	'Nothing else is open from the last visit.',
] as const;

function sentences(random: Random, count: number): string {
	return Array.from({ length: count }, () => random.pick(CLAUSES)).join(' ');
}
