import type { Action, Desk } from './desk.ts';
import { text } from './desk.ts';
import { keyOf } from './ledger.ts';

/** What people do with changes that are not sent yet, or were refused. */

interface Waiting {
	group_no: number;
	unit: string;
}

function waiting(desk: Desk): Waiting[] {
	return desk.client.rows<Waiting>(
		'SELECT min(group_no) AS group_no, unit FROM outbox WHERE sent_at IS NULL GROUP BY unit ORDER BY 1 LIMIT 12',
	);
}

function refused(desk: Desk): Waiting[] {
	return desk.client.rows<Waiting>(
		`SELECT min(o.group_no) AS group_no, o.unit FROM outbox o JOIN outbox_op p ON p.group_no = o.group_no
		WHERE p.refused IS NOT NULL GROUP BY o.unit ORDER BY 1 LIMIT 8`,
	);
}

/** Takes one unsent change back. Nothing but it, and what was left of typing already taken back, may go from the queue. */
async function takeBack(desk: Desk): Promise<void> {
	const list = waiting(desk);
	if (list.length === 0) return;
	const { group_no, unit } = desk.random.pick(list);
	const { ledger } = desk.world;
	const before = ledger.queued(desk.client);
	desk.client.lastDone = undefined;
	const done = await desk.perform('outbox.undo', { group: group_no });
	desk.client.lastDone = undefined;
	// Whether it was on disk when the laptop died shows when it opens again.
	if (!done && !desk.client.isDead) return;
	const after = ledger.queued(desk.client);
	for (const [key, edit] of before) {
		if (after.has(key)) continue;
		if (edit.unit !== unit && !edit.unit.startsWith('taken-back:'))
			desk.problem(`taking back ${unit} took away ${keyOf(edit)} of ${edit.unit} too`);
		ledger.withdrawn.add(key);
	}
}

async function move(desk: Desk): Promise<void> {
	const list = waiting(desk);
	if (list.length < 2) return;
	// Mostly a late one to the front: that is where what it builds on has to come along.
	const half = Math.ceil(list.length / 2);
	const group = desk.random.pick(list.slice(list.length - half)).group_no;
	const before = desk.random.chance(0.2) ? null : desk.random.pick(list.slice(0, half)).group_no;
	const { ledger } = desk.world;
	const queued = ledger.queued(desk.client);
	if (!(await desk.perform('outbox.move', { group, before }))) return;
	const now = ledger.queued(desk.client);
	for (const key of queued.keys()) if (!now.has(key)) desk.problem(`moving ${group} lost ${key}`);
}

async function urgent(desk: Desk): Promise<void> {
	const list = waiting(desk);
	if (list.length === 0) return;
	await desk.perform('outbox.urgent', { group: desk.random.pick(list).group_no, urgent: desk.random.chance(0.7) });
}

async function sendAlone(desk: Desk): Promise<void> {
	const list = waiting(desk);
	if (list.length === 0 || desk.client.isSyncing) return;
	const { group_no } = desk.random.pick(list);
	desk.world.note(`${desk.client.setup.name} sends ${group_no} alone`);
	await desk.client.startSync('outbox.sendAlone', { group: group_no });
}

/** Gives a refused change an account of one's own, or other words. */
async function fix(desk: Desk): Promise<void> {
	const list = refused(desk);
	if (list.length === 0) return;
	const { group_no } = desk.random.pick(list);
	const found = await desk.client.call('outbox.refused', { group: group_no });
	if (!found.ok) return;
	const { fields } = found.value as { fields: { field: string; value: unknown }[] };
	const values = Object.fromEntries(fields.map(({ field, value }) => [field, value]));
	const [account] = desk.client.rows<{ id: string }>('SELECT id FROM account WHERE deleted_at IS NULL ORDER BY id');
	if ('account_id' in values && account) values['account_id'] = account.id;
	for (const name of ['title', 'full_name']) if (name in values) values[name] = text(desk);
	if (Object.keys(values).length > 0) await desk.perform('outbox.fix', { group: group_no, values });
	// A change sent again is no new step for "Undo".
	desk.client.lastDone = undefined;
}

async function dismiss(desk: Desk): Promise<void> {
	const list = refused(desk);
	if (list.length > 0) await desk.perform('sync.dismiss', { group: desk.random.pick(list).group_no });
}

async function metered(desk: Desk): Promise<void> {
	await desk.client.call('sync.metered', { choice: desk.random.pick(['auto', 'yes', 'no']) });
}

async function answerBrake(desk: Desk): Promise<void> {
	const status = await desk.ask<{ brake: unknown }>('sync.status', {});
	if (!status?.brake) return;
	desk.world.count('brake');
	const choice = desk.random.pick(['apply', 'keep']);
	if (choice === 'apply') desk.client.hasAllowed = true;
	await desk.client.call('sync.brake', { choice });
}

export const queueActions: Readonly<Record<string, Action>> = {
	'take back': { weight: 6, run: takeBack },
	'move in queue': { weight: 6, run: move },
	urgent: { weight: 2, run: urgent },
	'send alone': { weight: 2, run: sendAlone },
	'fix refused': { weight: 3, run: fix },
	dismiss: { weight: 1, run: dismiss },
	metered: { weight: 2, run: metered },
	'answer brake': { weight: 3, run: answerBrake },
};
