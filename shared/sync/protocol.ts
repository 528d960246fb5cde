import { z } from 'zod';

/**
 * The wire format between core and server, version 1. Everything travels as JSON; a pull is NDJSON
 * whose last line says so, and a page without that line is thrown away. A hash test pins this file's schemas.
 */

export const PROTOCOL = 1;
/** Raised with each additive change of an entity definition. */
export const SCHEMA = 2;

/** Header that proves a reply comes from our server and not from a hotel's login page. Its value is the server's epoch. */
export const SERVER_HEADER = 'x-fieldbook-server';

/**
 * `bytesPerPush` is what a client aims at; a single group may be larger, up to `bytesPerBody`, above which the server
 * answers 413. `bytesPerText` counts one decoded text update.
 */
export const LIMITS = {
	opsPerGroup: 500,
	opsPerPush: 500,
	bytesPerPush: 1_048_576,
	bytesPerBody: 8_388_608,
	bytesPerText: 4_194_304,
	rowsPerPull: 2000,
	bytesPerPull: 2_097_152,
} as const;

/**
 * Why an operation was refused. A client shows its own words for each. That a record names one the server does not have is
 * no reason: it may be on its way from another laptop, and where it never comes, the laptop asks for another place.
 */
export const REFUSALS = [
	'unknown_entity',
	'unknown_field',
	'bad_value',
	'office_owned',
	'no_access',
	'no_record',
	'id_taken',
	/** The person may read this account, or this kind of record, and not write it. */
	'read_only',
] as const;
export type Refusal = (typeof REFUSALS)[number];

const version = z.string().regex(/^[0-9a-f]{17}[0-9a-z]{8}$/);
const id = z.string().min(1).max(64);
const name = z.string().min(1).max(64);

const fieldEdit = z.strictObject({
	v: z.json(),
	/** The version the editor saw; null when the field had none. */
	base: version.nullable(),
	/** The value the editor saw, so that a conflict can show it. */
	was: z.json().optional(),
});

/** One change of one record. `create` carries plain values; `set` carries each field with its base. */
export const opSchema = z.discriminatedUnion('k', [
	z.strictObject({ k: z.literal('create'), t: name, id, hlc: version, v: z.record(name, z.json()) }),
	z.strictObject({ k: z.literal('set'), t: name, id, hlc: version, f: z.record(name, fieldEdit) }),
	/**
	 * `base`: the newest version the deleter had seen of any field; an edit it had not seen keeps the record alive.
	 * `seen`: all field versions the deleter had seen; decides exactly, where `base` must trust the order of two clocks.
	 */
	z.strictObject({
		k: z.literal('delete'),
		t: name,
		id,
		hlc: version,
		base: version.nullable(),
		seen: z.record(name, version).optional(),
	}),
	z.strictObject({ k: z.literal('undelete'), t: name, id, hlc: version }),
	z.strictObject({ k: z.literal('text'), t: name, id, hlc: version, field: name, u: z.base64() }),
]);
export type Op = z.infer<typeof opSchema>;

/** One local transaction: numbered 1, 2, 3 ... per device without gaps, applied once however often it arrives. */
export const groupSchema = z.strictObject({
	no: z.int().positive(),
	/** The device's own time with offset, for the audit only. */
	at: z.string().max(40),
	/** An import may write the office's fields; a person may not. */
	origin: z.enum(['person', 'import']),
	ops: z.array(opSchema).max(LIMITS.opsPerGroup),
});
export type Group = z.infer<typeof groupSchema>;

export const helloRequest = z.strictObject({
	device: z.string().min(8).max(64),
	short: z.string().regex(/^[0-9a-z]{8}$/),
	name: z.string().max(200),
	app: z.string().max(40),
	protocol: z.int(),
	schema: z.int(),
	lastAckedGroup: z.int().nonnegative(),
	cursor: z.string().max(200).nullable(),
});
/**
 * Said to a laptop that has been put out: `push-only`, hand in what is unsent; `wipe`, destroy what is held. `mac` is the
 * HMAC-SHA256 of "kind device at" under the laptop's ticket, in hex: only the server that gave the ticket can say so.
 */
export const leaveOrder = z.object({
	kind: z.enum(['push-only', 'wipe']),
	device: id,
	at: z.string(),
	mac: z.string(),
});
export type LeaveOrder = z.infer<typeof leaveOrder>;

