import { addDays } from '../days.ts';
import type { Random } from './random.ts';
import type { SamplePerson } from './sample-people.ts';

/** Reference, client, type, priority, status, title; due and age in days from today; what the client may read; root cause. */
type Row = [
	ref: string,
	client: string,
	kind: string,
	title: string,
	days: [received: number, due: number | null],
	...texts: string[],
];

const rows: Row[] = [
	[
		'I-504',
		'halden',
		'COMPLAINT/URGENT/IN_PROGRESS',
		'Cost centre missing on 14 invoices',
		[14, 0],
		'Fourteen September invoices carry no cost centre. Corrected invoices follow once the cause is confirmed.',
		"Cost centre not carried over from the client's September file.",
	],
	[
		'I-503',
		'halden',
		'ESCALATION/HIGH/WAITING_INTERNAL',
		'Late receipt, Korea',
		[11, 8],
		'The official receipt for the Korean annuity has not arrived from the agent. Payment was confirmed on time.',
		'Agent batches receipts monthly; we did not chase.',
	],
	[
		'I-502',
		'halden',
		'QUERY/NORMAL/RESOLVED',
		'Cost-centre list corrected',
		[20, -5],
		'The list of cost centres was corrected on 12 November.',
	],
	[
		'I-521',
		'halden',
		'CONCERN/NORMAL/OPEN',
		'Instructions for JP and KR arrive after the cut-off',
		[6, 10],
		'We suggest a weekly list of undecided cases.',
	],
	['I-530', 'halden', 'AUDIT/NORMAL/IN_PROGRESS', 'Portfolio check before the annual review', [9, 22]],
	[
		'I-377',
		'brandt',
		'COMPLAINT/HIGH/IN_PROGRESS',
		'Three reminders went to a person who had left',
		[30, 2],
		'Reminders in October went to a former employee. The contact has been replaced.',
		"Contact marked left in the client's system but not in ours.",
	],
	[
		'I-378',
		'brandt',
		'COMPLAINT/URGENT/OPEN',
		'Surcharge paid on a US case instructed in time',
		[5, 1],
		'We are checking when the instruction reached us.',
	],
	['I-381', 'brandt', 'QUERY/NORMAL/WAITING_CLIENT', 'Which entity pays the 7.5-year fees of the Delta family', [8, 6]],
	[
		'I-390',
		'brandt',
		'TREND/NORMAL/OPEN',
		'Undecided cases doubled since September',
		[4, 20],
		'',
		'Two docketing clerks left; new clerk not yet trained on the portal.',
	],
	['I-391', 'brandt', 'QUERY/HIGH/OPEN', 'Small entity status of twelve US patents', [3, 3]],
	['I-392', 'brandt', 'AUDIT/NORMAL/OPEN', 'Match docket against register after the merger', [16, 35]],
	['I-393', 'brandt', 'ESCALATION/HIGH/WAITING_INTERNAL', 'Portal shows fees without VAT', [12, 4]],
	['I-601', 'kestrel', 'QUERY/NORMAL/OPEN', 'Proof of payment for the Taiwanese annuities', [2, 5]],
	[
		'I-602',
		'kestrel',
		'CONCERN/NORMAL/IN_PROGRESS',
		'Fee forecast for next year is 9 % above this year',
		[10, 14],
		'The forecast is higher because 240 cases enter years 8 to 12.',
	],
	['I-603', 'kestrel', 'QUERY/LOW/WAITING_CLIENT', 'Names of two subsidiaries for invoicing', [19, 12]],
	[
		'I-604',
		'kestrel',
		'AUDIT/NORMAL/RESOLVED',
		'Grant dates of 41 Chinese cases corrected',
		[44, -9],
		'All 41 grant dates now agree with the register.',
	],
	[
		'I-611',
		'tanaka',
		'QUERY/HIGH/OPEN',
		'Agent fee in JP',
		[1, 1],
		"The Japanese agent's fee on the October invoice differs from the tariff. We are asking the agent.",
	],
	['I-612', 'tanaka', 'QUERY/NORMAL/WAITING_CLIENT', 'Claims count of three Korean patents', [7, 9]],
	['I-613', 'tanaka', 'TREND/LOW/OPEN', 'Questions about currency conversion every quarter', [25, 40]],
	[
		'I-621',
		'lindqvist',
		'ESCALATION/HIGH/OPEN',
		'Transfer gate 2 blocked: priority data of 18 families missing',
		[13, 7],
		'Eighteen families have no priority date in the file received.',
	],
	['I-622', 'lindqvist', 'AUDIT/NORMAL/IN_PROGRESS', 'Overlap list with the previous provider', [9, 3]],
	['I-631', 'orsett', 'CONCERN/HIGH/OPEN', 'No contact for more than two months', [4, 3]],
	['I-632', 'orsett', 'QUERY/NORMAL/OPEN', 'Licence of right on two British patents', [15, 11]],
	[
		'I-633',
		'orsett',
		'COMPLAINT/NORMAL/WAITING_CLIENT',
		'Portal password reset took two days',
		[17, 5],
		'The reset now takes minutes; we ask you to confirm.',
	],
	['I-641', 'weidental', 'QUERY/NORMAL/OPEN', 'Reduced fees for universities in two offices', [6, 13]],
	['I-642', 'weidental', 'QUERY/LOW/CLOSED', 'Copy of the 2023 invoices', [60, -40]],
	[
		'I-651',
		'nordvik',
		'QUERY/HIGH/IN_PROGRESS',
		'Fee query open for 12 days',
		[12, 0],
		'The Brazilian agent has confirmed the amount; the invoice will be corrected.',
	],
	['I-652', 'nordvik', 'CONCERN/NORMAL/OPEN', 'Payments close to the due date in Brazil', [20, 16]],
	['I-653', 'nordvik', 'TREND/NORMAL/OPEN', 'Invoices by mail arrive after the month is closed', [33, 25]],
	['I-654', 'nordvik', 'QUERY/NORMAL/WAITING_INTERNAL', 'Receipts for five Indian annuities', [8, 6]],
	['I-655', 'nordvik', 'AUDIT/LOW/OPEN', 'Owner names after the renaming', [22, 50]],
	['I-661', 'pereira', 'QUERY/NORMAL/OPEN', 'Invoice in euro instead of real', [5, 9]],
	[
		'I-671',
		'hanseong',
		'ESCALATION/URGENT/IN_PROGRESS',
		'Two grace periods in one family',
		[6, 1],
		'Both fees are paid; the surcharge is being examined.',
		'Instruction file was read a day late.',
	],
	['I-672', 'hanseong', 'AUDIT/NORMAL/IN_PROGRESS', 'Annual data verification', [18, 21]],
	['I-673', 'hanseong', 'QUERY/NORMAL/OPEN', 'Term extension of four US patents', [9, 12]],
	['I-674', 'hanseong', 'CONCERN/NORMAL/WAITING_CLIENT', 'Approval chain takes eleven days', [14, 18]],
	['I-675', 'hanseong', 'TREND/NORMAL/OPEN', 'More questions about German fees since July', [28, 30]],
	['I-676', 'hanseong', 'QUERY/HIGH/OPEN', 'Payment proof needed for a licence', [2, 2]],
	[
		'I-677',
		'hanseong',
		'COMPLAINT/NORMAL/RESOLVED',
		'Reminder in the wrong language',
		[35, -12],
		'Reminders are in Korean again.',
		'Language setting lost in an import.',
	],
	['I-681', 'verrance', 'QUERY/NORMAL/OPEN', 'Which cases are in the grace period today', [1, 4]],
];

