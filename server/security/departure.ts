import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { LeaveOrder } from '../../shared/sync/protocol.ts';
import { ApiError } from '../api-error.ts';
import { inReach } from '../store/reach.ts';
import type { DepartureRow } from '../store/tables.ts';
import type { Trx } from '../store/transaction.ts';
import type { SyncCore, User } from '../sync/sync-core.ts';
import { noteEvent } from './audit-event.ts';

/** A laptop that keeps saying it has more to send is told to go all the same after this long and so many greetings. */
const LONGEST_MS = 7 * 86_400_000;
const MOST_CONTACTS = 100;

/**
 * What a laptop shows when it has no token any more: it lets a laptop that was put out hand in its work and be told to
 * go, and opens nothing else. It comes from the store's own secret, so a store put back still knows it.
 */
export function ticketOf(core: Pick<SyncCore, 'cursorKey'>, device: string): string {
	return createHmac('sha256', core.cursorKey).update(`ticket ${device}`).digest('hex');
}

/** The person of a laptop that has been put out and shows its ticket; undefined for any other. */
export async function findByTicket(
	core: SyncCore,
	{ device, ticket }: { device: string; ticket: string },
): Promise<User | undefined> {
	const own = Buffer.from(ticketOf(core, device));
	const shown = Buffer.from(ticket);
	if (own.length !== shown.length || !timingSafeEqual(own, shown)) return undefined;
	const user = await inReach(core.db, { user: null, how: 'door' }, (trx) => revokedOwner(trx, device));
	return user === undefined ? undefined : { id: user, isLeaving: true };
}

/** Who the laptop belongs to, when it or they have been put out. */
async function revokedOwner(trx: Trx, device: string): Promise<string | undefined> {
	const { rows } = await sql<{ user_id: string }>`
		select d.user_id from device d where d.id = ${device} and (
			exists (select 1 from revoked_device r where r.device = d.id)
			or exists (select 1 from revoked_user u where u.user_id = d.user_id))`.execute(trx);
	return rows[0]?.user_id;
}

/**
 * What a laptop that says hello has to do before it goes; undefined for one that may stay. The first answer asks for its
 * unsent work; `leave` below gives the order itself, which is repeated here to a laptop that did not hear it.
 */
export async function orderFor(
	core: Pick<SyncCore, 'cursorKey' | 'clock'>,
	trx: Trx,
	device: string,
): Promise<LeaveOrder | undefined> {
	if ((await revokedOwner(trx, device)) === undefined) return undefined;
	const at = core.clock().toISOString();
	const { rows } = await sql<Chance>`
		insert into departure (device, asked_at, contacts) values (${device}, ${at}, 1)
		on conflict (device) do update set contacts = departure.contacts + 1
		returning asked_at, wiped_at, contacts`.execute(trx);
	const [row] = rows;
	return signed(core, { kind: row && isOver(row, core.clock()) ? 'wipe' : 'push-only', device, at });
}

type Chance = Selectable<Pick<DepartureRow, 'asked_at' | 'wiped_at' | 'contacts'>>;

function isOver({ asked_at, wiped_at, contacts }: Chance, now: Date): boolean {
	if (wiped_at) return true;
	return contacts > MOST_CONTACTS && now.getTime() - Date.parse(asked_at) > LONGEST_MS;
}

/**
 * Nothing is taken from a laptop that has said that it is wiped, nor from one that had time enough. One that was
 * told to go and has not said so may not have heard it, and have been worked on since. Throws ApiError 401 `revoked`.
 */
export async function refuseGone(trx: Trx, device: string, now: Date): Promise<void> {
	const row = await trx.selectFrom('departure').selectAll().where('device', '=', device).executeTakeFirst();
	if (!row) return;
	if (row.wiped_at || (isOver(row, now) && (await revokedOwner(trx, device)) !== undefined))
		throw new ApiError(401, 'revoked', 'The access of this laptop has ended.');
}

export interface Leaving {
	device: string;
	/** Changes and files that the laptop still has to send. */
	unsent: number;
	/** The keys are destroyed. */
	wiped: boolean;
}

/**
 * A laptop that was put out says how much it still has to send: with nothing left it is told to destroy what it holds.
 * Throws ApiError 409 `not_leaving` for one that may stay.
 */
export async function leave(core: SyncCore, user: User, { device, unsent, wiped }: Leaving): Promise<LeaveOrder> {
	return inReach(core.db, { user: user.id, how: 'door' }, async (trx) => {
		const owner = await revokedOwner(trx, device);
		if (owner !== user.id) throw new ApiError(409, 'not_leaving', 'This laptop may stay.');
		const asked = await orderFor(core, trx, device);
		const at = core.clock().toISOString();
		const isDone = wiped || unsent === 0 || asked?.kind === 'wipe';
		const before = await trx.selectFrom('departure').selectAll().where('device', '=', device).executeTakeFirstOrThrow();
		await sql`update departure set unsent = ${unsent}, told_at = coalesce(told_at, ${isDone ? at : null}),
			wiped_at = coalesce(wiped_at, ${wiped ? at : null}) where device = ${device}`.execute(trx);
		const step = { entity: 'device' as const, id: device, by: user.id, at: core.clock() };
		if (isDone && !before.told_at) await noteEvent(trx, { ...step, what: '@told_to_go', value: { unsent } });
		if (wiped && !before.wiped_at) await noteEvent(trx, { ...step, what: '@wiped', value: true });
		return signed(core, { kind: isDone ? 'wipe' : 'push-only', device, at });
	});
}

/** Only who registered the laptop can order it to go: the order is signed with its ticket. */
function signed(core: Pick<SyncCore, 'cursorKey'>, order: Omit<LeaveOrder, 'mac'>): LeaveOrder {
	const text = `${order.kind} ${order.device} ${order.at}`;
	return { ...order, mac: createHmac('sha256', ticketOf(core, order.device)).update(text).digest('hex') };
}
