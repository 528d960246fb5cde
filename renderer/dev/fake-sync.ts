import type { WaitingFile } from '../../shared/contract/file-models.ts';
import type {
	Brake,
	ReceiptLine,
	ReceiptPage,
	ReceiptRow,
	RefusedChange,
	SyncStatus,
	UnsentChange,
} from '../../shared/contract/sync-models.ts';
import { instantFrom } from './fake-data.ts';

/** What the sync screens show without a core. Fictional; used in development and tests only. */

export const syncStatus: SyncStatus = {
	state: 'offline',
	unsent: 61,
	urgent: 1,
	done: 0,
	total: 0,
	acknowledgedAt: instantFrom(-1),
	pulledAt: instantFrom(-1),
	problem: 'unreachable',
	conflicts: 1,
	refused: 2,
	homeless: 1,
	handovers: 1,
	awaitingServer: 1,
	files: { up: 2, down: 1, bytesLeft: 18_400_000 },
	paused: false,
	metered: false,
	meteredChoice: 'auto',
	brake: null,
	nextAttemptAt: instantFrom(0, 0.05),
};

export const halden = 'Halden Pharma AG';
const orsett = 'Orsett Marine Systems plc';

const deletion: Brake = {
	...{ records: 412, deleted: 412, held: 3100, leaving: 0, heldAccounts: 8, moreAccounts: 0 },
	accounts: [
		{ name: halden, records: 300, leaves: false },
		{ name: orsett, records: 112, leaves: false },
	],
	at: instantFrom(0, -1),
	kept: false,
};

const quiet: Partial<SyncStatus> = {
	unsent: 0,
	urgent: 0,
	problem: null,
	conflicts: 0,
	refused: 0,
	homeless: 0,
	handovers: 0,
	awaitingServer: 0,
	files: { up: 0, down: 0, bytesLeft: 0 },
	nextAttemptAt: null,
};

/** The states worth looking at, by the name asked for in the preview's address. */
export const syncStates: Readonly<Record<string, Partial<SyncStatus>>> = {
	offline: {},
	acknowledged: { ...quiet, state: 'acknowledged' },
	partly: { ...quiet, state: 'partly', refused: 1, files: { up: 1, down: 0, bytesLeft: 400_000 } },
	syncing: { ...quiet, state: 'syncing', unsent: 61, done: 12, total: 61 },
	unsent: { ...quiet, state: 'unsent', unsent: 12 },
	never: { ...quiet, state: 'never', acknowledgedAt: null, pulledAt: null },
	paused: { state: 'paused', paused: true, problem: null, nextAttemptAt: null },
	metered: { state: 'unsent', problem: null, metered: true },
	signed_out: { problem: 'signed_out', nextAttemptAt: null },
	not_our_server: { problem: 'not_our_server' },
	upgrade: { problem: 'upgrade' },
	store: { problem: 'store' },
	kept: { brake: { ...deletion, kept: true } },
	brake: { brake: deletion },
	reassigned: {
		brake: {
			...{ records: 1204, deleted: 0, held: 1610, leaving: 2, heldAccounts: 3, moreAccounts: 0 },
			accounts: [
				{ name: halden, records: 900, leaves: true },
				{ name: orsett, records: 304, leaves: true },
			],
			at: instantFrom(0, -1),
			kept: false,
		},
	},
};

const waitingFile: WaitingFile = {
	...{ id: 'att-2', account_id: 'acc-2', account_name: halden, parent_type: 'visit', parent_id: 'vis-1' },
	...{ parent_title: 'Workshop “Late instructions”', file_name: 'agenda-basel.pdf', media_type: 'application/pdf' },
	...{ size: 1_400_000, state: 'sending', percent: 43, problem: null, unsent: false, direction: 'up' },
	...{ nextAt: null, kept: false },
};

