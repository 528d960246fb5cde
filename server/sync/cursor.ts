import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** A place in the log of commits: everything of commit `seq` up to and including its row `ord` has been sent. */
export interface Place {
	seq: number;
	ord: number;
}

/** `ord` of a place behind all rows of its commit. */
export const WHOLE_COMMIT = 2_147_483_647;

/** A place with the name of its commit, by which a store that lost that commit knows that the cursor is not its own. */
export interface NamedPlace extends Place {
	tag: string;
}

/** What a cursor is only good for: this store since its last restore, and one person with these accounts. */
export interface CursorScope {
	epoch: string;
	user: string;
	accounts: readonly string[];
}

const payload = z.tuple([
	z.literal(2),
	z.string(),
	z.string(),
	z.int().nonnegative(),
	z.int().nonnegative(),
	z.string(),
]);

/** Writes a cursor: opaque to the client and signed with `key` (hex), at most 200 characters. */
export function formatCursor(place: NamedPlace, scope: CursorScope, key: string): string {
	const body = Buffer.from(
		JSON.stringify([2, shortHash(scope.epoch), scopeHash(scope), place.seq, place.ord, place.tag]),
	).toString('base64url');
	return `${body}.${sign(body, key)}`;
}

/**
 * Reads a cursor back. Undefined when it was altered, or made by another store, for another person or other accounts.
 * Whether the commit it names is in the store's past is for the caller to see.
 */
export function readCursor(cursor: string, scope: CursorScope, key: string): NamedPlace | undefined {
	const [body, mac, ...rest] = cursor.split('.');
	if (!body || !mac || rest.length > 0 || !isEqual(mac, sign(body, key))) return undefined;
	const parsed = payload.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
	if (!parsed.success) return undefined;
	const [, epoch, hash, seq, ord, tag] = parsed.data;
	return epoch === shortHash(scope.epoch) && hash === scopeHash(scope) ? { seq, ord, tag } : undefined;
}

function scopeHash({ user, accounts }: CursorScope): string {
	return shortHash(JSON.stringify([user, [...accounts].sort()]));
}

function shortHash(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function sign(body: string, key: string): string {
	return createHmac('sha256', Buffer.from(key, 'hex')).update(body).digest('base64url').slice(0, 32);
}

function isEqual(a: string, b: string): boolean {
	const [left, right] = [Buffer.from(a), Buffer.from(b)];
	return left.length === right.length && timingSafeEqual(left, right);
}
