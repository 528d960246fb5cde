import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { seedLogins, seedRecords } from '../../server/seed.ts';
import { openStore } from '../../server/store/open-store.ts';
import { createRandom } from '../sim/random.ts';
import { runPlanted } from '../support/planted.ts';
import { Cable, enterOwnNetwork, isInside, SERVER_ADDRESS } from './own-network.ts';
import { netMutants } from './plants.ts';
import { type Profile, profiles } from './profiles.ts';
import { type Link, openLink } from './shaped-link.ts';
import { type Outcome, runWorkload, type Workload } from './workload.ts';

/**
 * node tests/net/run.ts [--rows 600] [--edits 200] [--only hotel] [--seed 1]
 *
 * A real server and real laptops over bad networks: all must arrive, once, within twice what distance and
 * bandwidth cost, and with at most 1.3 times the bytes of a good network. Prints a line of JSON for each network.
 * The long form: --rows 5000 --edits 2000 --file-mb 20
 *
 * node tests/net/run.ts --plant 'fallen silent' --only deaf --stuck-s 60   the same with a bug planted (plants.ts): turns red
 */
const { values } = parseArgs({
	options: {
		rows: { type: 'string', default: '600' },
		edits: { type: 'string', default: '200' },
		'file-mb': { type: 'string', default: '0.25' },
		only: { type: 'string' },
		seed: { type: 'string', default: '1' },
		'stuck-s': { type: 'string', default: '240' },
		plant: { type: 'string' },
	},
});

const size: Workload = {
	rows: Number(values.rows),
	edits: Number(values.edits),
	fileBytes: Math.round(Number(values['file-mb']) * 1_048_576),
	stuckMs: 1000 * Number(values['stuck-s']),
};

interface Stage {
	cable: Cable | undefined;
	link: Link;
	port: number;
	folder: string;
}

async function main(): Promise<boolean> {
	const folder = mkdtempSync(join(tmpdir(), 'fieldbook-net-'));
	const cable = isInside ? await Cable.lay(folder) : undefined;
	const server = await startServer(folder, cable);
	const link = await openLink(
		{ host: cable ? SERVER_ADDRESS : '127.0.0.1', port: server.port },
		createRandom(Number(values.seed)),
	);
	try {
		let clean: Outcome | undefined;
		let isGood = true;
		for (const profile of profiles) {
			if (values.only && profile.name !== values.only && profile.name !== 'clean') continue;
			if (profile.wire && !cable) {
				print({ name: profile.name, skipped: 'this machine allows no network of our own' });
				continue;
			}
			const outcome = await runProfile(profile, { cable, link, port: server.port, folder }).catch(stuck);
			clean ??= outcome;
			const problems = judge(profile, outcome, clean);
			print({ name: profile.name, ...outcome, problems });
			isGood &&= problems.length === 0;
		}
		return isGood;
	} finally {
		await link.close();
		server.child.kill('SIGTERM');
		await once(server.child, 'close');
		cable?.cut();
		rmSync(folder, { recursive: true, force: true });
	}
}

/** A network that nothing gets through, or not to its end; the others still have their turn. */
function stuck(error: unknown): Outcome {
	return { ms: 0, bytes: 0, steps: 0, problems: [error instanceof Error ? error.message : String(error)] };
}

let people = 0;

async function runProfile(profile: Profile, stage: Stage): Promise<Outcome> {
	const { cable, link, port } = stage;
	const folder = join(stage.folder, `p${++people}`);
	const bytesNow = () => (cable ? cable.bytes() : link.bytes());
	cable?.rename(`office-${people}.test`);
	link.reshape({});
	const url = profile.wire && cable ? cable.url(port) : link.url;
	const prepareUrl = cable ? cable.plainUrl(port) : link.url;
	return runWorkload({ ...size, url, prepareUrl, folder, bytesNow, spoil: () => spoil(profile, stage) });
}