export const waitingFiles: WaitingFile[] = [
	waitingFile,
	{
		...waitingFile,
		...{ id: 'att-3', file_name: 'whiteboard.jpg', media_type: 'image/jpeg', size: 4_100_000 },
		...{ state: 'waiting', percent: null, problem: 'unreachable', nextAt: instantFrom(0, 0.05) },
	},
	{
		...waitingFile,
		...{ id: 'att-4', file_name: 'Fee schedule Korea 2027.xlsx', media_type: null, size: 12_900_000 },
		...{ direction: 'down', state: 'queued', percent: null, problem: 'not_there', nextAt: instantFrom(0, 0.2) },
		...{ parent_type: 'issue', parent_id: 'iss-2', parent_title: 'Late receipt from the agent in Korea', kept: true },
	},
];

const change: Omit<
	UnsentChange,
	'group' | 'at' | 'label' | 'entity' | 'row_id' | 'title' | 'account_name' | 'changes'
> = {
	refused: null,
	count: 1,
	urgent: false,
	handedOver: false,
	waitsFor: null,
	fixable: false,
};

/** In the order of sending, what was refused anywhere among it. */
export const unsent: UnsentChange[] = [
	{
		...change,
		group: 1,
		at: instantFrom(0, -6),
		label: 'Issue changed',
		entity: 'issue',
		row_id: 'iss-2',
		title: 'Late receipt from the agent in Korea',
		account_name: halden,
		changes: [{ label: 'Priority', after: 'High' }],
		urgent: true,
	},
	{
		...change,
		group: 2,
		at: instantFrom(-1),
		label: 'Account changed',
		entity: 'account',
		row_id: 'acc-6',
		title: orsett,
		account_name: orsett,
		changes: [{ label: 'Next visit due', after: '2026-12-18' }],
		handedOver: true,
	},
	{
		...change,
		group: 3,
		at: instantFrom(0, -1),
		label: 'Issue changed',
		entity: 'issue',
		row_id: 'iss-1',
		title: 'Cost centre missing on 14 invoices',
		account_name: halden,
		changes: [
			{
				label: 'Root cause',
				after: 'Cost centre not carried over from the client’s September file; the mapping profile skipped column H.',
			},
			{ label: 'Priority', after: 'Urgent' },
		],
		count: 2,
	},
	{
		...change,
		group: 4,
		at: instantFrom(0, -0.9),
		label: 'Note written',
		entity: 'note',
		row_id: 'not-1',
		title: 'Workshop, late instructions',
		account_name: halden,
		changes: [{ label: 'Text', after: 'They want one named person, and the receipt within a week.' }],
		count: 31,
	},
	{
		...change,
		group: 5,
		at: instantFrom(0, -0.8),
		label: 'New file',
		entity: 'attachment',
		row_id: 'att-1',
		title: 'agenda-basel.pdf',
		account_name: halden,
		changes: [{ label: 'Name', after: 'agenda-basel.pdf' }],
		waitsFor: 'server',
	},
	{
		...change,
		group: 6,
		at: instantFrom(0, -0.7),
		label: 'New task',
		entity: 'task',
		row_id: 'tsk-1',
		title: 'Send the list of undecided cases',
		account_name: orsett,
		changes: [{ label: 'Due', after: '2026-12-01' }],
	},
	{
		...change,
		group: 7,
		at: instantFrom(0, -2),
		label: 'Issue changed',
		entity: 'issue',
		row_id: 'iss-3',
		title: 'Agent fee in Japan higher than quoted',
		account_name: halden,
		changes: [
			{ label: 'Due', after: '2062-11-31' },
			{ label: 'Remedy', after: 'Credit note asked for.' },
		],
		refused: 'bad_value',
		fixable: true,
	},
	{
		...change,
		group: 8,
		at: instantFrom(0, -3),
		label: 'Contact changed',
		entity: 'contact',
		row_id: 'per-9',
		title: 'Ines Vogt',
		account_name: 'Nordvik Energi AS',
		changes: [{ label: 'Phone', after: '+47 51 55 01 20' }],
		refused: 'no_access',
	},
];

