import type { Bridge, StartState, UiSettings } from '../../shared/contract/bridge.ts';
import { CoreError } from '../../shared/contract/errors.ts';
import type { SecurityFacts } from '../../shared/contract/vault.ts';
import type { Account } from '../../shared/entities/account.ts';
import { accounts, dayFrom, instantFrom, issues, renewalsOf } from './fake-data.ts';
import { conflicts, handovers, homeless } from './fake-decide.ts';
import { receiptPage, receipts, refusedChange, syncStatus, unsent, waitingFiles } from './fake-sync.ts';

type Answers = Record<string, (input: Record<string, unknown>) => unknown>;

const base = { created_at: instantFrom(-400), created_by: null, updated_at: instantFrom(-1), deleted_at: null };

function accountPage(id: string) {
	const row = accounts.find((account) => account.id === id) ?? accounts[0];
	const account = {
		...base,
		...row,
		legal_name: row?.name ?? null,
		segment: 'CORPORATE',
		billing_currency: 'CHF',
		sam_user: 'usr-1',
		css_user: 'usr-2',
		start_date: '2014-04-01',
		annual_value: '412000.00',
		strategic_value: 'Contract ends 30 Jun 2027, notice by 31 Dec. Two providers asked to quote in October.',
		priorities: 'Fewer late instructions in JP and KR. One monthly list of undecided cases.',
		sponsor_contact_id: 'per-1',
		next_visit_due: dayFrom(40),
		office_as_of: instantFrom(-1),
	} as unknown as Account;
	return { account, sam: 'Mara Lindt', specialist: 'Jonas Keller', figures: row };
}

const contact = {
	...base,
	phone: '+41 61 555 01 20',
	language: 'German',
	time_zone: 'Europe/Zurich',
	status: 'ACTIVE',
	note: null,
};
const contacts = [
	{
		...contact,
		id: 'per-1',
		full_name: 'Dr. Anna Frei',
		job_title: 'Head of IP',
		role: 'SPONSOR',
		authorised_to_instruct: true,
		email: 'anna.frei@halden.example',
	},
	{
		...contact,
		id: 'per-2',
		full_name: 'Luc Moret',
		job_title: 'IP operations lead',
		role: 'INSTRUCTIONS',
		authorised_to_instruct: true,
		email: 'luc.moret@halden.example',
	},
	{
		...contact,
		id: 'per-3',
		full_name: 'Ines Vogt',
		job_title: 'Finance partner',
		role: 'INVOICES',
		authorised_to_instruct: false,
		email: 'ines.vogt@halden.example',
	},
];

function asset(index: number) {
	const country = ['EP', 'JP', 'US', 'KR'][index % 4];
	return {
		...base,
		id: `ast-${index}`,
		client_ref: `HP-${country}-${String(index + 1).padStart(5, '0')}`,
		title: [
			'Tablet with delayed release and a coat of two layers',
			'Device for dosing a powder',
			'Salt of an inhibitor and its use',
		][index % 3],
		country,
		app_no: `${13_004_000 + index}.4`,
		grant_no: index % 5 ? `${2_911_004 + index}` : null,
		pub_no: `${2_811_004 + index}`,
		filing_date: dayFrom(-4000 + (index % 900)),
		grant_date: index % 5 ? dayFrom(-2000 + (index % 900)) : null,
		expiry_date: dayFrom(3300 + (index % 900)),
		status: index % 5 ? 'GRANTED' : 'PENDING',
		watch: index % 17 === 0,
		family_ref: `F-${100 + (index % 40)}`,
		owner_name: 'Halden Pharma AG',
		priority_date: dayFrom(-4360),
		pub_date: dayFrom(-3500),
		provider_ref: `R${700_000 + index}`,
		cost_centre: 'CC-4410',
		account_id: 'acc-2',
		sam_note: null,
	};
}

