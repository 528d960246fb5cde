import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Login } from './people.ts';
import type { TokenRules } from './security/access-token.ts';
import type { Subject } from './security/revoke.ts';

export const USAGE = `npm run server -- [--port N] [--host 127.0.0.1] [--data DIR] [--blobs DIR] [--sample] [--token-file F] [--log]
npm run server -- --backup FILE [--data DIR]
npm run server -- --restore FILE [--data DIR]
npm run server -- --reassign ACCOUNT --from USER --to USER [--data DIR]
npm run server -- --migrate [--token-file F] [--data DIR]
npm run server -- --verify-audit [--audit-key FILE] [--data DIR]
npm run server -- --revoke-user USER | --revoke-device DEVICE | --admit-user USER | --admit-device DEVICE [--data DIR]

Serving
  --port        port to listen on; 0 (the default) takes a free one
  --host        address to listen on; default 127.0.0.1
  --data        folder of the embedded store; default ./fieldbook-server. Not used with DATABASE_URL
  --blobs       folder of attached files; default DIR/blobs. Several servers on one PostgreSQL share it
  --sample      fill an empty store with the fictional sample workspace and its tokens
  --token-file  JSON list of people: [{"user": "u-1", "subject": "...", "accounts": ["a-1"]}], where subject is who
                they are for FIELDBOOK_ISSUER; with "reportsTo": "u-2", that manager sees what this person has. For
                tests, "token": "..." in place of a subject; such tokens are not taken in production
  --issuer      sign people in by an issuer of the server's own, on 127.0.0.1: the sample's people, no password. Never in
                production
  --issuer-port port of that issuer; a free one unless given, and then everybody signs in anew after each start
  --lease-days  days a laptop may work without a contact before it locks; 0 for ever; default 30
  --proxy       address of a proxy before the server, or several with commas between; whoever they say a request is from is
                counted, and nobody else who says so is believed
  --log         a line of JSON on standard error for each request: method, route, status, milliseconds

When it listens, it prints one line of JSON: {"listening": address, "store": kind, "epoch": ...}. It ends on SIGTERM and
SIGINT, after the requests under way. GET /v1/openapi.json describes what it answers.

Backups
  --backup      write all of the store to FILE (*.jsonl.gz) and end; the embedded store must not be at work, PostgreSQL may
  --restore     put the store back to FILE and end; no server may be at work on it. What was there is kept: the embedded
                store's folder under another name, PostgreSQL's content in a backup beside FILE. Laptops notice, and send
                again what came after the backup. Attached files are not in it; keep their folder with it

The embedded store is for one machine, trial and tests: it does not flush to disk, so it writes a backup to DIR/backups
every five minutes while it changes and at its end, and tells laptops to keep what came later. After a power cut it checks
itself and goes back to the newest backup if it must.

People
  --reassign    give an account from one person to another and end; the embedded store must not be at work, PostgreSQL may.
                A running server's managers do the same with POST /v1/admin/reassign

  --revoke-user, --revoke-device
                put a person, or one laptop, out. Their laptops hand in what is unsent at the next contact and then
                destroy what they hold. A running server's administrators do the same with POST /v1/admin/revoke
  --admit-user, --admit-device
                let them in again

PostgreSQL in production
  --migrate     bring the store to the newest schema, with DATABASE_URL of its owner, and end; also takes a --token-file.
                It makes the role fieldbook_app. Then serve with a DATABASE_URL of another role that is a member of it
                (create role fieldbook login ...; grant fieldbook_app to fieldbook) and neither owns tables nor steps over
                policies: anything more is refused in production. The commands below and above that end by themselves
                work as the owner

Audit
  --verify-audit
                read all of the audit and end: {"audit": "whole", ...}, or with status 1 {"audit": "broken", "line": n, ...},
                where n is the first line that was changed, taken out or put in. A serving server notes each day in
                DIR/audit, signed, where the audit ends; whoever made all of it anew is found by that. Keep copies of that
                folder elsewhere. The embedded store must not be at work
  --audit-key   a copy of DIR/audit/key.pub.pem to check those notes with; default the one beside them

Environment
  FIELDBOOK_ISSUER     OpenID Connect issuer whose access tokens are taken (RFC 9068, at+jwt, RS256, PS256 or ES256)
  FIELDBOOK_AUDIENCE   what this API is called there; default https://fieldbook.example.com/api
  FIELDBOOK_CLIENT_ID  what the app is called there; default fieldbook-desktop
  FIELDBOOK_JWKS       where the issuer's keys are, when its description does not say
  DATABASE_URL  PostgreSQL to use instead of the embedded store; several servers may share one
  NODE_ENV      production: refuses the embedded store
`;

