import type { Random } from './random.ts';
import { type SampleClient, sampleClients } from './sample-clients.ts';

/** Somebody at a client, as the sample needs them. */
export interface SamplePerson {
	id: string;
	clientId: string;
	name: string;
	values: Record<string, unknown>;
}

/** The colleagues; `u-sam` is who sits at the laptop. */
export const sampleUsers = [
	{
		id: 'u-sam',
		v: { name: 'Ada Lindgren', email: 'ada.lindgren@fieldbook.example', role: 'SAM', time_zone: 'America/New_York' },
	},
	{
		id: 'u-specialist',
		v: {
			name: 'Tomás Okafor',
			email: 'tomas.okafor@fieldbook.example',
			role: 'SPECIALIST',
			time_zone: 'America/New_York',
		},
	},
	{
		id: 'u-manager',
		v: {
			name: 'Ruth Castellan',
			email: 'ruth.castellan@fieldbook.example',
			role: 'MANAGER',
			time_zone: 'America/Chicago',
		},
	},
	{
		id: 'u-project',
		v: { name: 'Henrik Vaas', email: 'henrik.vaas@fieldbook.example', role: 'PROJECT', time_zone: 'Europe/London' },
	},
	{
		id: 'u-processing',
		v: {
			name: 'Meera Pillai',
			email: 'meera.pillai@fieldbook.example',
			role: 'PROCESSING',
			time_zone: 'Europe/London',
		},
	},
] as const;

/** The people at each client: name, job, role; written out, because names are what a reader believes in. */
const people: Record<string, string[]> = {
	'acc-brandt': [
		'Eleanor Whitmore|Docketing partner|SPONSOR',
		'Marcus Bell|Docketing supervisor|INSTRUCTIONS',
		'Priya Raman|Annuities paralegal|INSTRUCTIONS',
		'Dana Kowalczyk|Accounts payable|INVOICES',
		'Joel Hartmann|IT systems lead|TECHNICAL',
		'Sofia Arredondo|Partner, life sciences|LEGAL',
	],
	'acc-halden': [
		'Dr. Miriam Vogt|Head of IP|SPONSOR',
		'Lukas Amsler|IP operations lead|INSTRUCTIONS',
		'Yuki Brunner|Paralegal, JP and KR|INSTRUCTIONS',
		'Pascal Egli|Finance partner|INVOICES',
		'Dr. Noor Haddad|Patent counsel|LEGAL',
		'Corinne Zahnd|Regional manager|OTHER',
	],
	'acc-kestrel': [
		'Grant Delacroix|Director, patents|SPONSOR',
		'Amy Tran|Portfolio analyst|INSTRUCTIONS',
		'Victor Osei|Senior counsel|LEGAL',
		'Rachel Stein|Procurement|INVOICES',
		'Ivan Petrov|Data engineer|TECHNICAL',
	],
	'acc-tanaka': [
		'Kenji Tanabe|General manager, IP|SPONSOR',
		'Haruka Mori|Annuity coordinator|INSTRUCTIONS',
		'Shota Ishii|Patent engineer|TECHNICAL',
		'Emi Fujita|Accounting|INVOICES',
	],
	'acc-lindqvist': [
		'Annika Sjöberg|Head of patents|SPONSOR',
		'Erik Dahl|Project lead, transfer|TECHNICAL',
		'Maja Nyström|Patent administrator|INSTRUCTIONS',
		'Olof Berg|Controller|INVOICES',
	],
	'acc-orsett': [
		'Philippa Grant|Group IP manager|SPONSOR',
		'Daniel Cole|Patent administrator|INSTRUCTIONS',
		'Harriet Dunn|Purchase ledger|INVOICES',
		'Simon Achebe|Patent attorney|LEGAL',
	],
	'acc-weidental': [
		'Prof. Jutta Rehm|Technology transfer office|SPONSOR',
		'Felix Baumgart|Patent administration|INSTRUCTIONS',
		'Klara Henning|Budget office|INVOICES',
	],
	'acc-calloway': [
		'Beth Calloway|General counsel|SPONSOR',
		'Luis Ortega|IP assistant|INSTRUCTIONS',
		'Noah Fields|Accounts payable|INVOICES',
	],
	'acc-nordvik': [
		'Ingrid Solheim|IP manager|SPONSOR',
		'Magnus Hauge|Patent engineer|INSTRUCTIONS',
		'Silje Aas|Invoice control|INVOICES',
		'Torbjørn Lie|Legal counsel|LEGAL',
	],
	'acc-pereira': [
		'Luciana Prado|Diretora jurídica|SPONSOR',
		'Rafael Monteiro|Analista de patentes|INSTRUCTIONS',
		'Camila Duarte|Contas a pagar|INVOICES',
	],
	'acc-hanseong': [
		'Park Ji-ho|Vice president, IP|SPONSOR',
		'Kim Seo-yeon|Annuity manager|INSTRUCTIONS',
		'Lee Min-jun|Portfolio strategy|LEGAL',
		'Choi Ha-eun|Accounting|INVOICES',
		'Jung Woo-jin|System integration|TECHNICAL',
	],
	'acc-whitcombe': [
		'George Whitcombe|Technical director|SPONSOR',
		'Fiona Marsh|Office manager|INSTRUCTIONS',
		'Peter Lyle|Bookkeeper|INVOICES',
	],
	'acc-aldermoor': [
		'Chantal Roy|Chief technology officer|SPONSOR',
		'Owen Blake|Operations|INSTRUCTIONS',
		'Mira Shah|Accounting|INVOICES',
	],
	'acc-verrance': [
		'Élodie Marchand|Responsable PI|SPONSOR',
		'Julien Faure|Assistant brevets|INSTRUCTIONS',
		'Sylvie Roche|Comptabilité|INVOICES',
	],
	'acc-mirrabel': [
		'Karen Doyle|Managing director|SPONSOR',
		'Ben Whitlock|Product manager|TECHNICAL',
		'Tess Ngo|Accounts|INVOICES',
	],
};

/** Every client's people, in a fixed order; a client's first is its sponsor. */
export function samplePeople(random: Random): SamplePerson[] {
	return sampleClients.flatMap((client) =>
		(people[client.id] ?? []).map((line, index) =>
			makePerson(client, [line, `${client.id.replace('acc-', 'con-')}-${index + 1}`], random),
		),
	);
}

function makePerson(client: SampleClient, [line, id]: [string, string], random: Random): SamplePerson {
	const [name = '', job_title = '', role = ''] = line.split('|');
	const domain = `${client.id.slice(4)}.example`;
	const values = {
		account_id: client.id,
		full_name: name,
		job_title,
		role,
		authorised_to_instruct: role === 'INSTRUCTIONS' || role === 'SPONSOR',
		email: `${plain(name)}@${domain}`,
		phone: `+${random.int(1, 98)} 555 ${String(random.int(0, 9999)).padStart(4, '0')}`,
		language: client.language,
		time_zone: client.zone,
		status: random.chance(0.04) ? 'LEFT' : 'ACTIVE',
	};
	return { id, clientId: client.id, name, values };
}

/** "Prof. Jutta Rehm" → "jutta.rehm". */
function plain(name: string): string {
	const words = name
		.replace(/^(Dr|Prof)\. /, '')
		.replaceAll('ø', 'o')
		.normalize('NFD')
		.replace(/\p{M}/gu, '');
	return words.toLowerCase().replace(/[^a-z]+/g, '.');
}