/** The issues of the sample: all six types, dates relative to `today`. */
export function sampleIssues(random: Random, { today, people }: { today: string; people: readonly SamplePerson[] }) {
	return rows.map(([ref, client, kind, title, [received, due], summary, cause]) => {
		const [type = '', priority = '', status = ''] = kind.split('/');
		const account = `acc-${client}`;
		const contacts = people.filter((person) => person.clientId === account);
		const closed = status === 'RESOLVED' || status === 'CLOSED';
		const values: Record<string, unknown> = {
			account_id: account,
			ref_no: ref,
			title,
			type,
			status,
			priority,
			owner_id: status === 'WAITING_INTERNAL' || random.chance(0.25) ? 'u-specialist' : 'u-sam',
			contact_id: contacts[random.int(0, Math.min(2, contacts.length - 1))]?.id,
			received_at: `${addDays(today, -received)}T${random.int(10, 19)}:${random.int(10, 59)}:00.000Z`,
		};
		if (due !== null) values.due_date = addDays(today, due);
		if (summary) values.client_summary = summary;
		if (cause) values.root_cause = cause;
		if (closed)
			Object.assign(values, {
				remedy: 'Checked with the client and closed.',
				resolved_at: `${addDays(today, -random.int(2, 9))}T15:30:00.000Z`,
			});
		return { id: `iss-${ref.slice(2)}`, values };
	});
}
