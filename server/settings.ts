import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Login } from './people.ts';

export interface Settings {
	port: number;
	host: string;
	/** PostgreSQL to use; otherwise PGlite in `dataDir`. */
	databaseUrl: string | undefined;
	dataDir: string;
	sample: boolean;
	logins: Login[];
}

export const USAGE = `node server/main.ts [--port N] [--host 127.0.0.1] [--data DIR] [--sample] [--token-file F]

  --port        port to listen on; 0 (the default) takes a free one
  --host        address to listen on; default 127.0.0.1
  --data        folder of the embedded store; default ./fieldbook-server. Not used with DATABASE_URL
  --sample      fill an empty store with the fictional sample workspace and its tokens
  --token-file  JSON list of logins: [{"user": "u-1", "token": "...", "accounts": ["a-1"]}]
  DATABASE_URL  PostgreSQL to use instead of the embedded store
`;

const tokenFile = z.array(
	z.strictObject({
		user: z.string().min(1).max(64),
		token: z.string().regex(/^\S{8,512}$/),
		accounts: z.array(z.string().min(1).max(64)),
	}),
);

/** Reads the command line and the environment. Throws with a plain message on anything it does not understand. */
export function readSettings(args: string[], env: NodeJS.ProcessEnv): Settings {
	const { values } = parseArgs({
		args,
		options: {
			port: { type: 'string', default: '0' },
			host: { type: 'string', default: '127.0.0.1' },
			data: { type: 'string', default: 'fieldbook-server' },
			sample: { type: 'boolean', default: false },
			'token-file': { type: 'string' },
		},
	});
	const port = Number(values.port);
	if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port} is not a port.`);
	return {
		port,
		host: values.host,
		databaseUrl: env.DATABASE_URL || undefined,
		dataDir: values.data,
		sample: values.sample,
		logins: values['token-file'] ? readTokenFile(values['token-file']) : [],
	};
}

function readTokenFile(path: string): Login[] {
	const parsed = tokenFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
	if (!parsed.success) throw new Error(`${path} is not a token file: ${z.prettifyError(parsed.error)}`);
	return parsed.data.map(({ user, token, accounts }) => ({ userId: user, token, accounts }));
}