/** What is wrong with each refused change. */
export function refusedChange(group: number): RefusedChange {
	const row = unsent.find((other) => other.group === group);
	const fields: RefusedChange['fields'] =
		row?.entity === 'issue'
			? [
					{
						field: 'due_date',
						label: 'Due',
						value: '2062-11-31',
						standing: '2026-12-01',
						problem: 'is not a day of the calendar',
					},
					{ field: 'remedy', label: 'Remedy', value: 'Credit note asked for.', standing: null, problem: null },
				]
			: [{ field: 'phone', label: 'Phone', value: '+47 51 55 01 20', standing: '+47 51 55 00 00', problem: null }];
	return {
		group,
		entity: row?.entity ?? 'issue',
		row_id: row?.row_id ?? '',
		title: row?.title ?? '',
		reason: row?.refused ?? 'bad_value',
		fields,
	};
}

function receipt([id, days]: [number, number], figures: number[], summary: string): ReceiptRow {
	const [sent = 0, received = 0, merged = 0, toDecide = 0, refused = 0] = figures;
	return {
		id,
		startedAt: instantFrom(days, -1),
		finishedAt: instantFrom(days, -0.999),
		sent,
		received,
		merged,
		toDecide,
		refused,
		bytesUp: sent * 900,
		bytesDown: received * 1400,
		problem: null,
		summary,
	};
}

export const receipts: ReceiptRow[] = [
	receipt(
		[4, 0],
		[12, 40, 1, 1, 0],
		'12 sent; 40 received; merged: I-503 (priority yours, due date Ben Roth’s); to decide: I-504 (root cause: both are kept)',
	),
	receipt([3, 0], [1, 0, 0, 0, 0], '1 sent'),
	{
		...receipt(
			[2, -1],
			[61, 48, 5, 1, 1],
			'61 sent; 48 received; 5 merged; to decide: I-504 (root cause: both are kept); refused: I-502 (due date: the office does not accept the value)',
		),
		problem: 'unreachable',
	},
	receipt([1, -3], [0, 2400, 0, 0, 0], '2400 received; accounts: Halden Pharma AG (is yours now)'),
];

const line: ReceiptLine = {
	kind: 'sent',
	entity: 'issue',
	rowId: 'iss-1',
	accountName: halden,
	title: 'I-504 Cost centre missing on 14 invoices',
	detail: 'root cause, priority',
	byName: null,
};

export function receiptPage(id: number): ReceiptPage {
	const found = receipts.find((row) => row.id === id) ?? (receipts[0] as ReceiptRow);
	const lines: ReceiptLine[] = [
		{ ...line, kind: 'decide', detail: 'root cause: yours and Ben Roth’s', byName: 'Ben Roth' },
		{
			...line,
			kind: 'merged',
			rowId: 'iss-2',
			title: 'I-503 Late receipt from the agent in Korea',
			detail: 'priority yours, due date Ben Roth’s',
			byName: 'Ben Roth',
		},
		{ ...line, kind: 'refused', rowId: 'iss-3', title: 'I-502 Agent fee in Japan', detail: 'due: is not a day' },
		{
			...line,
			kind: 'kept',
			rowId: 'vis-1',
			entity: 'visit',
			title: 'Quarterly review in Basel',
			detail: 'changed by Ben Roth while you deleted it',
			byName: 'Ben Roth',
		},
		{
			...line,
			kind: 'late',
			accountName: orsett,
			title: 'I-611 Invoice twice',
			detail: 'The account has gone to Jonas Keller, who is told',
		},
		{ ...line, kind: 'scope', entity: 'account', rowId: 'acc-2', title: halden, detail: 'is yours now' },
		line,
		{
			...line,
			kind: 'sent',
			entity: 'note',
			rowId: 'not-1',
			title: 'Workshop, late instructions',
			detail: '4 paragraphs',
		},
		{ ...line, kind: 'received', rowId: 'iss-4', title: 'I-501 Annual review', detail: 'status', byName: 'Ben Roth' },
		{ ...line, kind: 'file', entity: 'attachment', rowId: 'att-2', title: 'minutes.pdf', detail: 'sent, 1.4 MB' },
	];
	return { receipt: found, lines, more: { received: 39, sent: 10 } };
}