const timeline = [
	[
		'note',
		'Workshop: late instructions',
		'Instructions for JP and KR reach us a median 9 days after the cut-off.',
		false,
		0,
	],
	['issue', 'I-504 Cost centre missing on 14 invoices', 'Complaint, in progress', false, -3],
	['note', 'Call with procurement', 'Two providers asked to quote in October.', true, -9],
	['visit', 'Quarterly review in Basel', 'On site, 6 attending', false, -31],
	['import', 'portfolio-september.xlsx', '1,240 cases, 3 rows rejected', false, -52],
].map(([kind, title, detail, internal, days], index) => ({
	kind,
	id: `tl-${index}`,
	at: instantFrom(Number(days), -2),
	title,
	detail,
	who: index % 2 ? 'Jonas Keller' : 'Mara Lindt',
	internal,
}));

const visits = [
	{
		id: 'vis-1',
		account_id: 'acc-2',
		purpose: 'Workshop “Late instructions”',
		type: 'ONSITE',
		status: 'CONFIRMED',
		place: 'Basel',
		starts_at: instantFrom(1),
		ends_at: instantFrom(1, 3),
		time_zone: 'Europe/Zurich',
		local_start: `${dayFrom(1)}T09:30`,
		local_end: `${dayFrom(1)}T12:00`,
		account_name: 'Halden Pharma AG',
		checklist_done: 5,
		checklist_total: 9,
		attendees: 6,
		notes: 1,
	},
];

function assetPage(cases: number, input: Record<string, unknown>) {
	const all = Array.from({ length: cases }, (_, index) => index).filter((index) =>
		`${asset(index).client_ref} ${asset(index).title}`
			.toLowerCase()
			.includes(String(input['text'] ?? '').toLowerCase()),
	);
	const offset = Number(input['offset'] ?? 0);
	return { rows: all.slice(offset, offset + Number(input['limit'] ?? 500)).map(asset), total: all.length };
}

export const answers: Answers = {
	'app.info': () => ({
		user: { id: 'usr-1', name: 'Mara Lindt', time_zone: 'America/New_York' },
		device: { id: 'dev-1', name: 'Laptop' },
		sample: true,
		version: '0.1.0',
		store: { encrypted: true, cipher: 'sqlcipher', path: '/home/mara/fieldbook.db', sizeBytes: 84_000_000 },
		counts: { accounts: accounts.length, assets: 25_641, issues: 24 },
	}),
	'users.list': () => [
		{ id: 'usr-1', name: 'Mara Lindt', email: null, role: 'SAM', time_zone: null },
		{ id: 'usr-2', name: 'Jonas Keller', email: null, role: 'SPECIALIST', time_zone: null },
	],
	'accounts.list': () => accounts,
	'accounts.rights': () => ({ account_name: 'Halden Pharma AG', keeper: 'Jonas Keller', onlyRead: [] }),
	'accounts.get': (input) => accountPage(String(input['id'])),
	'accounts.timeline': () => timeline,
	'contacts.list': () => contacts,
	'assets.list': (input) => assetPage(20_000, input),
	'assets.get': (input) => ({
		asset: { ...asset(Number(String(input['id']).slice(4))), id: input['id'] },
		account_name: 'Halden Pharma AG',
		renewals: renewalsOf('acc-2').slice(0, 3),
	}),
	'renewals.upcoming': (input) => renewalsOf(String(input['account_id'])).slice(0, Number(input['limit'] ?? 12)),
	'issues.list': (input) => issues.slice(0, Number(input['limit'] ?? 50)),
	'visits.list': () => visits,
	'imports.list': () => [],
	'search.find': (input) =>
		accounts
			.filter((row) => row.name.toLowerCase().includes(String(input['text']).toLowerCase()))
			.map((row) => ({ entity: 'account', id: row.id, account_id: row.id, title: row.name, detail: row.city ?? '' })),
	'backups.list': () => ({
		backups: (['daily', 'restore', 'daily', 'import', 'daily', 'asked'] as const).map((kind, index) => ({
			name: `2026112${index}T080000000Z-${kind}.db`,
			kind,
			at: instantFrom(-index),
			bytes: 84_000_000 - index * 1_200_000,
		})),
		folder: '/home/mara/fieldbook.db.backups',
		busy: false,
		problem: null,
		checkedAt: instantFrom(0),
		damaged: false,
	}),
	'backups.about': () => ({
		holds: [
			{ label: 'accounts', count: 15 },
			{ label: 'cases', count: 25_641 },
			{ label: 'notes', count: 212 },
		],
		changedSince: 14,
		importedSince: 0,
		unsentSince: [
			{ at: instantFrom(0), label: 'Issue edited', title: 'Fee query', account_name: 'Halden Pharma AG' },
			{ at: instantFrom(0), label: 'Note created', title: 'Call with Ms Aalto', account_name: 'Tanaka Optics KK' },
		],
	}),
	'session.status': () => ({
		state: 'signed_in',
		name: 'Ada Lind',
		signedInAt: instantFrom(-3),
		expiredAt: null,
		lease: { state: 'ok', daysLeft: 30, contactAt: instantFrom(0) },
	}),
	'sync.status': () => syncStatus,
	'sync.unsent': () => unsent,
	'sync.now': () => syncStatus,
	'sync.pause': (input) => ({ ...syncStatus, paused: input['paused'], state: input['paused'] ? 'paused' : 'offline' }),
	'sync.metered': (input) => ({ ...syncStatus, meteredChoice: input['choice'], metered: input['choice'] === 'yes' }),
	'sync.brake': () => syncStatus,
	'sync.dismiss': () => undefined,
	'outbox.undo': () => undefined,
	'outbox.hold': () => undefined,
	'outbox.move': () => undefined,
	'outbox.urgent': () => undefined,
	'outbox.sendAlone': () => syncStatus,
	'outbox.refused': (input) => refusedChange(Number(input['group'])),
	'outbox.fix': () => undefined,
	'receipts.list': (input) => {
		const text = String(input['text'] ?? '').toLowerCase();
		const found = receipts.filter((row) => row.summary.toLowerCase().includes(text));
		const offset = Number(input['offset'] ?? 0);
		return found.slice(offset, offset + Number(input['limit'] ?? 100));
	},
	'receipts.get': (input) => receiptPage(Number(input['id'])),
	'conflicts.list': () => conflicts,
	'conflicts.decide': () => undefined,
	'homeless.list': () => homeless,
	'homeless.settle': () => undefined,
	'handovers.list': () => handovers,
	'handovers.take': () => undefined,
	'files.waiting': () => waitingFiles,
	'attachments.list': () => [],
	'offline.list': () => ({ choices: [], usedBytes: 0, budgetBytes: 2_147_483_648 }),
	'undo.last': () => ({ label: 'Issue created', entity: null, row_id: null }),
};

