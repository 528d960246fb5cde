import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Login } from './people.ts';

export const USAGE = `npm run server -- [--port N] [--host 127.0.0.1] [--data DIR] [--blobs DIR] [--sample] [--token-file F] [--log]
npm run server -- --backup FILE [--data DIR]
npm run server -- --restore FILE [--data DIR]
npm run server -- --reassign ACCOUNT --from USER --to USER [--data DIR]

Serving
  --port        port to listen on; 0 (the default) takes a free one
  --host        address to listen on; default 127.0.0.1
  --data        folder of the embedded store; default ./fieldbook-server. Not used with DATABASE_URL
  --blobs       folder of attached files; default DIR/blobs. Several servers on one PostgreSQL share it
  --sample      fill an empty store with the fictional sample workspace and its tokens
  --token-file  JSON list of logins: [{"user": "u-1", "token": "...", "accounts": ["a-1"]}]; with
                "reportsTo": "u-2", that manager sees what this person has
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

Environment
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
		log: z.boolean().default(false),
		backup: z.string().min(1).optional(),
		restore: z.string().min(1).optional(),
		reassign: z.string().min(1).max(64).optional(),
		from: z.string().min(1).max(64).optional(),
		to: z.string().min(1).max(64).optional(),
	})
	.refine((values) => !(values.backup && values.restore), { error: 'Give --backup or --restore, not both.' })
	.refine(({ reassign, from, to }) => (reassign ? from && to : !from && !to), {
		error: '--reassign, --from and --to go together.',
	});

const environment = z.object({
	DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'is not the address of a PostgreSQL database' }).optional(),
	NODE_ENV: z.string().optional(),
	FIELDBOOK_CRASH_AT: z.string().optional(),
});

const tokenFile = z.array(
	z.strictObject({
		user: z.string().min(1).max(64),
		token: z.string().regex(/^\S{8,512}$/),
		accounts: z.array(z.string().min(1).max(64)),
		reportsTo: z.string().min(1).max(64).optional(),
	}),
);

export interface Settings {
	/** What to do: serve, or write a backup to `file`, or put the store back to it, or give an account to somebody else. */
	task:
		| { kind: 'serve' }
		| { kind: 'backup' | 'restore'; file: string }
		| { kind: 'reassign'; account: string; from: string; to: string };
	port: number;
	host: string;
	/** PostgreSQL to use; otherwise PGlite in `dataDir`. */
	databaseUrl: string | undefined;
	dataDir: string;
	/** Undefined: `blobs` in `dataDir`. */
	blobDir: string | undefined;
	sample: boolean;
	logins: Login[];
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
			log: { type: 'boolean' },
			backup: { type: 'string' },
			restore: { type: 'string' },
			reassign: { type: 'string' },
			from: { type: 'string' },
			to: { type: 'string' },
		},
	});
	const given = parse(commandLine, values, (key) => `--${key}`);
	const { DATABASE_URL, NODE_ENV, FIELDBOOK_CRASH_AT } = parse(
		environment,
		{ ...env, DATABASE_URL: env.DATABASE_URL || undefined },
		(key) => key,
	);
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
		logins: given['token-file'] ? readTokenFile(given['token-file']) : [],
		log: given.log,
		crashAt: NODE_ENV === 'production' ? undefined : FIELDBOOK_CRASH_AT || undefined,
	};
}

function taskOf({ backup, restore, reassign, from, to }: z.infer<typeof commandLine>): Settings['task'] {
	if (reassign && from && to) return { kind: 'reassign', account: reassign, from, to };
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

function readTokenFile(path: string): Login[] {
	const parsed = tokenFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
	if (!parsed.success) throw new Error(`${path} is not a token file: ${z.prettifyError(parsed.error)}`);
	return parsed.data.map(({ user, token, accounts, reportsTo }) => ({ userId: user, token, accounts, reportsTo }));
}
