import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** A place in the log of commits: everything of commit `seq` up to and including its row `ord` has been sent. */
export interface Place {
	seq: number;
	ord: number;
}

/** `ord` of a place behind all rows of its commit. */
export const WHOLE_COMMIT = 2_147_483_647;

/** Where a reader is in the log. */
export interface NamedPlace extends Place {
	/** The name of the commit, by which a store that lost that commit knows that the cursor is not its own. */
	tag: string;
	/** The reader was told of its accounts up to this commit when it began; undefined in a cursor of the first release. */
	known?: number | undefined;
	/** At `seq` and `ord` older lines follow (an account that came, a text that moved): these have been sent up to here. */
	inner?: Place | undefined;
}

/** What a cursor is only good for: this store since its last restore, and one person. */
export interface CursorScope {
	epoch: string;
	user: string;
	/** For a laptop that cannot be told of accounts that come and go: it is good only with these. */
	accounts: readonly string[] | undefined;
}

const count = z.int().nonnegative();
const first = z.tuple([z.literal(2), z.string(), z.string(), count, count, z.string()]);
const payload = z.tuple([
	z.literal(3),
	z.string(),
	z.string(),
	count,
	count,
	z.string(),
	count,
	z.tuple([count, count]).nullable(),
]);

/** Writes a cursor: opaque to the client and signed with `key` (hex), at most 200 characters. */
export function formatCursor(place: NamedPlace, scope: CursorScope, key: string): string {
	const inner = place.inner ? [place.inner.seq, place.inner.ord] : null;
	const head = [3, shortHash(scope.epoch), scopeHash(scope), place.seq, place.ord, place.tag, place.known ?? 0, inner];
	const body = Buffer.from(JSON.stringify(head)).toString('base64url');
	return `${body}.${sign(body, key)}`;
}

/**
 * Reads a cursor back. Undefined when it was altered, or made by another store, for another person or, where `scope`
 * names accounts, for others. Whether the commit it names is in the store's past is for the caller to see.
 */
export function readCursor(cursor: string, scope: CursorScope, key: string): NamedPlace | undefined {
	const [body, mac, ...rest] = cursor.split('.');
	if (!body || !mac || rest.length > 0 || !isEqual(mac, sign(body, key))) return undefined;
	const parsed = z.union([payload, first]).safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
	if (!parsed.success) return undefined;
	const [, epoch, hash, seq, ord, tag, known, inner] = parsed.data;
	if (epoch !== shortHash(scope.epoch) || hash !== scopeHash(scope)) return undefined;
	return { seq, ord, tag, known, inner: inner ? { seq: inner[0], ord: inner[1] } : undefined };
}

function scopeHash({ user, accounts }: CursorScope): string {
	return shortHash(JSON.stringify(accounts ? [user, [...accounts].sort()] : [user]));
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