/** Port of a command line; text because that is how it comes. */
const port = z
	.string()
	.regex(/^\d{1,5}$/)
	.transform(Number)
	.pipe(z.int().max(65_535));

const commandLine = z
	.strictObject({
		port: z.string().default('0'),
		host: z.string().min(1).default('127.0.0.1'),
		data: z.string().min(1).default('fieldbook-server'),
		blobs: z.string().min(1).optional(),
		sample: z.boolean().default(false),
		'token-file': z.string().min(1).optional(),
		issuer: z.boolean().default(false),
		'issuer-port': port.optional(),
		'lease-days': z
			.string()
			.regex(/^\d{1,4}$/, { error: 'is a number of days' })
			.default('30'),
		'revoke-user': z.string().min(1).max(64).optional(),
		'revoke-device': z.string().min(1).max(64).optional(),
		'admit-user': z.string().min(1).max(64).optional(),
		'admit-device': z.string().min(1).max(64).optional(),
		proxy: z
			.string()
			.transform((text) => text.split(',').map((one) => one.trim()))
			.pipe(
				z.array(
					z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
						error: 'is an address, or several with commas between',
					}),
				),
			)
			.optional(),
		log: z.boolean().default(false),
		backup: z.string().min(1).optional(),
		restore: z.string().min(1).optional(),
		'verify-audit': z.boolean().default(false),
		migrate: z.boolean().default(false),
		'audit-key': z.string().min(1).optional(),
		reassign: z.string().min(1).max(64).optional(),
		from: z.string().min(1).max(64).optional(),
		to: z.string().min(1).max(64).optional(),
	})
	.refine((values) => !(values.backup && values.restore), { error: 'Give --backup or --restore, not both.' })
	.refine(({ reassign, from, to }) => (reassign ? from && to : !from && !to), {
		error: '--reassign, --from and --to go together.',
	});

/** Keys that came over an open line could be anybody's; on this computer there is no line. */
const safeUrl = z.url().refine((url) => /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])([:/]|$))/.test(url), {
	error: 'must begin with https://',
});

const environment = z.object({
	DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'is not the address of a PostgreSQL database' }).optional(),
	NODE_ENV: z.string().optional(),
	FIELDBOOK_ISSUER: safeUrl.optional(),
	FIELDBOOK_JWKS: safeUrl.optional(),
	FIELDBOOK_AUDIENCE: z.string().min(1).max(255).default('https://fieldbook.example.com/api'),
	FIELDBOOK_CLIENT_ID: z.string().min(1).max(255).default('fieldbook-desktop'),
	FIELDBOOK_CRASH_AT: z.string().optional(),
});

const tokenFile = z.array(
	z.strictObject({
		user: z.string().min(1).max(64),
		token: z
			.string()
			.regex(/^\S{8,512}$/)
			.optional(),
		subject: z.string().min(1).max(255).optional(),
		accounts: z.array(z.string().min(1).max(64)),
		reportsTo: z.string().min(1).max(64).optional(),
	}),
);

export interface Settings {
	/** What to do: serve, or one thing and end. */
	task:
		| { kind: 'serve' }
		| { kind: 'backup' | 'restore'; file: string }
		| { kind: 'reassign'; account: string; from: string; to: string }
		| { kind: 'revoke'; subject: Subject; revoked: boolean }
		| { kind: 'verify'; keyFile: string | undefined }
		| { kind: 'migrate' };
	port: number;
	host: string;
	/** PostgreSQL to use; otherwise PGlite in `dataDir`. */
	databaseUrl: string | undefined;
	dataDir: string;
	/** Undefined: `blobs` in `dataDir`. */
	blobDir: string | undefined;
	sample: boolean;
	logins: Login[];
	/** The issuer whose tokens are taken; undefined: none. */
	signIn: (TokenRules & { clientId: string }) | undefined;
	/** An issuer of our own is started, for evaluation. */
	ownIssuer: boolean;
	issuerPort: number | undefined;
	/** Days a laptop may work without a contact; 0: for ever. */
	leaseDays: number;
	/** Addresses of our own proxies. */
	proxies: string[];
	log: boolean;
	/** "point:n" of crash-points.ts, for tests of real processes; never in production. */
	crashAt: string | undefined;
}

