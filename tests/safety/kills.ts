import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../sim/random.ts';
import { removeFolder, temporaryFolder } from '../support/app.ts';
import { checkWorkbook, type Kept, makeWorkbook } from './check-workbook.ts';
import type { Options, Result } from './result.ts';
import { type Built, buildVictim, Victim } from './victim.ts';

const CHAINS = 2;
/** So many of the last things kept are looked for after each kill; all of them at the end. */
const RECENT = 150;

interface Sum {
	tried: number;
	kept: number;
	lost: string[];
	problems: string[];
	/** Kills by what the process was doing. */
	during: Record<string, number>;
}

/**
 * A workbook as a process, killed at random moments and at named steps while it edits, types, imports, takes files in,
 * locks, changes its key and backs up. After each kill it is opened again, and everything that was confirmed must be there.
 */
export async function run({ long, quick, seed, plant }: Options): Promise<Result> {
	const kills = long ? 10_000 : quick ? 60 : 1000;
	const built = await buildVictim();
	try {
		const chains = Array.from({ length: CHAINS }, (_, chain) =>
			runChain({ built, plant, kills: Math.ceil(kills / CHAINS), seed: seed * 1000 + chain }),
		);
		const sums = await Promise.all(chains);
		const sum = <K extends 'tried' | 'kept'>(key: K) => sums.reduce((all, one) => all + one[key], 0);
		const lost = sums.flatMap((one) => one.lost);
		const problems = sums.flatMap((one) => one.problems);
		const during: Record<string, number> = {};
		for (const one of sums)
			for (const [name, count] of Object.entries(one.during)) during[name] = (during[name] ?? 0) + count;
		return {
			name: 'kills',
			ok: lost.length + problems.length === 0,
			tried: sum('tried'),
			lost: lost.length,
			confirmed: sum('kept'),
			during,
			problems: problems.slice(0, 5),
		};
	} finally {
		built.remove();
	}
}

interface Chain {
	built: Built;
	kills: number;
	seed: number;
	plant: boolean;
}

async function runChain({ built, kills, seed, plant }: Chain): Promise<Sum> {
	const random = createRandom(seed);
	const sum: Sum = { tried: 0, kept: 0, lost: [], problems: [], during: {} };
	let folder = '';
	let kept: Kept[] = [];
	try {
		for (let kill = 0; kill < kills; kill++) {
			// A small store for each hundred kills: how large it is does not matter, and it stays quick.
			if (kill % 100 === 0) {
				if (folder) await judge(sum, folder, kept);
				if (folder) removeFolder(folder);
				folder = temporaryFolder('kills');
				await makeWorkbook(folder);
				kept = [];
			}
			const victim = await killOne({ built, random, folder, plant });
			sum.tried += 1;
			sum.during[victim.doing] = (sum.during[victim.doing] ?? 0) + 1;
			kept.push(...victim.kept);
			sum.kept += victim.kept.length;
			for (const { step, code } of victim.refused) sum.problems.push(`${step} was refused: ${code}`);
			await judge(sum, folder, kept.slice(-RECENT));
			if (sum.lost.length + sum.problems.length > 20) break;
		}
		await judge(sum, folder, kept);
	} finally {
		removeFolder(folder);
	}
	return sum;
}

async function judge(sum: Sum, folder: string, kept: readonly Kept[]): Promise<void> {
	const { lost, problems } = await checkWorkbook(folder, kept);
	sum.lost.push(...lost.filter((one) => !sum.lost.includes(one)));
	sum.problems.push(...problems);
}

interface Kill {
	built: Built;
	random: Random;
	folder: string;
	plant: boolean;
}

async function killOne({ built, random, folder, plant }: Kill): Promise<Victim> {
	const atPoint = random.chance(0.25)
		? `${random.pick(['edit:before', 'edit:after'])}:${1 + random.int(12)}`
		: undefined;
	// Some only do what is rare, so that the rare is hit too.
	const work = random.chance(0.3) ? random.pick(['key', 'lock', 'backup', 'import,file', 'edit,restore']) : undefined;
	const victim = new Victim(built, {
		...{ folder, seed: random.int(2 ** 31), crashAt: atPoint },
		...(work ? { work } : {}),
		...(plant ? { plant: 'late-commit' } : {}),
	});
	// One in ten dies while it starts, over what the last one left.
	if (random.chance(0.1)) await sleep(random.int(250));
	else {
		await victim.ready();
		await sleep(random.int(random.chance(0.3) ? 25 : 160));
	}
	await victim.kill();
	return victim;
}
