import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** A place in the log of commits: everything of commit `seq` up to and including its row `ord` has been sent. */
export interface Place {
	seq: number;
	ord: number;
}

/** `ord` of a place behind all rows of its commit. */
export const WHOLE_COMMIT = 2_147_483_647;

/** What a cursor is only good for: this store since its last restore, and one person with these accounts. */
export interface CursorScope {
	epoch: string;
	user: string;
	accounts: readonly string[];
}

const payload = z.tuple([z.literal(1), z.string(), z.string(), z.int().nonnegative(), z.int().nonnegative()]);

/** Writes a cursor: opaque to the client and signed with `key` (hex), at most 200 characters. */
export function formatCursor(place: Place, scope: CursorScope, key: string): string {
	const body = Buffer.from(
		JSON.stringify([1, shortHash(scope.epoch), scopeHash(scope), place.seq, place.ord]),
	).toString('base64url');
	return `${body}.${sign(body, key)}`;
}

/** Reads a cursor back. Undefined when it was altered, or made by another store, for another person or other accounts. */
export function readCursor(cursor: string, scope: CursorScope, key: string): Place | undefined {
	const [body, mac, ...rest] = cursor.split('.');
	if (!body || !mac || rest.length > 0 || !isEqual(mac, sign(body, key))) return undefined;
	const parsed = payload.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
	if (!parsed.success) return undefined;
	const [, epoch, hash, seq, ord] = parsed.data;
	return epoch === shortHash(scope.epoch) && hash === scopeHash(scope) ? { seq, ord } : undefined;
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
