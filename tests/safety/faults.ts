import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { removeFolder, temporaryFolder } from '../support/app.ts';
import { checkWorkbook, makeWorkbook } from './check-workbook.ts';
import { whyNoRecorder } from './record.ts';
import type { Options, Result } from './result.ts';
import { type Built, buildVictim, Victim } from './victim.ts';

const ERRORS = ['EIO', 'ENOSPC'] as const;
/** What fails: writing, making it last, cutting, renaming. */
const CALLS = ['pwrite64', 'fdatasync,fsync', 'ftruncate', 'rename'] as const;
/** Every so many calls one fails. With each offset below it, every single call fails once. */
const STRIDE = 13;
/** What a person may be told; anything else is a failure nobody thought of. */
const KNOWN = new Set(['disk_full', 'io_error', 'not_rotated', 'cancelled']);

interface Sum {
	faults: number;
	kept: number;
	lost: string[];
	problems: string[];
	refused: Record<string, number>;
}

/**
 * A working workbook under which writes, syncs, cuts and renames fail, one call after the other, and one on a disk that
 * is full. What was confirmed must be there, what could not be saved must have been refused in so many words, and the
 * workbook goes on.
 */
export async function run({ long, quick, seed, plant }: Options): Promise<Result> {
	const why = whyNoRecorder();
	if (why) return { name: 'faults', ok: true, tried: 0, lost: 0, skipped: why };
	const built = await buildVictim();
	const sum: Sum = { faults: 0, kept: 0, lost: [], problems: [], refused: {} };
	try {
		const some = [1 + (seed % STRIDE), 1 + ((seed * 5) % STRIDE)].slice(0, quick ? 1 : 2);
		const offsets = long ? Array.from({ length: STRIDE }, (_, n) => n + 1) : some;
		for (const error of ERRORS)
			for (const calls of CALLS)
				for (const offset of offsets) await failCalls(sum, built, { error, calls, offset, seed, plant });
		const disk = await fillDisk(sum, built, { seed, plant });
		return {
			name: 'faults',
			ok: sum.lost.length + sum.problems.length === 0,
			tried: sum.faults,
			lost: sum.lost.length,
			confirmed: sum.kept,
			refused: sum.refused,
			smallDisk: disk,
			examples: [...sum.problems, ...sum.lost].slice(0, 5),
		};
	} finally {
		built.remove();
	}
}

interface Failing {
	error: (typeof ERRORS)[number];
	calls: (typeof CALLS)[number];
	offset: number;
	seed: number;
	plant: boolean;
}

async function failCalls(sum: Sum, built: Built, { error, calls, offset, seed, plant }: Failing): Promise<void> {
	const folder = temporaryFolder('faults');
	const log = `${folder}.calls`;
	// Rare calls fail more often than every thirteenth time.
	const stride = calls === 'pwrite64' || calls.includes('sync') ? STRIDE : 2;
	const names = calls.split(',');
	const inject = names.flatMap((call) => ['-e', `inject=${call}:error=${error}:when=${offset}+${stride}`]);
	const under = ['strace', '-f', '-qq', '-s', '0', '-o', log, '-e', `trace=${calls}`, ...inject];
	try {
		await makeWorkbook(folder);
		const victim = new Victim(built, { folder, seed, steps: 70, under, ...planted(plant) });
		await victim.ended();
		sum.faults += fs.readFileSync(log, 'latin1').split('(INJECTED)').length - 1;
		await judge(sum, victim, { folder, name: `${error} of ${calls} from ${offset}` });
	} finally {
		removeFolder(folder);
		fs.rmSync(log, { force: true });
	}
}

function planted(plant: boolean): { plant?: string } {
	return plant ? { plant: 'deaf-commit' } : {};
}

async function judge(sum: Sum, victim: Victim, { folder, name }: { folder: string; name: string }): Promise<void> {
	for (const { step, code } of victim.refused) {
		sum.refused[code] = (sum.refused[code] ?? 0) + 1;
		if (!KNOWN.has(code)) sum.problems.push(`${name}: ${step} was refused as ${code}`);
	}
	const couldNotOpen = victim.refused.some(({ step }) => step === 'open');
	if (!victim.hasClosed && !couldNotOpen)
		sum.problems.push(`${name}: the workbook ended while it was at ${victim.doing}`);
	const { lost, problems } = await checkWorkbook(folder, victim.kept);
	sum.kept += victim.kept.length;
	sum.lost.push(...lost.map((one) => `${name}: ${one}`));
	sum.problems.push(...problems.map((one) => `${name}: ${one}`));
}

/** A disk of a few megabytes, which is full after some dozen imports. Only root can make one; answers what came of it. */
async function fillDisk(sum: Sum, built: Built, { seed, plant }: { seed: number; plant: boolean }): Promise<string> {
	if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can make a small disk';
	const folder = temporaryFolder('small-disk');
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' });
	} catch {
		removeFolder(folder);
		return 'this machine does not let us mount one';
	}
	try {
		await makeWorkbook(folder);
		const victim = new Victim(built, {
			folder,
			seed,
			steps: 150,
			work: 'edit,type,import,lock,key',
			...planted(plant),
		});
		await victim.ended();
		const full = victim.refused.filter(({ code }) => code === 'disk_full').length;
		sum.faults += full;
		if (full === 0) sum.problems.push('the small disk never was full');
		// Somebody makes room: opening needs a little.
		for (const name of fs.readdirSync(folder)) if (name.endsWith('.csv')) fs.rmSync(`${folder}/${name}`);
		await judge(sum, victim, { folder, name: 'small disk' });
		return `full ${full} times`;
	} finally {
		execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
		removeFolder(folder);
	}
}