const settings: UiSettings = {
	colorScheme: 'auto',
	density: 'compact',
	route: '/accounts',
	homeTimeZone: null,
	autoLock: 10,
};

const security: SecurityFacts = {
	opens: 'both',
	keyring: 'gnome_libsecret',
	passphraseSince: instantFrom(-40),
	codeSince: instantFrom(-40),
	keySince: instantFrom(-400),
	organisation: 'Example Renewals Ltd',
};

interface FakeOptions {
	start?: StartState;
	settings?: Partial<UiSettings>;
	answers?: Answers;
}

/** A bridge that answers from made-up data. A method without an answer fails the way core would. */
export function createFakeBridge(options: FakeOptions = {}): Bridge {
	const all: Answers = { ...answers, ...options.answers };
	const call = async (method: string, input: Record<string, unknown>) => {
		const answer = all[method];
		if (!answer)
			return { ok: false, error: { code: 'internal', message: `The fake bridge has no answer for ${method}` } };
		try {
			return { ok: true, value: answer(input) };
		} catch (cause) {
			if (cause instanceof CoreError) return { ok: false, error: { code: cause.code, message: cause.message } };
			throw cause;
		}
	};
	return {
		call: call as unknown as Bridge['call'],
		onEvent: () => () => undefined,
		startState: async () => options.start ?? { state: 'ready' },
		onStartState: () => () => undefined,
		vault: async ({ ask }) =>
			ask === 'facts' ? { ok: true, facts: security } : { ok: false, problem: 'wrong', waitSeconds: 2 },
		onLeave: () => () => undefined,
		left: () => undefined,
		signIn: async () => ({ ok: false, problem: 'no_server' }),
		chooseFile: async () => null,
		chooseFiles: async () => [],
		dropFile: async () => null,
		settings: async () => ({ ...settings, ...options.settings }),
		saveSettings: async () => undefined,
		onMenu: () => () => undefined,
		tellLink: () => undefined,
		painted: () => undefined,
	};
}