/** Makes the network bad. What ends by itself has ended before the time allowed for it is over. */
function spoil(profile: Profile, { cable, link }: Stage): () => void {
	if (profile.shape) link.reshape(profile.shape);
	if (!cable || !profile.wire) return () => undefined;
	if (profile.wire === 'ipv6 dead') return cable.deadIpv6();
	const mend = {
		'half-open': () => cable.swallowReplies(),
		'mtu hole': () => cable.narrow(),
		'dns fails': () => {
			cable.nameIs();
			return () => cable.nameIs(SERVER_ADDRESS);
		},
	}[profile.wire]();
	let isMended = false;
	const once = () => {
		if (!isMended) mend();
		isMended = true;
	};
	setTimeout(once, 3000);
	return once;
}

function judge(profile: Profile, outcome: Outcome, clean: Outcome): string[] {
	const { bitsPerSecond = Number.POSITIVE_INFINITY, rttMs = 0 } = profile.shape ?? {};
	const wireMs = (clean.bytes * 8000) / bitsPerSecond / (profile.share ?? 1);
	const allowed = 2 * (clean.ms + wireMs + 10 * rttMs * outcome.steps) + (profile.goneMs ?? 0);
	const problems = [...outcome.problems];
	if (outcome.ms > allowed) problems.push(`took ${outcome.ms} ms where ${Math.round(allowed)} are allowed`);
	if (outcome.bytes > 1.3 * clean.bytes + 20_000) problems.push(`${outcome.bytes} bytes where ${clean.bytes} do`);
	return problems;
}

async function startServer(folder: string, cable: Cable | undefined) {
	const dir = join(folder, 'server');
	const store = await openStore({ dir }, new Date());
	const issues = Array.from({ length: size.rows }, (_, index) => ({
		t: 'issue' as const,
		id: `i-${String(index).padStart(5, '0')}`,
		v: {
			account_id: 'a-1',
			ref_no: `I-${index}`,
			title: `Fee query ${index}`,
			type: 'QUERY',
			status: 'OPEN',
			priority: 'NORMAL',
			owner_id: 'u-sam',
			received_at: '2026-11-20T08:00:00.000Z',
		},
	}));
	const people = ['sam', 'specialist'];
	await seedRecords(
		store.db,
		[
			{ t: 'account', id: 'a-1', v: { account_no: 'S-0001', name: 'Halden Pharma AG (fictional)' } },
			...people.map((who) => ({ t: 'app_user' as const, id: `u-${who}`, v: { name: who, role: who.toUpperCase() } })),
			...issues,
		],
		new Date(),
	);
	const logins = people.map((who) => ({ userId: `u-${who}`, token: `dev-${who}`, accounts: ['a-1'] }));
	await seedLogins(store.db, logins, new Date());
	await store.close();
	const host = cable ? SERVER_ADDRESS : '127.0.0.1';
	const main = join(import.meta.dirname, '../../server/main.ts');
	const [program = '', ...args] = [
		...(cable?.wrap ?? []),
		process.execPath,
		main,
		'--host',
		cable ? '::' : host,
		'--data',
		dir,
	];
	const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
	return { child, port: await portOf(child) };
}

async function portOf(child: ChildProcess): Promise<number> {
	for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
		const { listening } = JSON.parse(line) as { listening?: string };
		if (listening) return Number(new URL(listening).port);
	}
	throw new Error('The server did not start.');
}

function print(line: object): void {
	process.stdout.write(`${JSON.stringify(line)}\n`);
}

function playPlanted(words: string): Promise<number> {
	const given = Object.entries(values).filter(([name]) => name !== 'plant');
	const args = given.flatMap(([name, value]) => [`--${name}`, value]);
	return runPlanted({ mutants: netMutants, words, script: 'tests/net/run.ts', args });
}

async function playAll(): Promise<number> {
	const code = isInside ? undefined : enterOwnNetwork();
	return code ?? ((await main()) ? 0 : 1);
}

process.exitCode = await (values.plant === undefined ? playAll() : playPlanted(values.plant));