/** Reads the command line and the environment. Throws with a plain message on anything it does not understand. */
export function readSettings(args: string[], env: NodeJS.ProcessEnv): Settings {
	const { values } = parseArgs({
		args,
		options: {
			port: { type: 'string' },
			host: { type: 'string' },
			data: { type: 'string' },
			blobs: { type: 'string' },
			sample: { type: 'boolean' },
			'token-file': { type: 'string' },
			issuer: { type: 'boolean' },
			'issuer-port': { type: 'string' },
			'lease-days': { type: 'string' },
			'revoke-user': { type: 'string' },
			'revoke-device': { type: 'string' },
			'admit-user': { type: 'string' },
			'admit-device': { type: 'string' },
			proxy: { type: 'string' },
			log: { type: 'boolean' },
			backup: { type: 'string' },
			restore: { type: 'string' },
			'verify-audit': { type: 'boolean' },
			migrate: { type: 'boolean' },
			'audit-key': { type: 'string' },
			reassign: { type: 'string' },
			from: { type: 'string' },
			to: { type: 'string' },
		},
	});
	const given = parse(commandLine, values, (key) => `--${key}`);
	const unset = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
	const said = parse(environment, unset, (key) => key);
	const { DATABASE_URL, NODE_ENV, FIELDBOOK_CRASH_AT } = said;
	const signIn = signInOf(said);
	const parsedPort = port.safeParse(given.port);
	if (!parsedPort.success) throw new Error(`--port ${given.port} is not a port.`);
	return {
		task: taskOf(given),
		port: parsedPort.data,
		host: given.host,
		databaseUrl: DATABASE_URL,
		dataDir: given.data,
		blobDir: given.blobs,
		sample: given.sample,
		logins: given['token-file'] ? readTokenFile(given['token-file'], signIn?.issuer) : [],
		signIn,
		ownIssuer: given.issuer,
		issuerPort: given['issuer-port'],
		leaseDays: Number(given['lease-days']),
		proxies: given.proxy ?? [],
		log: given.log,
		crashAt: NODE_ENV === 'production' ? undefined : FIELDBOOK_CRASH_AT || undefined,
	};
}

function signInOf(said: z.infer<typeof environment>): Settings['signIn'] {
	const { FIELDBOOK_ISSUER: issuer, FIELDBOOK_JWKS: jwksUrl, FIELDBOOK_AUDIENCE: audience } = said;
	return issuer === undefined ? undefined : { issuer, jwksUrl, audience, clientId: said.FIELDBOOK_CLIENT_ID };
}

function taskOf(given: z.infer<typeof commandLine>): Settings['task'] {
	const { backup, restore, reassign, from, to } = given;
	if (reassign && from && to) return { kind: 'reassign', account: reassign, from, to };
	for (const verb of ['revoke', 'admit'] as const) {
		const [user, device] = [given[`${verb}-user`], given[`${verb}-device`]];
		if (user) return { kind: 'revoke', subject: { user }, revoked: verb === 'revoke' };
		if (device) return { kind: 'revoke', subject: { device }, revoked: verb === 'revoke' };
	}
	if (given.migrate) return { kind: 'migrate' };
	if (given['verify-audit']) return { kind: 'verify', keyFile: given['audit-key'] };
	if (backup) return { kind: 'backup', file: backup };
	return restore ? { kind: 'restore', file: restore } : { kind: 'serve' };
}

function parse<S extends z.ZodType>(schema: S, value: unknown, nameOf: (key: string) => string): z.output<S> {
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const key = issue?.path.join('.');
	throw new Error(key ? `${nameOf(key)}: ${issue?.message}` : (issue?.message ?? 'The command line cannot be read.'));
}

function readTokenFile(path: string, issuer: string | undefined): Login[] {
	const parsed = tokenFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
	if (!parsed.success) throw new Error(`${path} is not a token file: ${z.prettifyError(parsed.error)}`);
	return parsed.data.map(({ user, token, subject, accounts, reportsTo }) => {
		if (subject !== undefined && issuer === undefined)
			throw new Error(`${path} names a subject; FIELDBOOK_ISSUER must say whose.`);
		const identity = subject !== undefined && issuer !== undefined ? { issuer, subject } : undefined;
		return { userId: user, token, identity, accounts, reportsTo };
	});
}