/** `wiped`: the keys are destroyed. `unsent` counts changes and files. */
export const leaveRequest = z.strictObject({
	device: z.string().min(8).max(64),
	unsent: z.int().nonnegative(),
	wiped: z.boolean().default(false),
});

export const helloReply = z.object({
	serverEpoch: z.string(),
	protocol: z.int(),
	schema: z.int(),
	now: z.string(),
	user: z.object({ id, name: z.string() }),
	/** The server's own count for this device; the truth when the two differ. */
	lastGroup: z.int(),
	nonce: z.string(),
	/** `replay`: the server lost groups it had acknowledged; send again from lastGroup + 1. `rebootstrap`: the cursor is not this server's; pull from the start. */
	directive: z.enum(['ok', 'replay', 'rebootstrap', 'fork', 'upgrade']),
	/** What this server can do beside the first release: `scope`, `poke`, `digest`, `files`, `packed` (compressed bodies). Absent: none of it. */
	features: z.array(z.string()).optional(),
	/** Everything up to this commit survives the loss of the machine; what was sent later is kept by its sender. Absent: all of it. */
	durableSeq: z.int().optional(),
	/** What the laptop shows instead of a token when it has been put out. */
	ticket: z.string().max(200).optional(),
	/** Days it may work without a contact before it locks; 0 or absent: for ever. */
	leaseDays: z.int().nonnegative().optional(),
	order: leaveOrder.optional(),
});
export type HelloReply = z.infer<typeof helloReply>;

export const pushRequest = z.strictObject({
	device: z.string().min(8).max(64),
	nonce: z.string().max(64),
	groups: z.array(groupSchema).max(LIMITS.opsPerPush),
});
export type PushRequest = z.infer<typeof pushRequest>;

/** What became of one operation. Not listed = applied as it was. */
export const opResult = z.object({
	no: z.int(),
	op: z.int(),
	s: z.enum(['merged', 'conflict', 'superseded', 'refused']),
	/** The fields that clashed (`conflict`), lost to a later edit (`superseded`) or merged beside another's edit (`merged`). */
	fields: z.array(z.string()).optional(),
	/** Why it was refused, as a code the client has words for. */
	reason: z.string().optional(),
	/** It was taken although the account had meanwhile gone to somebody else, who is told. */
	late: z.boolean().optional(),
});
export type OpResult = z.infer<typeof opResult>;

export const pushReply = z.object({
	ackedThrough: z.int(),
	nonce: z.string(),
	seq: z.int(),
	results: z.array(opResult),
});
export type PushReply = z.infer<typeof pushReply>;

const stored = z.string();

/** One line of a pull: an account that came or went, a record that went, the newest state of a record, an update of a text document, a mark on the way, or the end of the page. */
export const pullLine = z.union([
	/**
	 * An account that has come to this person, or has gone from them. After an `enter` all that was there of the account
	 * follows, over as many pages as it takes, each line with the `seq` it has had; the log goes on behind it. A `leave` and
	 * an `enter` of one account in one commit: what the person may see of it has changed. Only for laptops of schema 2 and
	 * later.
	 */
	z.object({ scope: z.enum(['enter', 'leave']), account: id, seq: z.int() }),
	/** A record that has gone where this person cannot see it. Only for laptops of schema 2 and later. */
	z.object({ seq: z.int(), t: name, id, gone: z.literal(true) }),
	z.object({ end: z.literal(true), cursor: z.string(), more: z.boolean(), n: z.int() }),
	/** How far the page has come after its first `n` lines, for a laptop that asked for marks: a cut page is good up to its last one. */
	z.object({ mark: z.string(), n: z.int() }),
	z.object({ seq: z.int(), t: name, id, y: z.base64(), field: name, by: z.string().nullable(), hlc: version }),
	z.object({
		seq: z.int(),
		t: name,
		id,
		v: z.record(z.string(), z.json()),
		/** Field versions in their stored form (sync/version.ts). */
		fv: stored,
		created_at: z.string(),
		by: z.string().nullable(),
		del: z.string().nullable(),
	}),
]);
export type PullLine = z.infer<typeof pullLine>;
export type PullEnd = Extract<PullLine, { end: true }>;
export type PullMark = Extract<PullLine, { mark: string }>;
export type PullScope = Extract<PullLine, { scope: string }>;
export type PullGone = Extract<PullLine, { gone: true }>;
export type PullText = Extract<PullLine, { y: string }>;
export type PullRow = Extract<PullLine, { v: object }>;

/** The body of every refusal of the server. */
export const errorReply = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
